"""Keys of the LicenseDB to SPDX identifiers and back."""

from __future__ import annotations

from collections.abc import Mapping

from licscan.detect.data import License
from licscan.tables import load_toml


class SpdxNames:
    """The SPDX names of the keys, the keys of SPDX names, and which keys are exceptions."""

    def __init__(self, licenses: Mapping[str, License], old: Mapping[str, str]):
        deprecated = load_toml("license_aliases.toml")["deprecated"]
        self.spdx = {key: deprecated.get(license.spdx, license.spdx) for key, license in licenses.items()}
        self.keys = {**old, **_keys(licenses)}
        self.exceptions = frozenset(key for key, license in licenses.items() if license.exception)


def _keys(licenses: Mapping[str, License]) -> dict[str, str]:
    """SPDX identifiers in lower case, old ones too, to keys; a present identifier wins over an old one."""
    old = {alias.lower(): key for key, license in licenses.items() for alias in license.aliases}
    return old | {license.spdx.lower(): key for key, license in licenses.items()}
