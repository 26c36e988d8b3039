"""`diaban remind`: the morning's mail to everybody who owes something."""

import json
from datetime import datetime
from pathlib import Path
from typing import ClassVar

import click

from diaban.cli.environment import django_ready, progress
from diaban.core.errors import DomainError
from diaban.core.periods import HO_CHI_MINH, local_day


class BadMoment(DomainError):
    """The moment that was asked for cannot be read."""

    code: ClassVar[str] = "remind_bad_moment"


@click.command("remind")
@click.option(
    "--at",
    "moment",
    metavar="NĂM-THÁNG-NGÀYTGIỜ:PHÚT",
    help="Coi lúc này là bây giờ (mặc định: đồng hồ máy, giờ Việt Nam).",
)
@click.option(
    "--spool",
    type=click.Path(file_okay=False, path_type=Path),
    help="Ghi mỗi thư thành một tệp .eml vào thư mục này, không gửi.",
)
@click.option("--now", "anyway", is_flag=True, help="Gửi cả ngoài giờ (18 giờ–7 giờ, Chủ nhật).")
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
def command(moment: str | None, spool: Path | None, anyway: bool, as_json: bool) -> None:
    """Gửi thư tổng hợp mỗi sáng: việc sắp đến hạn, quá hạn, im lặng. Chạy lại không gửi lại."""
    at = _moment(moment)
    django_ready()
    from diaban.plans import digests
    from diaban.plans.reorganisation import follow_successors

    # Once a day is often enough for successors that begin today and the next reports to come.
    follow_successors(local_day(at))
    if digests.is_quiet(at) and not anyway:
        progress(
            f"{at:%H:%M} ngày {at:%d/%m/%Y} là ngoài giờ (18 giờ–7 giờ, Chủ nhật): chưa gửi thư "
            "nào. Chạy lại trong giờ làm việc, hoặc thêm --now."
        )
        return
    written = digests.write_digests(at)
    deliver = digests.into_spool(spool) if spool else digests.by_mail()
    done = digests.deliver_digests(at, deliver, repeatable=spool is not None)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "written": written,
                    "sent": done.sent,
                    "sent_before": done.before,
                    "failed": list(done.failed),
                    "doubtful": list(done.doubtful),
                },
                ensure_ascii=False,
            )
        )
    else:
        progress(f"Soạn {written} thư, gửi {done.sent}; đã gửi từ trước {done.before}.")
    for address in done.failed:
        progress(f"Chưa gửi được thư tới {address}: máy chủ thư không nhận. Chạy lại lệnh này sau.")
    for address in done.doubtful:
        progress(
            f"Không rõ thư tới {address} đã đi chưa (lần trước bị ngắt giữa chừng): không gửi lại. "
            "Tra nhật ký máy chủ thư."
        )


def _moment(text: str | None) -> datetime:
    if text is None:
        return datetime.now(HO_CHI_MINH)
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadMoment(
            f"“{text}” không phải thời điểm. Gõ như 2026-11-18T07:30.", given=text
        ) from error
    return at.replace(tzinfo=HO_CHI_MINH) if at.tzinfo is None else at.astimezone(HO_CHI_MINH)
