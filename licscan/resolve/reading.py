"""One input read: its lot, its record, and one error boundary for all formats."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from licscan.base.errors import InputError, LicscanError
from licscan.base.messages import _
from licscan.base.tree import Tree, folder_of
from licscan.model import InputFile, Problem
from licscan.packages.purls import hide_credentials
from licscan.resolve.builder import Parsed
from licscan.resolve.formats import Format, Role


@dataclass(frozen=True, slots=True)
class Read:
    """One input that was read: the lot of a `Parsed` and the record of its file."""

    path: str
    format: Format
    parsed: Parsed
    input: InputFile

    @property
    def folder(self) -> str:
        """The folder for which this input answers."""
        return folder_of(self.path)


def read_all(tree: Tree, files: Iterable[tuple[str, Format]], problems: list[Problem], label: str = "") -> list[Read]:
    """Every input of a list that can be read; a problem for each that cannot."""
    read = []
    for path, known in files:
        one = read_one(tree, path, known, problems, label)
        if one:
            read.append(one)
    return read


def read_one(tree: Tree, path: str, known: Format, problems: list[Problem], label: str = "") -> Read | None:
    """One input, or None and a problem: whatever one file holds, the rest of the scan stands."""
    shown = label or path
    try:
        digest = None if known.role is Role.TREE else hashlib.sha256(tree.read_bytes(path)).hexdigest()
        parsed = known.parser()(tree, path)
    except LicscanError as error:
        where = hide_credentials(replace_path(error, shown))
        problems.append(Problem("resolve", shown, where, "input-unreadable"))
        return None
    except (Exception, RecursionError) as error:  # a parser's own mistake must not take the scan with it
        message = _("could not be read: licscan failed with {error}; please report it").format(
            error=type(error).__name__
        )
        problems.append(Problem("resolve", shown, message, "input-unreadable"))
        return None
    record = InputFile(shown, known.name, parsed.version, parsed.seen, parsed.understood, digest)
    return Read(path, known, parsed, record)


def replace_path(error: LicscanError, shown: str) -> str:
    """The error's sentence without its path where that is the problem's subject already."""
    if error.path in (None, shown):
        return str(InputError(error.message, path=error.place, remedy=error.remedy))
    return str(error)
