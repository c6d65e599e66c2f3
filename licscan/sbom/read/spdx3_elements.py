"""The elements of a JSON-LD document by their identifiers, however it nests them; without recursion."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from licscan.base.errors import FormatError
from licscan.base.messages import _
from licscan.sbom.read.values import Values

_SPACES = {
    "Core": "", "Software": "software_", "SimpleLicensing": "simplelicensing_",
    "ExpandedLicensing": "expandedlicensing_", "Security": "security_", "AI": "ai_", "Dataset": "dataset_",
    "Build": "build_",
}  # fmt: skip
_TERMS = "https://spdx.org/rdf/3."
_BLANK = "_:inside-"


class Elements:
    """Every object that has an identifier, and those without one inside others, under a name of their own."""

    def __init__(self, path_problems: list[str]):
        self._problems = path_problems
        self._by_id: dict[str, Values] = {}
        self._by_type: dict[str, list[str]] = {}

    def add(self, ref: str, values: Values) -> None:
        """One object; of two with one identifier the first stands, and what more the second says is taken."""
        known = self._by_id.get(ref)
        if known is not None:
            for key, value in values.data.items():
                known.data.setdefault(key, value)
            return
        self._by_id[ref] = values
        self._by_type.setdefault(self.type(values), []).append(ref)

    def of(self, *types: str) -> list[tuple[str, Values]]:
        """Those of some types, in the order of the document."""
        return [(ref, self._by_id[ref]) for type_ in types for ref in self._by_type.get(type_, ())]

    def has_type(self, start: str) -> bool:
        """Whether there is an element whose type begins so."""
        return any(type_.startswith(start) for type_ in self._by_type)

    def get(self, ref: str) -> Values | None:
        """The element with this identifier."""
        return self._by_id.get(ref)

    def type(self, values: Values) -> str:
        """The type in the words of the context."""
        told = values.data.get("type", values.data.get("@type"))
        told = told[0] if isinstance(told, list) and told else told
        if not isinstance(told, str):
            return ""
        if not told.startswith(_TERMS):
            return told
        space, _sign, name = told.rpartition("/")
        return _SPACES.get(space.rpartition("/")[2], "") + name

    def id(self, values: Values) -> str:
        """The identifier; empty where there is none."""
        told = values.data.get("spdxId", values.data.get("@id"))
        return told.strip() if isinstance(told, str) else ""

    def refs(self, values: Values, key: str) -> list[str]:
        """The identifiers that a key names, one or several, as texts or as objects."""
        said = values.data.get(key)
        items = said if isinstance(said, list) else [] if said is None else [said]
        found = []
        for item in items:
            if isinstance(item, str):
                found.append(item.strip())
            elif isinstance(item, dict):
                ref = item.get("spdxId", item.get("@id"))
                found.append(ref.strip() if isinstance(ref, str) else "")
            else:
                values.complain(key, item)
        return [ref for ref in found if ref]

    def ref(self, values: Values, key: str) -> str:
        """The first of the identifiers that a key names."""
        return next(iter(self.refs(values, key)), "")

    def objects(self, values: Values, key: str) -> Iterator[Values]:
        """The objects under a key: written there, or elsewhere and named."""
        said = values.data.get(key)
        if isinstance(said, dict):
            yield Values(said, f"{values.place}.{key}", values.problems)
        elif isinstance(said, list):
            for number, item in enumerate(said):
                if isinstance(item, dict):
                    yield Values(item, f"{values.place}.{key}[{number}]", values.problems)
                elif isinstance(item, str) and (known := self.get(item)) is not None:
                    yield known
                elif not isinstance(item, str):
                    values.complain(f"{key}[{number}]", item)

    def creation(self, values: Values) -> Values:
        """Who made an element and when."""
        said = values.data.get("creationInfo")
        if isinstance(said, dict):
            return Values(said, f"{values.place}.creationInfo", values.problems)
        known = self.get(said) if isinstance(said, str) else None
        first = next((one for _ref, one in self.of("CreationInfo")), None)
        return known or first or Values({}, "", values.problems)


PACKAGES = ("software_Package", "ai_AIPackage", "dataset_DatasetPackage")
"""The classes of components."""


def elements_of(document: Values) -> Elements:
    """All elements of the document; FormatError where it has no graph and is none itself."""
    graph = document.data.get("@graph")
    items = graph if isinstance(graph, list) else [document.data if graph is None else graph]
    elements = Elements(document.problems)
    waiting: list[tuple[Any, str]] = [(item, f"@graph[{number}]") for number, item in enumerate(items)][::-1]
    count = 0
    while waiting:
        item, place = waiting.pop()
        values = Values(item, place, document.problems) if isinstance(item, dict) else None
        if values is None:
            document.complain(place, item)
            continue
        ref = elements.id(values)
        if not ref:
            count += 1
            ref = item["spdxId"] = f"{_BLANK}{count}"
        elements.add(ref, values)
        inner = [(one, f"{place}.{key}") for key, value in item.items() for one in _nested(key, value)]
        waiting += inner[::-1]
    if not elements.of("SpdxDocument", "software_Sbom", *PACKAGES, "Relationship"):
        raise FormatError(_("is not an SBOM that licscan knows"), remedy=_("no element of SPDX 3 is in it"))
    return elements


def _nested(key: str, value: Any) -> Iterator[dict[str, Any]]:
    """Elements that stand inside another one; parts that are no elements stay where they are."""
    if key in ("@context", "verifiedUsing", "externalIdentifier", "externalRef", "namespaceMap", "import"):
        return
    for item in value if isinstance(value, list) else (value,):
        if isinstance(item, dict) and ("type" in item or "@type" in item):
            yield item
