"""Keys of the LicenseDB, which detection speaks, as SPDX, and SPDX as keys: the one place that leads from one to the
other.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from licscan.base import tables
from licscan.licenses import spdx

_KEY = re.compile(r"[^A-Za-z0-9.-]+")


@lru_cache(maxsize=20_000)
def to_spdx(expression: str) -> str | None:
    """An expression of LicenseDB keys as SPDX, `LicenseRef-scancode-*` for what SPDX lacks; None where it is none."""
    try:
        return spdx.render(spdx.parse(expression, _leaf))
    except ValueError:
        return None


def key_of(license_id: str) -> str | None:
    """The key of one license that SPDX or the LicenseDB has; None for any other identifier."""
    return _keys_of_ids().get(license_id.lower())


def is_key(key: str) -> bool:
    """Whether it is a key that `to_spdx` knows."""
    return key in _keys()


def is_rider(license_id: str) -> bool:
    """Whether it is an addition that takes away rights that the license beside it gives (the Commons Clause)."""
    return license_id in _riders()


def _leaf(text: str) -> spdx.Node:
    """One license; an addition that is no SPDX exception stands beside its license, and both apply."""
    key, with_, addition = text.partition(" with ") if " with " in text else text.partition(" WITH ")
    if not with_:
        return _identifier(key)
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
    from license_expression import get_license_index

    index = (entry for entry in get_license_index() if entry["spdx_license_key"])
    own = tables.load_toml("own_licenses.toml")["license"]
    return {entry["license_key"]: entry["spdx_license_key"] for entry in index} | {
        row["key"]: row["spdx"] for row in own
    }


@cache
def _keys_of_ids() -> dict[str, str]:
    return {license_id.lower(): key for key, license_id in _keys().items()}


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
