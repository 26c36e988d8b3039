"""
The two languages of the command line: Vietnamese, and English with `--lang en`.

Commands are written with Vietnamese help; the English twin of each stands here, and the few
words that the command library itself prints stand here in Vietnamese.
"""

import os
import re
import sys
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

import click

# Path of a command -> its help in English; below it the help of its options, by name.
ENGLISH: dict[str, str] = {
    "diaban": "Run a locality's drug-prevention programme.",
    "diaban.lang": "Language of help and messages.",
    "read": "Read a plan document and print what it obliges whom to do.",
    "read.as_json": "Print JSON.",
    "read.as_text": "Print the text that spans refer to.",
    "assess": "Assess areas against a criteria set, from a table of indicator values.",
    "assess.data": "Table of values (CSV or XLSX).",
    "assess.period": "Only this period.",
    "assess.area": "Only this area.",
    "assess.reading": "Reading of the bands of Decision 28/2025.",
    "assess.sets": "Folder with criteria sets of one's own.",
    "assess.as_json": "Print JSON.",
    "period": "Print the reporting windows that a date falls into.",
    "period.as_json": "Print JSON.",
    "areas": "Look up administrative units and their history.",
    "areas.find": "Find units by name, with or without marks, of one day or of all times.",
    "areas.find.day": "The day; without it, of all times.",
    "areas.find.level": "Only units of this level.",
    "areas.find.as_json": "Print JSON.",
    "areas.became": "Say what the unit of a code became.",
    "areas.became.day": "Until this day (default: today).",
    "areas.became.as_json": "Print JSON.",
    "areas.was": "Say what the unit of a code was made of.",
    "areas.was.as_json": "Print JSON.",
    "areas.count": "Count the units of a day.",
    "areas.count.day": "The day (default: today).",
    "areas.count.as_json": "Print JSON.",
    "areas.change": "Carry out a reorganisation from a TOML or CSV file; by default only look.",
    "areas.change.day": "Effective day (CSV).",
    "areas.change.basis": "Legal basis (CSV).",
    "areas.change.user": "Act with the rights of this account.",
    "areas.import": "Bring the map to a complete list of units (CSV).",
    "areas.import.day": "Effective day.",
    "areas.import.basis": "Legal basis.",
    "areas.import.publish": "Publish; without it, only look.",
    "areas.import.user": "Act with the rights of this account.",
    "areas.export": "Print the units of a day as CSV.",
    "areas.export.day": "The day (default: today).",
    "areas.export.hamlets": "With hamlets.",
    "areas.diff": "Compare a list of units with the map.",
    "areas.diff.day": "With the map of this day.",
    "areas.diff.as_json": "Print JSON.",
    "areas.load-boundaries": "Load outlines of units from a TopoJSON file.",
    "areas.load-boundaries.day": "For the map of this day (default: today).",
    "areas.load-boundaries.user": "Act with the rights of this account.",
    "areas.groups": "Groups of units with days and a legal basis.",
    "areas.groups.list": "List groups and how many units each has.",
    "areas.groups.list.code": "Only those of this province or commune.",
    "areas.groups.list.day": "The day (default: today).",
    "areas.groups.list.as_json": "Print JSON.",
    "areas.groups.list.user": "Act with the rights of this account.",
    "areas.groups.show": "Print the members of a group as CSV.",
    "areas.groups.show.code": "Of this province or commune.",
    "areas.groups.show.day": "The day (default: today).",
    "areas.groups.show.history": "Of all times.",
    "areas.groups.show.as_json": "Print JSON.",
    "areas.groups.show.user": "Act with the rights of this account.",
    "areas.groups.add": "Make a group without members.",
    "areas.groups.add.code": "Province or commune whose units it takes together.",
    "areas.groups.add.kind": "Kind of group.",
    "areas.groups.add.level": "Level of its members.",
    "areas.groups.add.year": "Year of focus areas.",
    "areas.groups.add.user": "Act with the rights of this account.",
    "areas.groups.import": "Add the units of a CSV or XLSX table to a group, all or none.",
    "areas.groups.import.code": "Of this province or commune.",
    "areas.groups.import.day": "First day, for rows without one (default: today).",
    "areas.groups.import.basis": "Legal basis, for rows without one.",
    "areas.groups.import.user": "Act with the rights of this account.",
    "areas.trees": "Other hierarchies: border-guard posts and the communes in their charge.",
    "areas.trees.list": "List the hierarchies of a day.",
    "areas.trees.list.day": "The day (default: today).",
    "areas.trees.list.as_json": "Print JSON.",
    "areas.trees.show": "Print bodies and communes of a hierarchy.",
    "areas.trees.show.day": "The day (default: today).",
    "areas.trees.show.as_json": "Print JSON.",
    "areas.trees.of": "Say who is in charge of a commune.",
    "areas.trees.of.day": "The day (default: today).",
    "areas.trees.load": "Load the list of a hierarchy (TOML).",
    "areas.trees.load.user": "Act with the rights of this account.",
    "agencies": "Bodies: their names over time and who took their work over.",
    "agencies.list": "List the bodies of an area.",
    "agencies.list.code": "Code of the area.",
    "agencies.list.day": "With the names of this day (default: today).",
    "agencies.list.as_json": "Print JSON.",
    "agencies.list.user": "Act with the rights of this account.",
    "agencies.rename": "Give a body another name from a day on.",
    "agencies.rename.day": "First day of the name.",
    "agencies.rename.short": "Short name.",
    "agencies.rename.basis": "Legal basis.",
    "agencies.rename.user": "Act with the rights of this account.",
    "agencies.pass-on": "End a body and say who took its work over.",
    "agencies.pass-on.heirs": "NUMBER or NUMBER=field of work; may be repeated.",
    "agencies.pass-on.day": "First day on which it is no more.",
    "agencies.pass-on.basis": "Legal basis.",
    "agencies.pass-on.user": "Act with the rights of this account.",
    "agencies.apply": "Link the bodies that the built-in table of 2025 says passed their work on.",
    "agencies.apply.code": "Code of the area.",
    "agencies.apply.user": "Act with the rights of this account.",
    "returns": "Returns as workbooks and as JSON.",
    "returns.template": "Write a workbook to fill.",
    "returns.import": "Take filled workbooks in.",
    "returns.show": "Print a return.",
    "totals": "Print the kept totals of an area.",
    "demo": "Fill the database with an invented province.",
    "demo.seed": "Number from which everything is drawn; the same number gives the same data.",
    "demo.small": "A small province, for a quick look.",
    "demo.day": "Take this day for today.",
    "demo.if_empty": "Do nothing, and no error, where there is data already.",
    "totals.area": "Code of a province or commune; VN is the nation.",
    "totals.period": "Month, for example 2026-11.",
    "totals.view": "As reported then (default), or on today's map.",
    "totals.as_csv": "Print CSV.",
    "totals.workbook": "Write a workbook.",
    "totals.user": "Act with the rights of this account.",
    "totals.as_json": "Print JSON.",
    "serve": "Serve the pages.",
    "serve.host": "Address to listen on.",
    "serve.port": "Port to listen on.",
    "check": "Check the database: integrity, roll-up proof, audit chain.",
    "check.as_json": "Print JSON.",
}

_QUOTED: Final = re.compile(r"""(['"])(.*)\1""")


def english_wanted(arguments: Sequence[str] | None = None) -> bool:
    """Return whether `--lang en` (or DIABAN_LANG=en) was given."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for here, after in pairwise([*given, ""]):
        if here == "--lang=en" or (here == "--lang" and after == "en"):
            return True
        if here == "--lang=vi" or (here == "--lang" and after == "vi"):
            return False
    return os.environ.get("DIABAN_LANG") == "en"


def language_first(arguments: Sequence[str] | None = None) -> list[str]:
    """Return the command line with `--lang` before the command, wherever it was written."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    end = given.index("--") if "--" in given else len(given)
    language: list[str] = []
    rest: list[str] = []
    words = iter(given[:end])
    for word in words:
        if word == "--lang":
            language = [word, *([value] if (value := next(words, None)) is not None else [])]
        elif word.startswith("--lang="):
            language = [word]
        else:
            rest.append(word)
    return [*language, *rest, *given[end:]]


def in_english(command: click.Command, path: str) -> click.Command:
    """Return `command` with its help, and that of its options, in English where known."""
    command.help = ENGLISH.get(path, command.help)
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            known = ENGLISH.get(f"{path}.{parameter.name}")
            parameter.help = known or parameter.help
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            in_english(below, f"{path}.{name}")
    return command


def usage_sentence(error: click.UsageError) -> str:
    """Return one Vietnamese sentence for a wrong command line."""
    command = error.ctx.command_path if error.ctx else "diaban"
    more = f"Xem: {command} --help"
    if isinstance(error, click.NoSuchOption):
        return f"Không có tùy chọn {error.option_name}. {more}"
    if isinstance(error, click.MissingParameter):
        parameter = error.param
        name = parameter.make_metavar(error.ctx) if parameter and error.ctx else error.param_hint
        if isinstance(parameter, click.Option):
            name = "/".join(parameter.opts)
        return f"Thiếu {name}. {more}"
    if isinstance(error, click.BadParameter):
        parameter = error.param
        name = "/".join(parameter.opts) if parameter else str(error.param_hint)
        kind = parameter.type if parameter else None
        if isinstance(kind, click.Choice):
            return f"Giá trị của {name} phải là một trong: {', '.join(kind.choices)}. {more}"
        if isinstance(kind, click.Path):
            # The library hands on the name that was typed within its own sentence only.
            typed = _QUOTED.search(error.message)
            file = f"“{typed[2]}”" if typed else f"đã ghi ở {name}"
            return f"Không mở được tệp {file}. Kiểm tra tên tệp và quyền đọc. {more}"
        return f"Giá trị của {name} không đúng. {more}"
    if "No such command" in error.message:
        return f"Không có lệnh này. {more}"
    if "unexpected extra argument" in error.message:
        return f"Thừa tham số. {more}"
    return f"Dòng lệnh chưa đúng ({error.message}). {more}"


class VietnameseFormatter(click.HelpFormatter):
    """Help with Vietnamese headings."""

    HEADINGS = {"Options": "Tùy chọn", "Commands": "Các lệnh", "Arguments": "Tham số"}

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, "Cách dùng: " if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        super().write_heading(self.HEADINGS.get(heading, heading))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        said = [
            (
                name,
                {
                    "Show this message and exit.": "Hiện hướng dẫn này.",
                    "Show the version and exit.": "Hiện phiên bản.",
                }.get(text, text),
            )
            for name, text in rows
        ]
        super().write_dl(said, col_max, col_spacing)
