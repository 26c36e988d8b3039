"""`diaban period`: which reporting windows a day falls in."""

import json

import click

from diaban.core.periods import ADMINISTRATIVE, period_of, read_day


@click.command("period")
@click.argument("day", metavar="NGÀY")
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
def command(day: str, as_json: bool) -> None:
    """
    In các kỳ báo cáo chứa một ngày.

    NGÀY là năm-tháng-ngày (2026-12-15) hoặc một thời điểm đầy đủ; thời điểm ở múi giờ khác
    được đổi về giờ Việt Nam trước.
    """
    on = read_day(day)
    windows = [period_of(on, kind) for kind in ADMINISTRATIVE]
    if as_json:
        answer: dict[str, object] = {"date": on.isoformat()}
        for window in windows:
            answer[window.kind.value] = {
                "label": window.label,
                "start": window.start.isoformat(),
                "end": window.end.isoformat(),
            }
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    click.echo(f"Ngày {on:%d/%m/%Y} thuộc các kỳ báo cáo:")
    for window in windows:
        click.echo(
            f"  {window.title:<24}{window.label:<9}{window.start:%d/%m/%Y}–{window.end:%d/%m/%Y}"
        )


if __name__ == "__main__":
    import sys

    from diaban.cli import main

    main(["period", *sys.argv[1:]])
