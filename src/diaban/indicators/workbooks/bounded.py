"""Reading workbooks in a process of their own, bounded in time, memory and size."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Final, Self

from diaban.core.errors import DomainError
from diaban.indicators.workbooks import contents

LARGEST_FILE: Final = 4 * 1024 * 1024
_SCRIPT: Final = Path(contents.__file__)

Sheets = Mapping[str, list[list[str]]]


class UnreadableWorkbook(DomainError):
    """
    A file that is not read: not a workbook, too large, locked, with macros or formulas.

    Facts: `problem`, one of not_a_workbook, old_format, password, macros, formula, too_large,
    too_slow, broken; for `formula` also `cells`, where they stand (sheet and address), and
    `sheets`, what the workbook holds.
    """

    code: ClassVar[str] = "unreadable_workbook"


class Reader:
    """
    Reads one workbook after the other in one process beside this one.

    A file that uses up its time or memory takes that process with it; the next file gets a new
    one. Use as a context: the process ends with it.
    """

    def __init__(self, wanted: Sequence[str] = ()) -> None:
        """With `wanted` only the sheets of those names are read."""
        self._wanted = tuple(wanted)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def read(self, data: bytes) -> Sheets:
        """
        Return the cells of the sheets as text.

        Raises:
            UnreadableWorkbook: the sentence says why and what to do.
        """
        if len(data) > LARGEST_FILE:
            raise UnreadableWorkbook(
                f"Tệp lớn {len(data) >> 20} MB, quá mức {LARGEST_FILE >> 20} MB của một biểu. "
                "Hãy dùng tệp mẫu và chỉ điền các ô trắng.",
                problem="too_large",
            )
        told = self._ask(data)
        if told is None:
            self._end()
            raise UnreadableWorkbook(
                "Tệp cần quá nhiều thời gian hoặc bộ nhớ để mở nên không nhận. "
                "Hãy dùng tệp mẫu và chỉ điền các ô trắng.",
                problem="too_slow",
            )
        answer = contents.unpacked(told.decode())
        if isinstance(answer, contents.Refused):
            more = {} if answer.sheets is None else {"cells": answer.cells, "sheets": answer.sheets}
            raise UnreadableWorkbook(answer.sentence, problem=answer.problem, **more)
        return answer

    def _ask(self, data: bytes) -> bytes | None:
        process = self._running()
        if process.stdin is None or process.stdout is None:
            return None
        try:
            contents.send(process.stdin.fileno(), data)
            return contents.received(process.stdout.fileno(), contents.WALL_SECONDS)
        except BrokenPipeError:
            return None

    @property
    def pid(self) -> int | None:
        """The number of the process beside this one, None before the first file."""
        return None if self._process is None else self._process.pid

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            # Isolated: neither the environment nor the folder decides what it imports.
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-I", str(_SCRIPT), *self._wanted],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
            )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue
        process.wait()
