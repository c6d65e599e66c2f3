"""Names inside a document, and parties as SPDX writes them."""

from __future__ import annotations

import hashlib
import re

from licscan.sbom.model import Bom, Party, PartyKind

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9.]+")


def element_names(bom: Bom) -> dict[str, str]:
    """A name for each ref in the letters that SPDX allows; a digest of the ref keeps the same names apart."""
    return {one.ref: f"{_plain(one.name, one.version)}-{_short(one.ref)}" for one in bom.components}


def _plain(*parts: str) -> str:
    said = _NOT_PLAIN.sub("-", "-".join(part for part in parts if part)[:80])
    return said.strip("-.") or "component"


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def party_text(party: Party | None) -> str:
    """`Organization: NAME (ADDRESS)`, or a person where nobody says what it is; NOASSERTION for nobody."""
    if party is None or not party.name.strip():
        return "NOASSERTION"
    kind = "Organization" if party.kind is PartyKind.ORGANIZATION else "Person"
    name = " ".join(re.sub(r"[()]", " ", party.name).split()) or "unnamed"
    return f"{kind}: {name}" + (f" ({party.email})" if re.fullmatch(r"[^\s@()]+@[^\s@()]+", party.email) else "")
