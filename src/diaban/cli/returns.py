"""`diaban returns`: returns as workbooks, out and in, and as they stand."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from diaban.cli.actors import AS, acting
from diaban.cli.environment import django_ready, progress, write_file

if TYPE_CHECKING:
    from diaban.indicators.imports import Outcome

_FORM = click.option("--form", metavar="MÃ", help="Mã biểu (mặc định: biểu của kỳ).")
_AREA = click.option("--area", required=True, metavar="MÃ", help="Mã xã, phường.")
_PERIOD = click.option("--period", required=True, metavar="KỲ", help="Kỳ báo cáo, ví dụ 2026-11.")
_JSON = click.option("--json", "as_json", is_flag=True, help="In ra JSON.")

# A province has some 100 communes and the nation 3,321; more in one archive is a mistake.
_MOST_FILES = 10_000


@click.group("returns")
def command() -> None:
    """Biểu số liệu của xã: xuất mẫu Excel, nhập tệp đã điền, xem số."""


@command.command("template")
@_AREA
@_PERIOD
@_FORM
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Tệp .xlsx sẽ ghi.",
)
@AS
def template_command(
    area: str, period: str, form: str | None, output: Path, user: str | None
) -> None:
    """Xuất tệp Excel để điền, có sẵn số của kỳ trước."""
    django_ready()
    from django.utils import timezone

    from diaban.indicators.exports import template
    from diaban.indicators.selectors import form_asked_in

    _name, made = template(
        actor=acting(user),
        area_code=area,
        period_label=period,
        form=form or form_asked_in(period),
        at=timezone.now(),
    )
    write_file(output, made)
    progress(f"Đã ghi {output}.")


@command.command("import")
@click.argument("files", nargs=-1, required=True, metavar="TỆP…")
@click.option("--dry-run", is_flag=True, help="Chỉ kiểm tra, không ghi gì.")
@click.option("--submit", is_flag=True, help="Gửi luôn lên cấp trên.")
@click.option("--each", is_flag=True, help="Tệp nào đúng thì nhập tệp ấy.")
@AS
@_JSON
def import_command(
    files: Sequence[str],
    dry_run: bool,
    submit: bool,
    each: bool,
    user: str | None,
    as_json: bool,
) -> None:
    """
    Nhập các tệp Excel đã điền; TỆP có thể là thư mục hoặc tệp ZIP.

    Tất cả hoặc không tệp nào, trừ khi có --each. Dừng giữa chừng (Ctrl+C) rồi chạy lại lệnh cũ
    thì làm tiếp: tệp đã nhập không đổi gì. Tệp bị từ chối có bản ghi lỗi TÊN.loi.xlsx bên cạnh.
    """
    from diaban.cli.workbook_files import count_of, sources_of

    paths = [Path(file) for file in files]
    total = count_of(paths)
    django_ready()
    from django.utils import timezone

    from diaban.indicators.imports import Status, import_workbooks

    def told(number: int, name: str) -> None:
        if total > 1 and (number == 1 or number % 20 == 0 or number == total):
            progress(f"[{number}/{total}] {name}")

    outcomes = import_workbooks(
        actor=acting(user),
        sources=sources_of(paths),
        at=timezone.now(),
        submit=submit,
        each=each,
        dry_run=dry_run,
        progress=told,
        done=None if as_json else (lambda one: _print(one, dry_run)),
    )
    refused = [one for one in outcomes if one.status is Status.REFUSED]
    for one in refused:
        _write_copy(one)
    unsent = any(one.unsent for one in outcomes)
    if as_json:
        click.echo(json.dumps(_as_json(outcomes, dry_run), ensure_ascii=False, indent=1))
    elif not each:
        for one in outcomes:
            _print(one, dry_run)
    sys.exit(1 if refused or unsent else 0)


def _write_copy(one: "Outcome") -> None:
    from diaban.cli.workbook_files import copy_path

    if one.copy is None:
        return
    path = copy_path(one.file)
    try:
        path.write_bytes(one.copy)
    except OSError:
        progress(f"Không ghi được bản có lỗi {path}; kiểm tra quyền ghi và chỗ trống trên đĩa.")


def _as_json(outcomes: "Sequence[Outcome]", dry_run: bool) -> dict[str, Any]:
    files = []
    for one in outcomes:
        told: dict[str, Any] = {
            "file": one.file,
            "status": one.status.value,
            "area": one.area or None,
            "period": one.period or None,
            "changed": one.changed,
            "errors": [
                {
                    "sheet": error.sheet or None,
                    "cell": error.cell or None,
                    "indicator": error.indicator or None,
                    "given": error.given,
                    "message": error.message,
                }
                for error in one.errors
            ],
        }
        if one.receipt:
            told["receipt"] = one.receipt
        if one.note:
            told["note"] = one.note
        if one.unsent:
            told["unsent"] = True
        files.append(told)
    counts = {
        word: sum(1 for one in outcomes if one.status == word)
        for word in ("imported", "unchanged", "refused")
    }
    return {"files": files, **counts, "dry_run": dry_run}


def _print(one: "Outcome", dry_run: bool) -> None:
    words = {"imported": "đã nhập", "unchanged": "không đổi", "refused": "từ chối"}
    if dry_run:
        words["imported"] = "sẽ nhập"
    more = f", {one.changed} ô" if one.changed else ""
    sent = f", biên nhận {one.receipt}" if one.receipt else ""
    note = f". {one.note}" if one.note else ""
    click.echo(f"{one.file}: {words[one.status.value]}{more}{sent}{note}")
    for error in one.errors:
        place = f"{error.sheet} {error.cell}".strip()
        click.echo(f"    {place + ': ' if place else ''}{error.message}")
    # Whoever reads along knows what is kept, whatever happens to this process next.
    sys.stdout.flush()


@command.command("show")
@_AREA
@_PERIOD
@_FORM
@AS
@_JSON
def show_command(area: str, period: str, form: str | None, user: str | None, as_json: bool) -> None:
    """Xem một biểu: trạng thái và từng số."""
    django_ready()
    from django.utils import timezone

    from diaban.indicators.exports import return_shown
    from diaban.indicators.rules.returns import STATE_NAMES, State
    from diaban.indicators.selectors import form_asked_in

    stored = return_shown(
        actor=acting(user),
        area_code=area,
        period_label=period,
        form=form or form_asked_in(period),
        at=timezone.now(),
    )
    begun = bool(stored.revision)
    if as_json:
        document = stored.document
        told = {
            "state": stored.state if begun else None,
            "revision": stored.revision,
            "values": {code: _number(cell) for code, cell in document["values"].items()},
            "hamlets": {
                hamlet: {code: _number(cell) for code, cell in row.items()}
                for hamlet, row in document["hamlets"].items()
            },
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    name = STATE_NAMES[State(stored.state)].lower() if begun else "chưa lập"
    click.echo(f"{stored.area.full_name}, kỳ {stored.period}: {name}, lần lưu {stored.revision}")
    for line in _lines(stored.document):
        click.echo(line)


def _number(cell: object) -> int | float | None:
    """Return a cell as a number; what is not a number yet, or never, is null."""
    from decimal import Decimal

    from diaban.core.numbers import Absence
    from diaban.indicators.rules.entry import decode

    value = decode(cell)  # type: ignore[arg-type]
    if isinstance(value, Absence):
        return None
    return float(value) if isinstance(value, Decimal) else int(value)


def _lines(document: dict[str, Any]) -> Iterator[str]:
    from diaban.indicators.rules.catalogue import builtin_catalogue
    from diaban.indicators.rules.entry import write_cell

    catalogue = builtin_catalogue()
    for hamlet, row in document["hamlets"].items():
        for code, cell in row.items():
            yield f"  {hamlet}  {catalogue[code].name_vi}: {write_cell(cell) or 'thiếu'}"
    for code, cell in document["values"].items():
        yield f"  {catalogue[code].name_vi}: {write_cell(cell) or 'thiếu'}"
