"""Lists of bundled work inside license texts, in the manner of Debian's copyright files: Name, Files, License."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

MAX_SECTIONS = 500
_FIELD = re.compile(r"^(Name|Files|License):[ \t]*(\S[^\r\n]{0,299})", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Section:
    """What a license text says of the files of one work; `line` is that of its name."""

    name: str
    files: tuple[str, ...]
    license: str
    line: int

    def covers(self, path: str) -> bool:
        """Whether a file is one of these; `*.so` means `.so.5` too."""
        return any(fnmatchcase(path, glob) or fnmatchcase(path, f"{glob}.*") for glob in self.files)


def sections_of(text: str) -> Iterator[Section]:
    """The sections that name files; a field that comes again begins the next one."""
    told: dict[str, str] = {}
    start = 0
    for count, match in enumerate(_FIELD.finditer(text)):
        if count > 3 * MAX_SECTIONS:
            return
        field, value = match[1], match[2].strip()
        if field == "Name":
            told, start = {}, text.count("\n", 0, match.start()) + 1
        told[field] = value
        if field == "License" and "Name" in told and "Files" in told:
            globs = tuple(glob for glob in re.split(r"[,\s]+", told["Files"]) if glob)
            yield Section(told["Name"], globs, value, start)
            told = {}
