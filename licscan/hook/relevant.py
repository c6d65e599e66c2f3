"""Which of the changed files say something of licenses; by their names alone, since most commits end here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import partial

from licscan.model.endings import endings
from licscan.model.media import MediaKind
from licscan.vcs.git import MODULE, REGULAR, Change

FONTS = endings(MediaKind.FONT)
MEDIA = endings(MediaKind.IMAGE, MediaKind.SVG, MediaKind.AUDIO, MediaKind.VIDEO)
SETTINGS = "licscan.toml"
_PACKAGES = re.compile(
    r"(?i)lock|shrinkwrap|package\.json|pyproject\.toml|setup\.(?:cfg|py)|pipfile|require|environment|conda"
)
"""One look that rejects nearly every name; `resolve.formats` has the last word."""
_TEXTS = re.compile(
    r"(?i)licen[sc]|copying|copyright|copyleft|eula|patents|notice|third.?part|3rd.?part|^(?:[al]?gpl|mpl|ofl)\b"
)
_VENDORED = re.compile(
    r"(?i)(?:^|/)(?:vendor(?:ed|s)?|third[-_. ]?part(?:y|ies)|3rd[-_. ]?party|extern(?:al)?s?"
    r"|bower_components|node_modules)/"
    r"|\.min\.(?:js|css)$"
)
_SOURCE = re.compile(
    r"(?i)\.(?:[cm]?[jt]sx?|py|pyx|cc?|cpp|cxx|h|hpp|hh|rs|go|java|kt|swift|m|mm|php|rb|css|scss|less|lua|sh|vue|dart)$"
)


CODE = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".py", ".pyi", ".pyx")


@dataclass(slots=True)
class Relevant:
    """The changes by what they are: packages, license texts, other people's files, fonts, media, submodules.

    `code` is program text, those of other people's files too, that may be a copy.
    """

    packages: list[Change] = field(default_factory=list)
    texts: list[Change] = field(default_factory=list)
    vendored: list[Change] = field(default_factory=list)
    fonts: list[Change] = field(default_factory=list)
    media: list[Change] = field(default_factory=list)
    modules: list[Change] = field(default_factory=list)
    code: list[Change] = field(default_factory=list)
    settings: bool = False

    def __bool__(self) -> bool:
        """Whether something has to be judged."""
        return bool(self.packages or self.texts or self.vendored or self.fonts or self.modules)


def sort_out(changes: Iterable[Change], exclude: Iterable[str] = ()) -> Relevant:
    """The changes that matter, without what a glob of `exclude` matches."""
    found = Relevant()
    globs = tuple(exclude)
    for change in changes:
        if not any(map(partial(fnmatchcase, change.path), globs)):
            _sort(change, found)
    return found


def _sort(change: Change, found: Relevant) -> None:
    path = change.path
    name = path[path.rfind("/") + 1 :]
    lower = name.lower()
    if change.after == REGULAR and lower.endswith(CODE):
        found.code.append(change)
    if MODULE in (change.before, change.after):
        found.modules.append(change)
    elif path == SETTINGS:
        found.settings = True
    elif _is_packages(path, name):
        found.packages.append(change)
    elif _TEXTS.search(name) and _kind(name) in ("license", "notice"):
        found.texts.append(change)
    elif change.after == REGULAR and lower.endswith(FONTS):
        found.fonts.append(change)
    elif change.after == REGULAR and change.before == 0 and lower.endswith(MEDIA):
        found.media.append(change)
    elif change.after == REGULAR and _VENDORED.search(path) and _SOURCE.search(name):
        found.vendored.append(change)


def _is_packages(path: str, name: str) -> bool:
    if not _PACKAGES.search(path if name.endswith((".txt", ".in")) else name):
        return False
    from licscan.hook.packages import format_at

    return format_at(path) is not None


def _kind(name: str) -> str | None:
    from licscan.packages.filenames import kind_of

    return kind_of(name)
