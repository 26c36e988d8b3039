"""
The `diaban` command: people and scripts at a terminal.

Data goes to standard output, everything else to standard error. Exit codes: 0 done, 1 done and
something does not hold, 2 bad usage or bad input, with one sentence.
"""

import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from importlib import import_module

import click

from diaban import __version__
from diaban.cli.language import (
    VietnameseFormatter,
    english_wanted,
    in_english,
    language_first,
    usage_sentence,
)
from diaban.core.english import english_sentence
from diaban.core.errors import DomainError

# In the order of the line that the data walks. Loaded only when asked for: `diaban period`
# must not pay for Django, nor `diaban read` for arrays.
COMMANDS = (
    "read",
    "assess",
    "period",
    "areas",
    "agencies",
    "returns",
    "totals",
    "demo",
    "serve",
    "remind",
    "check",
)


class DiabanGroup(click.Group):
    """A group that loads a command at its first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"diaban.cli.{cmd_name}").command
        return in_english(command, cmd_name) if english_wanted() else command


@click.group(cls=DiabanGroup)
@click.version_option(__version__, prog_name="diaban", message="%(prog)s %(version)s")
@click.option(
    "--lang",
    type=click.Choice(["vi", "en"]),
    default="vi",
    expose_value=False,
    help="Ngôn ngữ của hướng dẫn và thông báo.",
)
def group() -> None:
    """Điều hành chương trình phòng, chống ma túy của địa bàn."""


def main(arguments: Sequence[str] | None = None) -> None:
    """
    Run the command line and exit: 0 done, 1 something does not hold, 2 bad usage or input.

    A refusal is one sentence on standard error, never a stack trace.
    """
    english = english_wanted(arguments)
    if english:
        in_english(group, "diaban")
    else:
        click.Context.formatter_class = VietnameseFormatter
    sys.exit(_run(arguments, english))


def _run(arguments: Sequence[str] | None, english: bool) -> int:
    try:
        code = group.main(
            args=language_first(arguments),
            prog_name="diaban",
            standalone_mode=False,
        )
    except DomainError as refusal:
        if english:
            click.echo(english_sentence(refusal), err=True)
        click.echo(refusal.sentence, err=True)
        return 2
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 2
    except click.UsageError as error:
        click.echo(error.format_message() if english else usage_sentence(error), err=True)
        return 2
    except click.ClickException as error:
        click.echo(error.format_message(), err=True)
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("Đã dừng.", err=True)
        return 130
    except BrokenPipeError:
        # Whoever read the output (`head`) has seen enough; say nothing more to them.
        sys.stderr.close()
        return 0
    except Exception as error:
        if os.environ.get("DIABAN_DEBUG") == "1":
            raise
        if full_disk(error, english=english):
            return 2
        click.echo(
            f"Chương trình gặp lỗi không lường trước nên đã dừng; không có gì bị ghi dở. "
            f"Chi tiết ở {_kept_trace()}, hãy gửi tệp này cho người hỗ trợ.",
            err=True,
        )
        return 70
    return code if isinstance(code, int) else 0


def full_disk(error: Exception, *, english: bool = False) -> bool:
    """Say so when an error came of a full disk; Django is there if anything of it was used."""
    if "django.db" in sys.modules or isinstance(error, OSError):
        from diaban.storage.full import refusal_of

        refusal = refusal_of(error)
        if isinstance(refusal, DomainError):
            if english:
                click.echo(english_sentence(refusal), err=True)
            click.echo(refusal.sentence, err=True)
            return True
    return False


def _kept_trace() -> str:
    """Write the trace of a bug to a file that only this person can read; return its path."""
    with tempfile.NamedTemporaryFile(
        "w", prefix="diaban-loi-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        file.write(traceback.format_exc())
    return file.name
