"""What the reference lists is what the code has, no more and no less."""

import ast
import re
from collections.abc import Iterator

import click
import pytest

from diaban.accounts import rules as accounts
from diaban.cli import COMMANDS, group
from tests.docs.places import REFERENCE, SOURCE, rows, section

BASE = "DomainError"


def _class_definitions() -> dict[str, tuple[set[str], str | None]]:
    """Return, for every class of the product, its bases and the `code` written in its body."""
    found: dict[str, tuple[set[str], str | None]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
                found[f"{path.relative_to(SOURCE)}:{node.name}"] = (bases, _code(node))
    return found


def _code(node: ast.ClassDef) -> str | None:
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            targets, value = statement.targets, statement.value
        elif isinstance(statement, ast.AnnAssign):
            targets, value = [statement.target], statement.value
        else:
            continue
        if any(ast.unparse(target) == "code" for target in targets) and isinstance(
            value, ast.Constant
        ):
            return str(value.value)
    return None


def _refusals() -> dict[str, str | None]:
    """
    Return the code of every class that is a refusal, directly or through another.

    The source is read, not imported, so that a refusal in a module that nothing has loaded
    counts too. A class that only gathers others under one name needs no code and is left out.
    """
    classes = _class_definitions()
    names = {BASE}
    while True:
        more = {key for key, (bases, _) in classes.items() if bases & names}
        grown = names | {key.rpartition(":")[2] for key in more}
        if grown == names:
            gathering = {base for key in more for base in classes[key][0]}
            return {
                key: classes[key][1]
                for key in sorted(more)
                if classes[key][1] or key.rpartition(":")[2] not in gathering
            }
        names = grown


REFUSALS = _refusals()
CODES = sorted({code for code in REFUSALS.values() if code})


def _listed_codes() -> list[str]:
    text = (REFERENCE / "refusals.md").read_text(encoding="utf-8")
    return [row[0].strip("`") for row in rows(text)]


def test_there_are_refusals_to_document():
    assert {"missing", "not_allowed"} <= set(CODES)


@pytest.mark.parametrize("name", sorted(REFUSALS))
def test_every_refusal_has_a_code_of_its_own(name):
    code = REFUSALS[name]

    assert code
    assert [other for other, its in REFUSALS.items() if its == code] == [name]


@pytest.mark.parametrize("code", CODES)
def test_every_refusal_is_documented(code):
    assert _listed_codes().count(code) == 1


def test_no_refusal_is_documented_that_is_gone():
    assert set(_listed_codes()) - set(CODES) == set()


def _commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its path: `read`, `areas`, `areas find`, `areas groups list`."""
    context = click.Context(group)
    for name in COMMANDS:
        command = group.get_command(context, name)
        assert command is not None, name
        yield from _with_those_below(name, command)


def _with_those_below(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from _with_those_below(f"{path} {name}", below)


def test_every_command_and_option_is_documented():
    text = (REFERENCE / "commands.md").read_text(encoding="utf-8")

    lacking = []
    for path, command in _commands():
        told = section(text, f"## `diaban {path}`")
        if not told:
            lacking.append(f"diaban {path}")
        lacking += [
            f"diaban {path} {name}"
            for parameter in command.params
            if isinstance(parameter, click.Option) and not parameter.hidden
            for name in parameter.opts
            if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", told)
        ]

    assert lacking == []


def test_no_command_or_option_is_documented_that_is_gone():
    text = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    known = dict(_commands())

    told = re.findall(r"^## `diaban (.+)`$", text, re.MULTILINE)
    gone = [f"diaban {path}" for path in told if path not in known]
    for path in told:
        options = {
            name
            for parameter in (known[path].params if path in known else [])
            for name in parameter.opts
        }
        listed = {
            row[0].split()[0].strip("`") for row in rows(section(text, f"## `diaban {path}`"))
        }
        gone += [
            f"diaban {path} {name}"
            for name in listed
            if name.startswith("-") and name not in options
        ]

    assert sorted(gone) == []


PERMISSIONS = {
    value
    for name, value in vars(accounts).items()
    if name.isupper() and isinstance(value, str) and re.fullmatch(r"[a-z]+\.[a-z_]+", value)
}


def test_every_permission_is_documented_with_the_roles_that_hold_it():
    text = (REFERENCE / "permissions.md").read_text(encoding="utf-8")
    told = {row[0].strip("`"): row[2] for row in rows(text) if "." in row[0]}
    everybody = set(accounts.Role)

    held = {}
    for permission in PERMISSIONS:
        roles = {
            role
            for role, rights in accounts.RIGHTS.items()
            if permission in {right.action for right in rights}
        }
        held[permission] = (
            "all"
            if roles == everybody
            else ", ".join(f"`{r}`" for r in accounts.Role if r in roles)
        )

    assert told == held


def test_every_role_is_documented_with_its_name_on_the_screen():
    text = (REFERENCE / "permissions.md").read_text(encoding="utf-8")
    told = {row[0].strip("`"): row[1] for row in rows(text) if "." not in row[0]}

    assert told == {role.value: name for role, name in accounts.ROLE_NAMES.items()}


def test_every_setting_is_documented_and_every_documented_one_is_read():
    text = (REFERENCE / "settings.md").read_text(encoding="utf-8")
    read = {
        name
        for path in SOURCE.rglob("*.py")
        for name in re.findall(
            r'(?:environ(?:\.get|\.setdefault)?[(\[]|\b(?:variable|whole_number)\()\s*"(\w+)"',
            path.read_text(encoding="utf-8"),
        )
    }
    told = set(re.findall(r"`((?:DIABAN|DATABASE|DJANGO)_[A-Z_]+)`", text))

    assert told == read
