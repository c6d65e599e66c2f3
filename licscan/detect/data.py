"""Licenses and rules as records: from the LicenseDB's folder, from our own tables, from a folder of the user's."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from licscan.base import tables
from licscan.base.errors import FormatError, InputError
from licscan.base.messages import _
from licscan.detect.families import texts_of
from licscan.detect.types import MatchKind
from licscan.licenses import shipped
from licscan.licenses.licensedb import is_key, key_of

_FRONT = re.compile(r"---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_FIELD = re.compile(r"^(\w+):[ \t]*(.*?(?:\n[ \t]+(?!-[ \t])\S.*?)*)[ \t]*$|^[ \t]*-[ \t]+(.*?)[ \t]*$", re.MULTILINE)
"""A field with the lines it goes on over, or an item of a list."""

_KEY = re.compile(r"[^\s()]+")

OWN = "own-"
"""How the names of rules of our own tables begin."""

_KINDS = {
    "is_license_text": MatchKind.TEXT,
    "is_license_notice": MatchKind.NOTICE,
    "is_license_reference": MatchKind.REFERENCE,
    "is_license_tag": MatchKind.TAG,
    "is_license_intro": MatchKind.INTRO,
    "is_license_clue": MatchKind.CLUE,
}

Front = dict[str, "str | list[str]"]


@dataclass(frozen=True, slots=True)
class License:
    """A license as the LicenseDB or our tables name it; `spdx` is its SPDX id or LicenseRef."""

    key: str
    name: str
    spdx: str
    aliases: tuple[str, ...] = ()
    category: str = ""
    exception: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A text that shows a license, and how closely it must be met.

    `relevance` (0 to 100) and `minimum_coverage` (per cent) are None where the length decides. A false positive has no
    expression: it only keeps other rules off its place. `phrases` in `{{ }}` of the text must be there complete.
    """

    identifier: str
    expression: str
    text: str
    kind: MatchKind = MatchKind.REFERENCE
    relevance: int | None = None
    minimum_coverage: int | None = None
    continuous: bool = False
    required_phrase: bool = False
    false_positive: bool = False
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """All that one index is built from."""

    licenses: tuple[License, ...]
    rules: tuple[Rule, ...]


def read_licensedb(folder: Path) -> Source:
    """Every license and rule of a LicenseDB folder (`licenses/*.LICENSE`, `rules/*.RULE`) that is in force, in order
    of names.

    Rules in other languages than English and Chinese are left out, license texts are not. Raises InputError for
    another folder.
    """
    if not (folder / "licenses").is_dir() or not (folder / "rules").is_dir():
        raise InputError(
            _("This is not a folder of the LicenseDB: it has no folders {names}.").format(names="licenses, rules"),
            path=str(folder),
        )
    return _read(_files(folder / "licenses", ".LICENSE"), _files(folder / "rules", ".RULE"))


def read_shipped() -> Source:
    """The same of the LicenseDB that is shipped. Raises InputError where none is."""
    return _read(shipped.files(shipped.LICENSES), shipped.files(shipped.RULES))


def _read(license_files: Iterable[tuple[str, str]], rule_files: Iterable[tuple[str, str]]) -> Source:
    """What files with these names and texts say."""
    licenses: list[License] = []
    rules: list[Rule] = []
    for name, whole in license_files:
        front, text = split_front(whole)
        if _is(front, "is_deprecated"):
            continue
        licenses.append(license_of(front))
        if text.strip():
            rules.append(_text_rule(name, front, text))
        if (notice := _notice(whole)) and not licenses[-1].exception:
            rules.append(Rule(f"{name} (notice)", licenses[-1].key, notice, MatchKind.NOTICE))
    for name, whole in rule_files:
        front, text = split_front(whole)
        if not _is(front, "is_deprecated") and _is_spoken(front) and text.strip():
            rules.append(rule_of(name, front, text))
    newer = [license.key for license in licenses if not is_key(license.key)]
    return _renamed(Source(tuple(licenses), tuple(rules)), newer)


_NOTICE = re.compile(r"^standard_notice:[ \t]*[|>][-+]?\n((?:[ \t]+\S.*\n|[ \t]*\n)+)", re.MULTILINE)


def _notice(raw: str) -> str:
    """The notice by which a license says that it is to be applied, from its front matter; empty where it has none."""
    front = _FRONT.match(raw)
    found = _NOTICE.search(front[1]) if front else None
    return found[1] if found and len(found[1].split()) >= MIN_NOTICE else ""


MIN_NOTICE = 12
"""Words of a notice that tells a license."""


def _is_spoken(front: Front) -> bool:
    """Whether a rule is in a language that licscan's users read."""
    return str(front.get("language", "en")).startswith(("en", "zh"))


def _files(folder: Path, suffix: str) -> Iterator[tuple[str, str]]:
    """The names and texts of a folder in order of the names, which are quicker to sort than paths."""
    for name in sorted(os.listdir(folder)):
        if name.endswith(suffix):
            yield name, (folder / name).read_text(encoding="utf-8", errors="replace")


def read_own() -> Source:
    """The licenses and rules of our own tables, which the LicenseDB lacks."""
    licenses = tuple(
        License(row["key"], row["name"], row["spdx"], tuple(row.get("aliases", ())), row.get("category", ""))
        for row in tables.load_toml("own_licenses.toml")["license"]
    )
    rows = tables.load_toml("own_rules.toml")["rule"]
    texts = [(row["expression"], text, row) for row in rows for text in row["texts"]]
    families = tables.load_toml("own_families.toml")["family"]
    return Source(licenses, tuple(_own_rules([*texts, *texts_of(families)])))


def _own_rules(texts: Iterable[tuple[str, str, dict[str, Any]]]) -> Iterator[Rule]:
    """A rule for each text; its name says the license, or the maker of whose terms it speaks."""
    numbers: dict[str, int] = {}
    for expression, text, row in texts:
        stem = row.get("vendor") or expression.replace(" ", "_") or "false-positive"
        numbers[stem] = numbers.get(stem, 0) + 1
        name = f"{OWN}{stem}_{numbers[stem]}.RULE"
        kind = MatchKind(row.get("kind", "reference"))
        yield Rule(
            name,
            expression,
            text,
            kind,
            row.get("relevance", 100),
            continuous=row.get("continuous", True),
            false_positive=row.get("false_positive", False),
        )


def read_user(folder: Path) -> Source:
    """A folder of the user's own licenses: `NAME.LICENSE`, `NAME.RULE` or `NAME.txt` with front matter, or beside
    `NAME.toml`.

    Each needs `expression` (or `license_expression`, or `key`) and a text. Raises InputError for a folder that cannot
    be read, FormatError for a file without one of the two.
    """
    licenses: dict[str, License] = {}
    rules: list[Rule] = []
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix in {".LICENSE", ".RULE", ".txt"})
        for path in paths:
            front, text = _user_file(path)
            rules.append(_user_rule(path, front, text))
            if "key" in front:
                license = license_of(front)
                licenses[license.key] = license
    except OSError as error:
        raise InputError(_("Cannot read the folder of licenses."), path=str(folder)) from error
    return _renamed(Source(tuple(licenses.values()), tuple(rules)), licenses)


def _renamed(source: Source, keys: Iterable[str]) -> Source:
    """The same with these licenses under the SPDX identifier that they are given: elsewhere their keys mean nothing.

    What is a license of the LicenseDB goes under its key there.
    """
    given = {one.key: one.spdx for one in source.licenses if one.spdx != _default_spdx(one.key)}
    names = {key: key_of(given[key]) or given[key] for key in keys if key in given}
    if not names:
        return source

    def named(found: re.Match[str]) -> str:
        return names.get(found[0], found[0])

    kept = (one for one in source.licenses if one.key not in names or key_of(one.spdx) is None)
    return Source(
        tuple(replace(one, key=names.get(one.key, one.key)) for one in kept),
        tuple(replace(rule, expression=_KEY.sub(named, rule.expression)) for rule in source.rules),
    )


def _user_file(path: Path) -> tuple[Front, str]:
    text = path.read_text(encoding="utf-8", errors="replace")
    beside = path.with_suffix(".toml")
    if not beside.is_file():
        return split_front(text)
    import tomllib

    try:
        with beside.open("rb") as file:
            table = tomllib.load(file)
    except ValueError as error:
        raise FormatError(str(error), path=str(beside)) from error
    return {key: _plain(value) for key, value in table.items()}, text


def _plain(value: Any) -> str | list[str]:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return [str(item) for item in value] if isinstance(value, list) else str(value)


def _user_rule(path: Path, front: Front, text: str) -> Rule:
    expression = front.get("license_expression") or front.get("expression") or front.get("key")
    if not isinstance(expression, str) or not text.strip():
        raise FormatError(_("A license needs an expression and a text."), path=str(path))
    front = {**front, "license_expression": expression}
    if not any(kind in front for kind in _KINDS):
        front["is_license_text"] = "yes"
    return rule_of(path.name, front, text)


def split_front(text: str) -> tuple[Front, str]:
    """The fields between the two `---` lines, and the text behind them."""
    found = _FRONT.match(text)
    if not found:
        return {}, text
    return _fields(found[1]), text[found.end() :]


def _fields(front: str) -> Front:
    """The plain fields and lists of front matter: all YAML that the LicenseDB uses where it matters here."""
    fields: Front = {}
    last = ""
    for key, value, item in _FIELD.findall(front):
        if key:
            last = key
            fields[key] = " ".join(value.split()).strip("'\"")
        elif last:
            had = fields[last]
            fields[last] = [*(had if isinstance(had, list) else []), item.strip("'\"")]
    return fields


def _is(front: Front, flag: str) -> bool:
    return str(front.get(flag, "")).lower() in {"yes", "true", "on"}


def _text(front: Front, field: str) -> str:
    value = front.get(field, "")
    return value if isinstance(value, str) else ""


def _list(front: Front, field: str) -> tuple[str, ...]:
    value = front.get(field, [])
    return tuple(value) if isinstance(value, list) else ()


def _number(front: Front, field: str) -> int | None:
    value = _text(front, field)
    try:
        return min(max(int(float(value)), 0), 100) if value else None
    except (ValueError, OverflowError):
        return None


def license_of(front: Front) -> License:
    """The license that front matter describes."""
    key = _text(front, "key")
    return License(
        key,
        _text(front, "name") or _text(front, "short_name") or key,
        _text(front, "spdx_license_key") or _default_spdx(key),
        _list(front, "other_spdx_license_keys"),
        _text(front, "category"),
        _is(front, "is_exception"),
    )


def _default_spdx(key: str) -> str:
    return f"LicenseRef-scancode-{key}"


def _text_rule(name: str, front: Front, text: str) -> Rule:
    """The rule that a license's own text is."""
    return Rule(name, _text(front, "key"), text, MatchKind.TEXT, 100, _number(front, "minimum_coverage"))


def rule_of(name: str, front: Front, text: str) -> Rule:
    """The rule that front matter and text describe."""
    kind = next((kind for flag, kind in _KINDS.items() if _is(front, flag)), MatchKind.UNKNOWN)
    return Rule(
        name,
        _text(front, "license_expression"),
        text,
        kind,
        _number(front, "relevance"),
        _number(front, "minimum_coverage"),
        _is(front, "is_continuous"),
        _is(front, "is_required_phrase"),
        _is(front, "is_false_positive"),
        _list(front, "referenced_filenames"),
    )
