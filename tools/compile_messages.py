"""
Compile every `django.po` of the pages into the `django.mo` that Django reads.

    python tools/compile_messages.py

Part of setting up: Django's own `compilemessages` calls GNU msgfmt, which a fresh machine lacks.
The .mo files are made here, are not committed, and go into a wheel that is built afterwards.
Entries that are fuzzy or empty are left out, so that the Vietnamese text stands in their place.
"""

import ast
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

LOCALES = Path(__file__).resolve().parents[1] / "src" / "diaban" / "web" / "locale"
MAGIC = 0x950412DE  # of the GNU gettext format, "The Format of GNU MO Files"
Entry = dict[str, str]


def entries(text: str) -> Iterator[Entry]:
    """
    Yield the entries of a .po file: keyword (`msgid`, `msgstr`, `msgstr[0]`) to its whole text.

    Raises ValueError with the line number for a line that is neither keyword, text nor comment.
    """
    entry: Entry = {}
    keyword = ""
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        line = line.strip()
        if line.startswith("#,") and "fuzzy" in line:
            entry["fuzzy"] = "yes"
        elif line.startswith("#"):
            continue
        elif not line:
            if "msgid" in entry:
                yield entry
                entry = {}
        elif line.startswith('"'):
            entry[keyword] += _text(line, number)
        elif line.startswith("msg"):
            keyword, _space, quoted = line.partition(" ")
            if keyword in entry:
                # Two texts run together; taken as one, the first would be lost in silence.
                raise ValueError(f"line {number}: an empty line is missing before {line}")
            entry[keyword] = _text(quoted, number)
        else:
            raise ValueError(f"line {number}: {line}")


def _text(quoted: str, number: int) -> str:
    try:
        return str(ast.literal_eval(quoted))
    except SyntaxError as fault:
        raise ValueError(f"line {number}: {quoted}") from fault


def catalogue(text: str) -> dict[str, str]:
    """Return what a .mo file holds: key (context, text, plural) to translation, none empty."""
    found = {}
    for entry in entries(text):
        key = entry["msgid"]
        if "msgctxt" in entry:
            key = f"{entry['msgctxt']}\x04{key}"
        if "msgid_plural" in entry:
            key = f"{key}\x00{entry['msgid_plural']}"
            forms = [entry[name] for name in sorted(entry) if name.startswith("msgstr[")]
            translated = "\x00".join(forms) if all(forms) else ""
        else:
            translated = entry["msgstr"]
        if translated and "fuzzy" not in entry:
            found[key] = translated
    return found


def compiled(messages: dict[str, str]) -> bytes:
    """Return the .mo file: header, two tables of lengths and offsets, then the texts."""
    pairs = sorted((key.encode(), text.encode()) for key, text in messages.items())
    start = 28 + 16 * len(pairs)
    tables: list[bytes] = []
    texts = b""
    for column in (0, 1):
        for pair in pairs:
            tables.append(struct.pack("<II", len(pair[column]), start + len(texts)))
            texts += pair[column] + b"\x00"
    header = struct.pack("<7I", MAGIC, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return header + b"".join(tables) + texts


def main() -> int:
    """Compile all catalogues."""
    for source in sorted(LOCALES.glob("*/LC_MESSAGES/*.po")):
        try:
            messages = catalogue(source.read_text(encoding="utf-8"))
        except ValueError as fault:
            print(f"{source}: {fault}", file=sys.stderr)
            return 2
        source.with_suffix(".mo").write_bytes(compiled(messages))
        print(f"{source.with_suffix('.mo').name} ({source.parts[-3]}): {len(messages)} messages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
