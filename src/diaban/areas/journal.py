"""Every row that a reorganisation makes or alters, so that it can be put back exactly."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import ProtectedError

from diaban.core.errors import DomainError

_KEYS_AT_ONCE = 500
_NAMED_AT_MOST = 5

Line = dict[str, Any]


class UndoBlocked(DomainError):
    """
    Something was built on the change since.

    Facts: `rows`, or `obstacles` (`signals.Obstacle`) where a module says more.
    """

    code = "undo_blocked"


class Journal:
    """
    What was done, in order.

    Rows are altered, made and removed through it; `undo` of its lines puts them back. Rows that
    hang on a made row by cascade (places of a version) need no line of their own.
    """

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def made(self, model: type[models.Model], keys: Iterable[int]) -> None:
        """Note rows that were made."""
        self.lines.append({"made": model._meta.label_lower, "keys": sorted(keys)})

    def remove(self, rows: models.QuerySet[Any]) -> None:
        """Delete rows on which nothing hangs, and note what stood in them."""
        names = [field.attname for field in rows.model._meta.concrete_fields]
        stood = list(rows.order_by("pk").values(*names))
        if stood:
            rows.delete()
            self.lines.append({"removed": rows.model._meta.label_lower, "rows": stood})

    def withdraw(self, row: models.Model) -> None:
        """Delete a row that was made here; one that was there before stays."""
        label = row._meta.label_lower
        if any(line.get("made") == label and row.pk in line["keys"] for line in self.lines):
            row.delete()

    def alter(self, row: models.Model, **values: Any) -> None:
        """Give a row new values, and note the old ones."""
        before = {name: getattr(row, name) for name in values}
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
        self.lines.append(
            {"altered": row._meta.label_lower, "key": row.pk, "before": before, "after": values}
        )


def undo(lines: list[Line]) -> None:
    """
    Put everything back, last line first; runs inside the caller's transaction.

    Raises:
        UndoBlocked: a row was altered since, or something hangs on a row that was made.

    An altered row that is gone since needs nothing put back.
    """
    for line in reversed(lines):
        if "made" in line:
            _unmake(apps.get_model(line["made"]), line["keys"])
        elif "removed" in line:
            _write_again(apps.get_model(line["removed"]), line["rows"])
        else:
            _put_back(apps.get_model(line["altered"]), line)


def _unmake(model: type[models.Model], keys: list[int]) -> None:
    try:
        for start in range(0, len(keys), _KEYS_AT_ONCE):
            model._default_manager.filter(pk__in=keys[start : start + _KEYS_AT_ONCE]).delete()
    except ProtectedError as error:
        held = sorted({str(row._meta.label_lower) for row in error.protected_objects})
        named = sorted(f"{row._meta.label_lower} {row}" for row in error.protected_objects)
        raise UndoBlocked(
            "Không hủy được: đã có dữ liệu gắn với đơn vị mới lập theo thay đổi này "
            f"({'; '.join(named[:_NAMED_AT_MOST])}). Hãy chuyển hoặc xóa chúng trước.",
            rows=held,
        ) from error


def _write_again(model: type[models.Model], rows: list[dict[str, Any]]) -> None:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    model._default_manager.bulk_create(
        model(**{name: fields[name].to_python(value) for name, value in row.items()})
        for row in rows
    )


def _put_back(model: type[models.Model], line: Line) -> None:
    # The values of the journal are JSON; the fields turn them into days again.
    # A reference is noted by its key (`area_id`), anything else by its name.
    fields = {
        name: field
        for field in model._meta.concrete_fields
        for name in (field.name, field.attname)
        if name in line["after"]
    }
    expected = {name: field.to_python(line["after"][name]) for name, field in fields.items()}
    before = {name: field.to_python(line["before"][name]) for name, field in fields.items()}
    changed = model._default_manager.filter(pk=line["key"], **expected).update(**before)
    if not changed and model._default_manager.filter(pk=line["key"]).exists():
        raise UndoBlocked(
            "Không hủy được: một dòng dữ liệu đã bị sửa sau khi công bố "
            f"({line['altered']} {line['key']}).",
            rows=[f"{line['altered']}:{line['key']}"],
        )
