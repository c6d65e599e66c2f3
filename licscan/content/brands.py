"""Which pictures are signs of somebody else, by their names and their neighbors': data/brands.txt.

A brand's name alone proves nothing (`target.svg`, `line.png` are icons): the name, its folder or its neighbors have to
say that these are signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from licscan.base.tables import data_folder

_SIGNS = frozenset(
    {
        "logo", "logos", "logotype", "brand", "brands", "branding", "platform", "platforms", "social", "socials",
        "provider", "providers", "partner", "partners", "vendor", "integration", "integrations", "oauth", "sso",
        "browser", "browsers", "protocol", "protocols", "avatar", "avatars", "bot", "bots", "badge", "badges",
        "trademark", "trademarks", "third", "thirdparty", "connectors", "channels", "plugins", "apps", "services",
    }
)  # fmt: skip
"""Words of a path that say that its pictures stand for somebody."""
_FOREIGN = frozenset(
    {
        "platform", "platforms", "partner", "partners", "client", "clients", "customer", "customers", "vendor",
        "vendors", "provider", "providers", "integration", "integrations", "sponsor", "sponsors",
    }
)  # fmt: skip
_LOGOS = frozenset({"logo", "logos", "brands", "badges"})
_IDLE = frozenset(
    {
        "logo", "logos", "logotype", "icon", "icons", "ic", "img", "image", "pic", "avatar", "avatars", "device",
        "web", "app", "mobile", "desktop", "dark", "light", "white", "black", "color", "colour", "colored", "mono",
        "outline", "filled", "fill", "small", "large", "big", "mini", "round", "square", "circle", "full", "line",
        "bot", "sign", "in", "with", "login", "button", "btn", "share", "social", "brand", "svg", "png", "default",
        "active", "hover", "normal", "new", "the", "of", "official", "px", "x", "bg", "transparent", "horizontal",
        "vertical", "inverse", "alt", "en", "cn", "zh",
    }
)  # fmt: skip
"""Words that do not tell one sign from another."""
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_a-zA-Z]+")
_OWN_ICONS = re.compile(r"(?:^|/)hicolor/[^/]+/apps/")
"""Where a program puts its own icon, after the Icon Theme Specification of freedesktop.org."""
LEAST_ALIKE = 3
"""So many different brands in one folder are a set of signs."""
_LEAST_SHARE = 0.4


@cache
def _brands() -> frozenset[str]:
    text = (data_folder() / "brands.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.split("\n") if line and not line.startswith("#"))


def is_named_after(path: str, own: frozenset[str]) -> bool:
    """Whether a file's name has words of the project's own names alone, beside words that tell nothing."""
    words = {word for word in words_in(path.rpartition("/")[2].partition(".")[0]) if not word.isdigit()}
    return bool(words & own) and words <= own | _IDLE


def words_in(name: str) -> list[str]:
    """The words of a name, lower case: split at signs, at changes of case, and at figures."""
    return [*_words_in(name)]


@lru_cache(maxsize=16_384)
def _words_in(name: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in _WORD.findall(name))


def signs_among(paths: Iterable[str], own: frozenset[str]) -> frozenset[str]:
    """The paths of pictures that are signs of others; `own` are the words of the project's own names."""
    folders: dict[str, dict[str, str]] = {}
    for path in paths:
        folder, _slash, name = path.rpartition("/")
        folders.setdefault(folder, {})[path] = name.partition(".")[0]
    found: set[str] = set()
    for folder, names in folders.items():
        brands = {path: _brand(stem, own) for path, stem in names.items()}
        sure = {path: brand for path, brand in brands.items() if brand}
        stems = {
            frozenset(word for word in words_in(stem) if word not in _IDLE and not word.isdigit())
            for stem in names.values()
        }
        many = len(set(sure.values())) >= LEAST_ALIKE and len(set(sure.values())) >= _LEAST_SHARE * len(stems)
        place = set(words_in(folder.rpartition("/")[2])) | set(words_in(folder.rpartition("/")[0].rpartition("/")[2]))
        if _OWN_ICONS.search(f"{folder}/"):
            place.discard("apps")
        last = set(words_in(folder.rpartition("/")[2]))
        for path, stem in names.items():
            words = set(words_in(stem))
            told = path in sure and (many or bool(_SIGNS & (words | place)))
            gallery = bool(last & _LOGOS) and bool(last & _FOREIGN) and not (words & own and words <= own | _IDLE)
            if told or gallery:
                found.add(path)
    return frozenset(found)


@lru_cache(maxsize=16_384)
def _brand(stem: str, own: frozenset[str]) -> str:
    """The brand that a name is made of, beside words that tell nothing; empty where it has other words too."""
    words = [word for word in words_in(stem) if not word.isdigit()]
    telling = [word for word in words if word not in _IDLE]
    if set(telling) <= own and (telling or not words):
        return ""
    for candidate in ("".join(telling), "".join(words)):
        if len(candidate) > 1 and candidate in _brands() and candidate not in own:
            return candidate
    return ""
