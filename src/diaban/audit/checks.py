"""What must hold of the log."""

from collections.abc import Iterator

from diaban.audit.services import broken_at, lost_at_the_end
from diaban.core.checks import Check


def _chain() -> Iterator[str]:
    number = broken_at()
    if number is not None:
        yield f"Dòng nhật ký số {number} không khớp với dòng trước nó: đã bị sửa hoặc mất dòng."


def _end() -> Iterator[str]:
    lost = lost_at_the_end()
    if lost:
        yield f"Số dòng nhật ký đã ghi và số dòng hiện có lệch nhau {lost}: dòng đã bị xóa."


CHECKS = (
    Check("audit_chain", "Nhật ký liền mạch, không dòng nào bị sửa hay mất.", _chain),
    Check("audit_end", "Không dòng nhật ký mới nhất nào bị xóa.", _end),
)
