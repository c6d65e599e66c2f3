"""SPDX identifiers to keys of the LicenseDB; the other way leads `licscan.licenses.licensedb`."""

from __future__ import annotations

from collections.abc import Mapping

from licscan.detect.data import License


def keys_of_spdx(licenses: Mapping[str, License], old: Mapping[str, str]) -> dict[str, str]:
    """SPDX identifiers in lower case, old ones too, to keys; a present identifier wins over an old one.

    `old` are withdrawn identifiers that mean an expression of keys.
    """
    aliases = {alias.lower(): key for key, license in licenses.items() for alias in license.aliases}
    return {**old, **aliases, **{license.spdx.lower(): key for key, license in licenses.items()}}
