"""The licenses of an SBOM that SPDX does not list, each with its text where somebody has it."""

from __future__ import annotations

from collections.abc import Iterable

from licscan.licenses import spdx
from licscan.licenses.licensedb import key_of, license_text
from licscan.sbom.model import BomComponent, LicenseText

UNKNOWN_TEXT = "The text of this license is not known."
MAX_TEXT = 400_000


def references_of(components: Iterable[BomComponent]) -> tuple[LicenseText, ...]:
    """Every `LicenseRef-*` and `AdditionRef-*` of the statements, sorted, with the text that the LicenseDB has."""
    found: dict[str, list[str]] = {}
    for component in components:
        for expression in _expressions(component):
            for reference in references_in(expression):
                found.setdefault(reference, []).append(component.name)
    return tuple(_described(reference, found[reference]) for reference in sorted(found))


def _expressions(component: BomComponent) -> Iterable[str]:
    yield from (statement.expression for statement in component.licenses)
    yield from (item.expression for item in component.evidence)


def references_in(expression: str) -> tuple[str, ...]:
    """The references that an expression names, in order; none for text that is no expression."""
    if "Ref-" not in expression or spdx.validate(expression):
        return ()
    words = (word.strip("()").removesuffix("+") for word in expression.split())
    return tuple(dict.fromkeys(word for word in words if word.startswith(("LicenseRef-", "AdditionRef-"))))


def _described(reference: str, users: list[str]) -> LicenseText:
    key = key_of(reference) or reference.removeprefix("LicenseRef-scancode-")
    try:
        text = license_text(key)[:MAX_TEXT].strip() if key.replace("-", "").replace(".", "").isalnum() else ""
    except OSError:
        text = ""
    name = reference.removeprefix("LicenseRef-").removeprefix("scancode-")
    said = ", ".join(sorted(set(users))[:5])
    return LicenseText(reference, text, name, comment=f"Stated by {said}" if said else "")
