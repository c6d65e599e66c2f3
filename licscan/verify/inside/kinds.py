"""Which files of an artifact are looked at as what, by their names."""

from __future__ import annotations

import re

from licscan.model.endings import endings
from licscan.model.media import MediaKind

CODE = (".js", ".mjs", ".cjs", ".css", ".bundle", ".jsbundle")
PAGES = (".html", ".htm", ".xhtml")
MEDIA = (".wasm", *endings())
"""Files whose bytes may tell where they are from."""
MATCHED = (".wasm", *endings(generic=True))
"""The same, with endings that other files have, too."""
UNATTRIBUTED = (
    ".wasm", *endings(MediaKind.FONT, MediaKind.AUDIO, MediaKind.VIDEO, MediaKind.MODEL, MediaKind.DATASET),
)  # fmt: skip
"""Files that hardly anybody makes himself: whose they are has to be said."""

_SOUNDS = endings(MediaKind.AUDIO)
_NOTICE = re.compile(
    r"(?i)(?:^|[._ -])(?:un)?(?:licen[cs]e|licen[cs]ing|copying|copyright|notices?|legal|credits?|acknowledge?ments?|"
    r"attributions?|authors|third[._ -]?party|3rd[._ -]?party|oss|open[._ -]?source)[^/]{0,80}$|"
    r"(?:licen[cs]e|notice|copying|thirdparty|3rdparty|acknowledg|attribution)[^/]{0,60}\.(?:txt|md|html?|json|rst|xml|plist)$"
)
_FOLDER = re.compile(r"(?i)(?:^|/)(?:licen[cs]es?|license_files|notices|legal)/[^/]+$")
_STATS = re.compile(r"(?i)(?:^|/)(?:[^/]*(?:meta|stats|manifest|visualizer|bundle|rollup|webpack|chunks)[^/]*)\.json$")
_README = re.compile(r"(?i)^readme[^/]{0,40}$")

STATS_BESIDE = (
    "meta.json", "metafile.json", "esbuild-meta.json", "stats.json", "webpack-stats.json", "manifest.json",
    "build-stats.json", "bundle-stats.json",
)  # fmt: skip
"""Names under which bundlers' accounts are looked for beside an artifact."""


def is_sound(path: str) -> bool:
    """Whether it is called as a sound."""
    return path.lower().endswith(_SOUNDS)


def is_notice(path: str) -> bool:
    """Whether a person would look for notices in it."""
    name = path.rpartition("/")[2]
    if name.lower().endswith((".js", ".mjs", ".cjs", ".ts", ".css", ".map", ".py", ".pyc", ".so", *MEDIA)):
        return False
    return _NOTICE.search(name) is not None or _FOLDER.search(path) is not None


def is_readme(path: str) -> bool:
    """Whether it is a readme."""
    return _README.match(path.rpartition("/")[2]) is not None


def is_stats(path: str) -> bool:
    """Whether a bundler's account may be in it."""
    return _STATS.search(path) is not None
