"""Names of licenses as people write them: one normal form, and the tables that are looked up by it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from licscan.base.tables import load_toml

Names = tuple[str, ...]


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _or_later(text: str) -> str:
    return _LATER.sub(" + ", _AT_LEAST.sub(r" \1 + ", text))


def _drop_punctuation(text: str) -> str:
    return _PUNCTUATION.sub(" ", text)


def _split_versions(text: str) -> str:
    """`gplv3`, `version 3`, `3.0` and `3` are the same; so is `bsd3` and `bsd 3`."""
    for pattern, into in _VERSIONS:
        text = pattern.sub(into, text)
    return text


def _drop_small_words(text: str) -> str:
    return " ".join(word for word in text.split() if word not in _SMALL)


_LATER = re.compile(
    r"\s*(?:,\s*)?\(?\b(?:or|and)[\s-]+(?:\(at your option\)\s*)?(?:any\s+)?(?:later|newer|greater|above|higher)"
    r"(?:\s+versions?)?\b\)?|\s*以后版本|\s*或更高版本|\s*或更新版本"
)
_AT_LEAST = re.compile(r"\(\s*>=\s*(\d[\d.]*)\s*\)")
"""R's way to say it."""
_PUNCTUATION = re.compile(r"[^\w.+]|_|(?<!\d)\.|\.(?!\d)")
_VERSIONS = (
    (re.compile(r"(?:version|versión|ver\.?|v\.?|版本)\s*(?=\d)"), " "),
    (re.compile(r"([^\W\d])(?=\d)"), r"\1 "),
    (re.compile(r"(\d)(?=[\u3400-\u9fff])"), r"\1 "),
    (re.compile(r"(?<![\d.])(\d+)\.0(?![\d.])"), r"\1"),
)
_SMALL = frozenset(
    {"the", "a", "an", "of", "under", "terms", "license", "licence", "licenses", "licences", "licensed"}
    | {"许可证", "许可", "许可协议", "协议", "授权", "版", "第"}
)
NORMALISE: tuple[Callable[[str], str], ...] = (
    _fold,
    _or_later,
    _drop_punctuation,
    _split_versions,
    _drop_small_words,
)


def normal_form(name: str) -> str:
    """The name without what does not tell licenses apart: case, punctuation, `the`, `license`, `version`, `.0`."""
    for step in NORMALISE:
        name = step(name)
    return name


@dataclass(frozen=True, slots=True)
class Aliases:
    """What a normal form stands for: one expression, several possible ones, or nothing said."""

    exact: dict[str, str]
    ambiguous: dict[str, Names]
    nothing: frozenset[str]


@cache
def aliases() -> Aliases:
    """The table of names, in normal form; one that stands for two different licenses is an error of the table."""
    table = load_toml("license_aliases.toml")
    exact: dict[str, str] = {}
    ambiguous = {normal_form(name): tuple(found) for name, found in table["ambiguous"].items()}
    for family in table["family"]:
        exact.update(_versions(family))
        bare = tuple(family.get("bare", ()) or family["versions"].values())
        ambiguous.update((normal_form(name), bare) for name in family["names"])
    for expression, names in table["names"].items():
        for name in names:
            _add(exact, normal_form(name), expression)
    ambiguous = {name: found for name, found in ambiguous.items() if name not in exact}
    return Aliases(exact, ambiguous, frozenset(text.casefold() for text in table["nothing"]["texts"]))


def _add(exact: dict[str, str], name: str, expression: str) -> None:
    if exact.setdefault(name, expression) != expression:
        raise ValueError(f"license_aliases.toml: {name!r} is both {exact[name]} and {expression}")


def _versions(family: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name in family["names"]:
        for version, license_id in family["versions"].items():
            key = normal_form(f"{name} {version}")
            if family.get("gnu"):
                yield key, f"{license_id}-only"
                yield f"{key} only", f"{license_id}-only"
                yield f"{key} +", f"{license_id}-or-later"
                yield f"{key}+", f"{license_id}-or-later"
            else:
                yield key, license_id


@cache
def classifiers() -> dict[str, Names]:
    """The license classifiers: what each leaves possible (one: it is told; none: it says nothing of the license)."""
    return {name.casefold(): tuple(found) for name, found in load_toml("classifiers.toml")["classifiers"].items()}


@cache
def url_patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The addresses of license texts, as patterns over `host/path` in lower case, most telling first."""
    return tuple((re.compile(entry["match"]), entry["license"]) for entry in load_toml("license_urls.toml")["url"])
