"""License statements of a package.json, wherever it was read: installed, in an archive, in a lock, from a registry."""

from __future__ import annotations

import json
from typing import Any

from licscan.model import Claim, EvidenceKind, Location, Origin


def license_claims(data: dict[str, Any], path: str, origin: Origin, line: int | None = None) -> tuple[Claim, ...]:
    """The values of `license` and `licenses`, verbatim; objects and arrays as compact JSON."""
    if "license" not in data and "licenses" not in data:
        return ()
    claims = []
    location = Location(path, line, line)
    for field in ("license", "licenses"):
        value = data.get(field)
        if isinstance(value, str) and value.strip():
            claims.append(Claim(EvidenceKind.DECLARED, field, value, origin, location))
        elif value and isinstance(value, (dict, list)):
            raw = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            claims.append(Claim(EvidenceKind.DECLARED, field, raw, origin, location, structured=True))
    return tuple(claims)
