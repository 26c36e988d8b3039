"""What must hold of the log."""

from collections.abc import Iterator

from diaban.audit.services import broken_at
from diaban.core.checks import Check


def _chain() -> Iterator[str]:
    number = broken_at()
    if number is not None:
        yield f"Dòng nhật ký số {number} không khớp với dòng trước nó: đã bị sửa hoặc mất dòng."


CHECKS = (Check("audit_chain", "Nhật ký liền mạch, không dòng nào bị sửa hay mất.", _chain),)
