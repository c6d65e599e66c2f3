"""Keys of the LicenseDB, which detection speaks, as SPDX, and SPDX as keys: the one place that leads from one to the
other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache

from licscan.base import tables
from licscan.licenses import spdx

_KEY = re.compile(r"[^A-Za-z0-9.-]+")


@lru_cache(maxsize=20_000)
def to_spdx(expression: str) -> str | None:
    """An expression of LicenseDB keys as SPDX, `LicenseRef-scancode-*` for what SPDX lacks; None where it is none."""
    return _translated(expression, _identifier)


@lru_cache(maxsize=20_000)
def to_identifiers(expression: str) -> str | None:
    """The same for people to read: an exception that stands without a license has its own identifier.

    SPDX takes an exception only behind WITH; where the answer must be an expression, `to_spdx` makes a reference of it.
    """
    return _translated(expression, _identifier_or_exception)


def _translated(expression: str, name: Callable[[str], str]) -> str | None:
    try:
        return spdx.render(_tree(spdx.parse(expression, str), name))
    except ValueError:
        return None


def _tree(node: spdx.Node, name: Callable[[str], str]) -> spdx.Node:
    if isinstance(node, str):
        return _leaf(node, name)
    known = _joined().get(node)
    return known or spdx.join(node.operator, (_tree(part, name) for part in node.parts))


def key_of(license_id: str) -> str | None:
    """The key of one license that SPDX or the LicenseDB has; None for any other identifier."""
    return _keys_of_ids().get(license_id.lower())


def is_key(key: str) -> bool:
    """Whether it is a key that `to_spdx` knows."""
    return key in _keys()


def is_rider(license_id: str) -> bool:
    """Whether it is an addition that takes away rights that the license beside it gives (the Commons Clause)."""
    return license_id in _riders()


def _leaf(text: str, name: Callable[[str], str]) -> spdx.Node:
    """One license; an addition that is no SPDX exception stands beside its license, and both apply."""
    key, with_, addition = text.partition(" with ") if " with " in text else text.partition(" WITH ")
    if not with_:
        return name(key)
    joined = f"{_identifier(key)} WITH {_keys().get(addition.lower(), addition)}"
    if _is_valid(joined):
        return joined
    return spdx.join(spdx.AND, (_identifier(key), _identifier(addition)))


def _identifier(key: str) -> str:
    """SPDX's own identifier; what SPDX or the index lacks, or an exception without its license, is a reference.

    A reference of the user's own and an identifier of SPDX stay what they are.
    """
    known = _keys().get(key.lower(), key)
    return spdx.read_leaf(known) if _is_valid(known) else f"LicenseRef-scancode-{_KEY.sub('-', key)}"


def _identifier_or_exception(key: str) -> str:
    known = _keys().get(key.lower(), key)
    return spdx.index().exceptions.get(known.lower()) or _identifier(key)


def _is_valid(license_id: str) -> bool:
    try:
        spdx.read_leaf(license_id)
    except ValueError:
        return False
    return True


_RESTRICTIVE = frozenset({"Source-available", "Proprietary Free", "Free Restricted", "Commercial"})


@cache
def _riders() -> frozenset[str]:
    from license_expression import get_license_index

    entries = (entry for entry in get_license_index() if entry["is_exception"] and entry["spdx_license_key"])
    return frozenset(entry["spdx_license_key"] for entry in entries if entry["category"] in _RESTRICTIVE)


@cache
def _keys() -> dict[str, str]:
    newer: dict[str, str] = tables.load_toml("spdx_list.toml")["keys"]
    return _library_keys() | newer


@cache
def _library_keys() -> dict[str, str]:
    from license_expression import get_license_index

    index = (entry for entry in get_license_index() if entry["spdx_license_key"])
    own = tables.load_toml("own_licenses.toml")["license"]
    return {entry["license_key"]: entry["spdx_license_key"] for entry in index} | {
        row["key"]: row["spdx"] for row in own
    }


@cache
def _keys_of_ids() -> dict[str, str]:
    """Identifiers in lower case to keys; of several keys, the one that the LicenseDB itself gives the identifier."""
    return {license_id.lower(): key for keys in (_keys(), _library_keys()) for key, license_id in keys.items()}


@cache
def _joined() -> dict[spdx.Node, str]:
    """Expressions of keys, as trees, that SPDX has one identifier for."""
    rows = tables.load_toml("spdx_list.toml")["joined"]
    return {spdx.parse(keys, str): license_id for keys, license_id in rows.items()}


_FRONT_MATTER = re.compile(r"\A---\n.*?\n---(?:\n|\Z)", re.DOTALL)


def license_text(key: str) -> str:
    """The text of a license, from the LicenseDB; FileNotFoundError for a key that it does not hold.

    Raises InputError where licscan was installed without its LicenseDB.
    """
    from licscan.licenses.shipped import license_file

    found = license_file(key)
    if found is None:
        raise FileNotFoundError(key)
    return _FRONT_MATTER.sub("", found, count=1)
