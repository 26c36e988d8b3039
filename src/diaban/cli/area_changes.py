"""`diaban areas change` and its neighbours: bring the map up to date."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import click

from diaban.cli.actors import AS, acting
from diaban.cli.environment import django_ready
from diaban.core.errors import DomainError
from diaban.core.periods import read_day

if TYPE_CHECKING:
    from diaban.areas.models import Change
    from diaban.areas.rules.documents import ChangeFile
    from diaban.areas.rules.operations import Operation

_FILE = click.argument(
    "path", metavar="TỆP", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
_ON = click.option("--on", "day", metavar="NGÀY", help="Ngày hiệu lực, dạng 2026-12-01.")
_BASIS = click.option("--basis", default="", metavar="CĂN CỨ", help="Căn cứ pháp lý.")
_AGAIN = "Chạy lại với --publish để công bố."


class NotAText(DomainError):
    """A file is not UTF-8 text. Facts: `file`."""

    code: ClassVar[str] = "not_a_text"


class NothingToUndo(DomainError):
    """No published change was made from this file. Facts: `file`."""

    code: ClassVar[str] = "nothing_to_undo"


@click.command("change")
@_FILE
@_ON
@_BASIS
@click.option("--publish", "step", flag_value="publish", help="Công bố thay đổi.")
@click.option("--undo", "step", flag_value="undo", help="Hủy thay đổi đã công bố từ tệp này.")
@click.option("--dry-run", "step", flag_value="dry", default=True, help="Chỉ xem (mặc định).")
@AS
def change_command(
    path: Path, day: str | None, basis: str, step: str | None, user: str | None
) -> None:
    """
    Nhập, chia, điều chuyển, đổi tên, giải thể, thành lập đơn vị theo một tệp TOML, CSV hoặc XLSX.

    Không có --publish thì chỉ xem thay đổi đụng tới những gì, không ghi. Tệp CSV, XLSX cần --on và
    --basis.
    """
    django_ready()
    given = _read_change(path, day, basis)
    key = hashlib.sha256(
        f"{given.effective_on} {given.basis} {given.operations}".encode()
    ).hexdigest()[:40]
    if step == "undo":
        _undo(path, key, user)
    else:
        _carry_out(given, key, step == "publish", user)


@click.command("export")
@click.option("--on", "day", metavar="NGÀY", help="Như ngày này.")
@click.option("--hamlets", is_flag=True, help="Kể cả thôn, tổ dân phố.")
def export_command(day: str | None, hamlets: bool) -> None:
    """In danh sách đơn vị của một ngày ra CSV: mã, cấp trên, loại, tên."""
    django_ready()
    from diaban.areas.listing import listing_on
    from diaban.areas.rules.listings import write_listing

    found = listing_on(_today() if day is None else read_day(day), hamlets=hamlets)
    click.echo(write_listing(found.values()), nl=False)


@click.command("diff")
@_FILE
@click.option("--on", "day", metavar="NGÀY", help="So với bản đồ của ngày này.")
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
def diff_command(path: Path, day: str | None, as_json: bool) -> None:
    """So một danh sách đơn vị (CSV) với bản đồ."""
    django_ready()
    from diaban.areas.listing import listing_on
    from diaban.areas.rules.codes import level_of_code
    from diaban.areas.rules.levels import Level
    from diaban.areas.rules.listings import difference, read_listing

    then = read_listing(text_of(path))
    hamlets = any(level_of_code(code) is Level.HAMLET for code in then)
    found = difference(
        listing_on(_today() if day is None else read_day(day), hamlets=hamlets), then
    )
    if as_json:
        told = {
            "added": [one.code for one in found.added],
            "lacking": [one.code for one in found.lacking],
            "renamed": [new.code for _, new in found.renamed],
            "moved": [new.code for _, new in found.moved],
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    lines = [f"+ {one.code} {one.type} {one.name}, thuộc {one.parent}" for one in found.added]
    lines += [f"- {one.code} {one.type} {one.name}" for one in found.lacking]
    lines += [
        f"~ {new.code} {old.type} {old.name} → {new.type} {new.name}" for old, new in found.renamed
    ]
    lines += [f"> {new.code} {new.name}: {old.parent} → {new.parent}" for old, new in found.moved]
    for line in lines:
        click.echo(line)
    if not lines:
        click.echo("Danh sách trùng với bản đồ.", err=True)


@click.command("import")
@_FILE
@_ON
@_BASIS
@click.option("--publish", is_flag=True, help="Công bố; không có thì chỉ xem.")
@AS
def import_command(
    path: Path, day: str | None, basis: str, publish: bool, user: str | None
) -> None:
    """
    Đưa bản đồ về đúng một danh sách đầy đủ (CSV, XLSX): đơn vị mới, tên, loại, cấp trên.

    Danh sách thiếu đơn vị đang có thì bị từ chối: nó không cho biết đơn vị đó đã thành gì.
    """
    django_ready()
    from diaban.areas.change_files import change_of_listing
    from diaban.areas.rules.documents import ChangeFile

    text = text_of(path)
    on_day = _required_day(day)
    operations = change_of_listing(text, on_day)
    if not operations:
        click.echo("Danh sách trùng với bản đồ, không có gì để nhập.", err=True)
        return
    key = hashlib.sha256(f"{on_day} {basis} {text}".encode()).hexdigest()[:40]
    _carry_out(ChangeFile(on_day, basis, operations), key, publish, user)


@click.command("load-boundaries")
@_FILE
@click.option("--on", "day", metavar="NGÀY", help="Cho bản đồ của ngày này (mặc định: hôm nay).")
@click.option(
    "--except",
    "besides",
    metavar="MÃ",
    multiple=True,
    help="Đơn vị không có trong tệp, cùng các đơn vị bên dưới; ghi nhiều lần được.",
)
@AS
def load_boundaries_command(
    path: Path, day: str | None, besides: tuple[str, ...], user: str | None
) -> None:
    """Nạp ranh giới các đơn vị từ tệp TopoJSON của cơ quan có thẩm quyền."""
    django_ready()
    from django.utils import timezone

    from diaban.areas.listing import load_outlines
    from diaban.areas.rules.levels import LEVEL_NAMES
    from diaban.areas.rules.outlines import bad_outlines

    try:
        topology = json.loads(text_of(path))
    except json.JSONDecodeError as error:
        raise bad_outlines([f"tệp không phải JSON (dòng {error.lineno})"]) from error
    counts = load_outlines(
        actor=acting(user),
        topology=topology,
        on=_today() if day is None else read_day(day),
        at=timezone.now(),
        besides=besides,
    )
    for level, count in counts.items():
        click.echo(f"{LEVEL_NAMES[level]}: {count} đơn vị")


def _carry_out(given: "ChangeFile", key: str, publish: bool, user: str | None) -> None:
    from django.utils import timezone

    from diaban.areas.models import Change
    from diaban.areas.reorganising import bad_change, draft_change, preview_change, publish_change

    actor = acting(user)
    # A change that was undone stays undone; the same file again is a new change.
    undone = Change.objects.filter(client_key__startswith=key, state=Change.State.UNDONE).count()
    existing = Change.objects.filter(client_key=f"{key}-{undone}").first()
    if existing is not None and existing.state == Change.State.PUBLISHED:
        click.echo(f"Đã công bố trước đó: {existing}.", err=True)
        return
    preview = preview_change(_proposed(given.effective_on, given.basis, given.operations))
    if preview.problems:
        raise bad_change(preview.problems)
    for effect in preview.effects:
        click.echo(f"  {'!' if effect.blocks else '·'} {effect.sentence}")
    if not publish:
        click.echo(f"Chưa ghi gì. {_AGAIN}", err=True)
        return
    now = timezone.now()
    change = draft_change(
        actor=actor,
        effective_on=given.effective_on,
        basis=given.basis,
        operations=given.operations,
        client_key=f"{key}-{undone}",
        at=now,
    )
    done = publish_change(actor=actor, change_id=change.pk, at=now)
    click.echo(f"Đã công bố: {done}.")


def _undo(path: Path, key: str, user: str | None) -> None:
    from django.utils import timezone

    from diaban.areas.models import Change
    from diaban.areas.reorganising import undo_change

    change = Change.objects.filter(client_key__startswith=key, state=Change.State.PUBLISHED).first()
    if change is None:
        raise NothingToUndo(f"Chưa công bố thay đổi nào từ tệp {path.name}.", file=path.name)
    undo_change(actor=acting(user), change_id=change.pk, at=timezone.now())
    click.echo(f"Đã hủy: {change}.")


def _proposed(day: date, basis: str, operations: "Iterable[Operation]") -> "Change":
    """Return a change that is only looked at and never saved."""
    from diaban.areas.models import Change
    from diaban.areas.rules.documents import operation_as_json

    listed = [operation_as_json(one) for one in operations]
    return Change(effective_on=day, basis=basis, operations=listed)


def _read_change(path: Path, day: str | None, basis: str) -> "ChangeFile":
    from diaban.areas.rules.documents import read_csv_change, read_toml_change

    text = text_of(path)
    if path.suffix.lower() in (".csv", ".xlsx"):
        return read_csv_change(text, _required_day(day), basis)
    return read_toml_change(text)


def _required_day(day: str | None) -> date:
    if day is None:
        raise click.UsageError("Thiếu --on, ngày hiệu lực, ví dụ --on 2026-12-01.")
    return read_day(day)


def text_of(path: Path) -> str:
    """
    Return a text file that somebody named; the first sheet of a workbook as CSV.

    Raises:
        NotAText: it is not UTF-8 text.
        UnreadableWorkbook: it is a workbook that is not read.
    """
    if path.suffix.lower() == ".xlsx":
        from diaban.areas.change_files import as_csv
        from diaban.indicators.workbooks.bounded import Reader

        with Reader() as reader:
            return as_csv(next(iter(reader.read(path.read_bytes()).values()), []))
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise NotAText(
            f"Không đọc được {path.name} dưới dạng văn bản UTF-8. Hãy lưu lại tệp rồi thử lại.",
            file=path.name,
        ) from error


def _today() -> date:
    from django.utils import timezone

    return timezone.localdate()
