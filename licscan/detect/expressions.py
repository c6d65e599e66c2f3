"""SPDX identifiers to keys of the LicenseDB; the other way leads `licscan.licenses.licensedb`."""

from __future__ import annotations

from collections.abc import Mapping

from licscan.detect.data import License
from licscan.licenses import spdx
from licscan.licenses.licensedb import key_of


def keys_of_spdx(licenses: Mapping[str, License], old: Mapping[str, str]) -> dict[str, str]:
    """SPDX identifiers in lower case, old ones too, to keys; a present identifier wins over an old one.

    `old` are withdrawn identifiers that mean an expression of keys. What SPDX has and the index lacks has the key that
    the LicenseDB gives it elsewhere, or its identifier for a key.
    """
    known = spdx.index()
    listed = {low: key_of(name) or name for low, name in (*known.licenses.items(), *known.exceptions.items())}
    aliases = {alias.lower(): key for key, license in licenses.items() for alias in license.aliases}
    return {**old, **aliases, **listed, **{license.spdx.lower(): key for key, license in licenses.items()}}
