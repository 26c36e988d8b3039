"""Reading workbooks in a process of their own, bounded in time, memory and size."""

import os
import select
import struct
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Final, Self, TypeVar

from diaban.core.errors import DomainError
from diaban.indicators.workbooks import contents

LARGEST_FILE: Final = 4 * 1024 * 1024
_SCRIPT: Final = Path(contents.__file__)
_AT_ONCE: Final = 64 * 1024
# So many files, or so many bytes of them, are read while those before them are worked on.
_AHEAD: Final = 8
_ROOM: Final = 512 * 1024
_LENGTH: Final = struct.Struct(">I")

Sheets = Mapping[str, list[list[str]]]
_Source = TypeVar("_Source")


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
    one. Use as a context: the process ends with it. Who has many files tells of the next ones by
    `expect`, so that one process reads while the other works.
    """

    def __init__(self, wanted: Sequence[str] = ()) -> None:
        """With `wanted` only the sheets of those names are read."""
        self._wanted = tuple(wanted)
        self._process: subprocess.Popen[bytes] | None = None
        # Files that `read` will be asked for, how many of the first of them the process was
        # handed, what of those is still to be written, and what it answered so far.
        self._expected: deque[bytes] = deque()
        self._handed = 0
        self._unwritten = bytearray()
        self._answered = bytearray()

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
        while self._expected and self._expected[0] is not data:
            self._answer()
        if not self._expected:
            self.expect(data)
        told = self._answer()
        if told is None:
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

    def expect(self, data: bytes) -> None:
        """Hand a file over that `read` is asked for soon; in the order in which it will be."""
        if len(data) > LARGEST_FILE:
            return
        self._expected.append(data)
        # After a file that ended the process the next ones go one by one.
        if self._handed == len(self._expected) - 1:
            self._hand_over(data)

    def _hand_over(self, data: bytes) -> None:
        if not self._handed and self._process is not None and self._process.poll() is not None:
            self._end()
        self._handed += 1
        self._unwritten += _LENGTH.pack(len(data))
        self._unwritten += data
        self._write(self._running())

    def _answer(self) -> bytes | None:
        """
        Return what is said of the file that is expected first, None when it was given up.

        Answers to several files come together: when none comes, each is asked about by itself.
        """
        if not self._handed:
            self._hand_over(self._expected[0])
        told = self._received(self._running())
        if told is None:
            alone = self._handed == 1
            self._end()
            if not alone:
                return self._answer()
            self._expected.popleft()
            return None
        self._expected.popleft()
        self._handed -= 1
        return told

    def _received(self, process: subprocess.Popen[bytes]) -> bytes | None:
        if process.stdin is None or process.stdout is None:
            return None
        inward, outward, found = process.stdin, process.stdout.fileno(), self._answered
        while True:
            end = _LENGTH.size
            if len(found) >= end:
                end += _LENGTH.unpack_from(found)[0]
                if len(found) >= end:
                    told = bytes(found[_LENGTH.size : end])
                    del found[:end]
                    return told
            # Both at once: the other side may wait for its answer to be read before it reads on.
            writing = [inward.fileno()] if self._unwritten else []
            ready, free, _ = select.select([outward], writing, [], contents.WALL_SECONDS)
            if not ready and not free:
                return None
            if free:
                self._write(process)
            if ready:
                part = os.read(outward, _AT_ONCE)
                if not part:
                    return None
                found += part

    def _write(self, process: subprocess.Popen[bytes]) -> None:
        """Write as much as the other side has room for."""
        left = self._unwritten
        try:
            while left and process.stdin is not None:
                with memoryview(left) as view:
                    count = os.write(process.stdin.fileno(), view[:_AT_ONCE])
                del left[:count]
        except BlockingIOError:
            return
        except BrokenPipeError:
            # It has ended; what it answered before is still to be read.
            left.clear()

    def ahead(
        self, sources: Iterable[_Source], data_of: Callable[[_Source], bytes]
    ) -> Iterator[_Source]:
        """
        Give sources one by one, the next few of them handed over before `read` needs them.

        What getting a source raises is raised when those before it were given.
        """
        coming = iter(sources)
        behind: list[_Source] = []
        while True:
            taken: list[_Source] = []
            failed: Exception | None = None
            size = 0
            while len(taken) < _AHEAD and size < _ROOM:
                try:
                    taken.append(next(coming))
                except StopIteration:
                    break
                except Exception as error:
                    failed = error
                    break
                data = data_of(taken[-1])
                size += len(data)
                self.expect(data)
            yield from behind
            behind = taken
            if failed is not None:
                yield from behind
                raise failed
            if not behind:
                return

    @property
    def pid(self) -> int | None:
        """The number of the process beside this one, None before the first file."""
        return None if self._process is None else self._process.pid

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            # Isolated: neither the environment nor the folder decides what it imports.
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-I", str(_SCRIPT), *self._wanted],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
            )
            if self._process.stdin is not None:
                _widen(self._process.stdin.fileno())
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        self._handed = 0
        self._unwritten.clear()
        self._answered.clear()
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


def _widen(inward: int) -> None:
    """Let several files lie in a pipe, and whoever writes go on when it is full."""
    os.set_blocking(inward, False)
    try:
        import fcntl

        fcntl.fcntl(inward, fcntl.F_SETPIPE_SZ, _ROOM)
    except (ImportError, AttributeError, OSError):
        # Only Linux has it, and only so much of it: without, fewer files are on their way.
        return
