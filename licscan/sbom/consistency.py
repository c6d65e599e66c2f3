"""What must hold of an SBOM before it is written, since the schemas of the formats let it pass."""

from __future__ import annotations

import re
from collections.abc import Iterator

from licscan.licenses.spdx import validate
from licscan.sbom.addresses import LENGTHS
from licscan.sbom.model import Bom, BomComponent, Hash
from licscan.sbom.references import references_in

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def inconsistencies(bom: Bom) -> Iterator[str]:
    """Everything that is wrong: refs that are twice or lead nowhere, expressions, digests and times that are none."""
    refs = [one.ref for one in bom.components]
    known = set(refs)
    if len(known) < len(refs) or "" in known:
        yield "two components have the same name in the document"
    if bom.subject not in known:
        yield f"the document is about {bom.subject!r}, which is not in it"
    if not _TIME.fullmatch(bom.created):
        yield f"{bom.created!r} is no time in UTC, to seconds"
    for edge in bom.dependencies:
        if edge.parent not in known or edge.child not in known:
            yield f"the dependency of {edge.parent!r} on {edge.child!r} leads out of the document"
    explained = {text.ref for text in bom.license_texts}
    checked: dict[str, tuple[str, ...]] = {}
    for component in bom.components:
        yield from _of_component(component, explained, checked)


def _of_component(one: BomComponent, explained: set[str], checked: dict[str, tuple[str, ...]]) -> Iterator[str]:
    for expression in {item.expression for item in one.licenses if item.expression}:
        if expression not in checked:
            wrong = [name for name in references_in(expression) if name not in explained]
            checked[expression] = (*validate(expression), *(f"{name} is not explained" for name in wrong))
        yield from (f"{one.ref}: {expression}: {wrong}" for wrong in checked[expression])
    for digest in (*one.hashes, *(item for reference in one.references for item in reference.hashes)):
        if not _is_digest(digest):
            yield f"{one.ref}: {digest.value!r} is no {digest.algorithm}"


def _is_digest(digest: Hash) -> bool:
    return len(digest.value) == LENGTHS.get(digest.algorithm) and re.fullmatch("[0-9a-f]+", digest.value) is not None
