"""The license under which the product itself goes out."""

from __future__ import annotations

from collections.abc import Mapping

from licscan.base.errors import ConfigError
from licscan.base.messages import _
from licscan.base.terms import outbound_words
from licscan.law import vocabulary as law
from licscan.licenses.known import licenses_like
from licscan.licenses.statements import category, read_license, same
from licscan.model import NOASSERTION, NONE, Conclusion, Graph

PROPRIETARY = "proprietary"


def outbound_of(graph: Graph, conclusions: Mapping[str, Conclusion], configured: str | None) -> tuple[str, str]:
    """The product's license, and the sentence that says how it is known. ConfigError for one that is no license.

    What is configured counts; else the one license that the project's roots declare; else proprietary is assumed.
    """
    if configured:
        return _configured(configured)
    declared = _declared_by_roots(graph, conclusions)
    if len(declared) == 1:
        if category(declared[0]) == "Commercial":
            return PROPRIETARY, _("The project declares that it is proprietary.")
        return declared[0], _reason(graph, conclusions, declared[0])
    if declared:
        reason = _("The project's parts declare different licenses ({licenses}); it is taken as proprietary.").format(
            licenses=_(", ").join(declared)
        )
        return PROPRIETARY, reason
    return PROPRIETARY, _("The project declares no license of its own; it is taken as proprietary.")


def _reason(graph: Graph, conclusions: Mapping[str, Conclusion], license_id: str) -> str:
    """How the one license is known: a root declares it, or only the text of its license file tells."""
    known = [conclusions[purl].declared for purl in graph.roots if purl in conclusions]
    if any(same(declared, license_id) for declared in known):
        return _("The project declares {license} as its own license.").format(license=license_id)
    return _("The project's license text is {license}; its manifest declares none.").format(license=license_id)


def _configured(text: str) -> tuple[str, str]:
    reason = _("The product's license is configured as {license}.")
    if text.strip().lower() in (PROPRIETARY, law.PROPRIETARY.lower()):
        return PROPRIETARY, reason.format(license=outbound_words(PROPRIETARY))
    expression = read_license(text).expression
    if expression is None:
        like = licenses_like(text)
        meant = _("did you mean {names}?").format(names=_(", ").join(like)) if like else ""
        raise ConfigError(
            _("{text} is not a license").format(text=text[:80]),
            place="outbound",
            remedy=meant or _("write an SPDX expression, or proprietary"),
        )
    return expression, reason.format(license=expression)


def _declared_by_roots(graph: Graph, conclusions: Mapping[str, Conclusion]) -> list[str]:
    found: list[str] = []
    for purl in graph.roots:
        root, conclusion = graph.by_purl.get(purl), conclusions.get(purl)
        if root is None or conclusion is None or not root.is_first_party:
            continue
        expression = conclusion.concluded
        if expression not in (NOASSERTION, NONE) and not any(same(expression, other) for other in found):
            found.append(expression)
    return found
