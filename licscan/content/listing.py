"""Which of a project's files may be content, by their names; their bytes decide later what they are."""

from __future__ import annotations

import re
from collections.abc import Iterable

from licscan.model.endings import ENDINGS

_BY_ENDING = re.compile(rf"(?i)\.(?:{'|'.join(one for many in ENDINGS.values() for one in many)})$")
_NO_ENDING = re.compile(r"(?:^|/)[^/.]+$")
_ART_FOLDER = re.compile(
    r"(?i)(?:^|/)(?:assets?|static|public|res|resources?|images?|imgs?|pictures?|icons?|fonts?|sounds?|audio|media|emojis?"
    r"|stickers?|avatars?|animations?|lotties?|models?|weights)/"
)
_JSON = re.compile(r"(?i)\.json$")
_JSON_OF_CONTENT = re.compile(r"(?i)(?:lottie|anim|sticker|emoji|loading|effects?|illustration|model)")


def may_be_content(path: str) -> bool:
    """Whether a file is worth a look at its first bytes."""
    if _BY_ENDING.search(path):
        return True
    if _JSON.search(path):
        return _JSON_OF_CONTENT.search(path) is not None
    return _NO_ENDING.search(path) is not None and _ART_FOLDER.search(path) is not None


def content_among(paths: Iterable[str]) -> list[str]:
    """The paths that may be content, in their order."""
    return [path for path in paths if may_be_content(path)]


def is_annotation(path: str) -> bool:
    """Whether a file annotates others."""
    return path.endswith((".license", "/REUSE.toml")) or path in ("REUSE.toml", ".reuse/dep5")
