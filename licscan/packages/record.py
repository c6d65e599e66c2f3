"""The RECORD of an installed Python distribution: its files with their hashes (PEP 376, PEP 427)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

MAX_RECORD = 16 * 1024 * 1024
MAX_FILES = 100_000


@dataclass(frozen=True, slots=True)
class Recorded:
    """One file, by its path from the folder of the installed packages; `digest` is base64 for URLs, without `=`."""

    path: str
    algorithm: str = ""
    digest: str = ""
    size: int | None = None


def read_record(path: str) -> tuple[Recorded, ...] | None:
    """The files inside that folder; None where there is no RECORD that can be read."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
            return tuple(_rows(file.read(MAX_RECORD)))
    except (OSError, csv.Error, ValueError):
        return None


def recorded_in(text: str) -> tuple[Recorded, ...]:
    """The files that the text of a RECORD names; those up to what cannot be read."""
    found: list[Recorded] = []
    with suppress(csv.Error, ValueError):
        found.extend(_rows(text[:MAX_RECORD]))
    return tuple(found)


def _rows(text: str) -> Iterator[Recorded]:
    for number, row in enumerate(csv.reader(text.splitlines())):
        if number >= MAX_FILES:
            return
        name = row[0].replace("\\", "/") if row else ""
        if not name or name.startswith("/") or ".." in name.split("/") or "\0" in name:
            continue
        algorithm, _sign, digest = row[1].partition("=") if len(row) > 1 else ("", "", "")
        size = int(row[2]) if len(row) > 2 and row[2].isascii() and row[2].isdigit() and len(row[2]) < 19 else None
        yield Recorded(name, algorithm, digest, size)
