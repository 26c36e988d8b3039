"""`diaban check`: does everything that must hold hold?"""

import json
import sys

import click

from diaban.cli.environment import django_ready


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
def command(as_json: bool) -> None:
    """Kiểm tra cơ sở dữ liệu: toàn vẹn, cộng dồn, nhật ký."""
    django_ready()
    from diaban.areas.checks import CHECKS as AREAS
    from diaban.audit.checks import CHECKS as AUDIT
    from diaban.core.checks import outcome
    from diaban.indicators.checks import CHECKS as INDICATORS

    found = [outcome(check) for check in (*AREAS, *INDICATORS, *AUDIT)]
    if as_json:
        click.echo(
            json.dumps(
                {
                    "holds": all(one.holds for one in found),
                    "checks": [
                        {
                            "code": one.code,
                            "statement": one.statement,
                            "holds": one.holds,
                            "broken": one.count,
                            "examples": list(one.examples),
                        }
                        for one in found
                    ],
                },
                ensure_ascii=False,
                indent=1,
            )
        )
    else:
        for one in found:
            click.echo(f"{'✓' if one.holds else '✗'} {one.statement}")
            for sentence in one.examples:
                click.echo(f"    {sentence}")
            if one.count > len(one.examples):
                click.echo(f"    … và {one.count - len(one.examples)} chỗ khác")
    sys.exit(0 if all(one.holds for one in found) else 1)
