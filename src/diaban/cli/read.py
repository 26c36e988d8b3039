"""`diaban read FILE`: a plan document to structured data."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from diaban.plans.reader.documents import read_document
from diaban.plans.reader.export import to_json


@click.command("read")
@click.argument("file", type=click.Path(allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
@click.option("--text", "as_text", is_flag=True, help="In văn bản mà các vị trí (span) trỏ tới.")
def command(file: str, as_json: bool, as_text: bool) -> None:
    """Đọc một kế hoạch và in ra ai phải làm gì, đến khi nào."""
    data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    reading = read_document(data, "-" if file == "-" else Path(file).name)
    if as_text:
        click.echo(reading.text)
    elif as_json:
        click.echo(json.dumps(to_json(reading), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    from diaban.cli import main

    main(["read", *sys.argv[1:]])
