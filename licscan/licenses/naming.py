"""Whether what a person names is a license of an expression: an identifier, a bare GNU name, a glob, an expression."""

from __future__ import annotations

from fnmatch import fnmatchcase

from licscan.licenses.spdx import same
from licscan.licenses.statements import licenses_of


def matches_license(name: str, license_id: str) -> bool:
    """Whether an entry of a list names a license: itself, a GNU license by its bare name, or a glob.

    `MPL-1.1` names `MPL-1.1+` too. A license WITH an exception is only named by the whole of it, or by a glob that says
    WITH.
    """
    wanted, found = name.lower(), license_id.lower()
    if "*" in wanted:
        return (" with " in found) == (" with " in wanted) and fnmatchcase(found, wanted)
    return found in (wanted, f"{wanted}+", f"{wanted}-only", f"{wanted}-or-later")


def names_license(name: str, expression: str) -> bool:
    """Whether an entry of a list names the expression, or one of its licenses, with or without its exception."""
    if names_whole(name, expression):
        return True
    for license_id in licenses_of(expression):
        base, _with, exception = license_id.partition(" WITH ")
        if matches_license(name, license_id) or matches_license(name, base) or (exception and name == exception):
            return True
    return False


def names_whole(name: str, expression: str) -> bool:
    """Whether an entry is a compound expression, and says the same."""
    return (" AND " in name or " OR " in name) and same(name, expression)
