"""Models and data sets as SPDX 3.0.1 has them: packages of the profiles AI and Dataset.

Fields that nobody says (energy, autonomy, sensitivity, release time) are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from licscan.sbom.model import Bom, BomComponent
from licscan.sbom.write.words import limits_text, training_text

Json = dict[str, Any]

_PACKAGES = {"model": ("ai_AIPackage", "ai"), "dataset": ("dataset_DatasetPackage", "dataset")}
_TYPES = {"parquet": "structured", "arrow": "structured", "npy": "numeric", "npz": "numeric"}
"""What a format of data says of them; the others may hold anything."""


def type_of(one: BomComponent) -> str:
    """The class of a component."""
    return _PACKAGES.get(one.content.kind if one.content else "", ("software_Package", ""))[0]


def more_profiles(bom: Bom) -> Iterator[str]:
    """The profiles beyond those of software whose classes the document has."""
    kinds = {one.content.kind for one in bom.components if one.content}
    yield from (profile for kind, (_class, profile) in _PACKAGES.items() if kind in kinds)


def facts_of(one: BomComponent) -> Json:
    """The properties that these classes add."""
    content = one.content
    if content is None or content.kind not in _PACKAGES:
        return {}
    if content.kind == "dataset":
        return {
            "dataset_datasetType": sorted({_TYPES.get(name, "noAssertion") for name in content.formats})
            or ["noAssertion"],
            "dataset_datasetSize": sum(file.size for file in content.files) if not content.left_out else None,
        }
    return {
        "ai_typeOfModel": [content.architecture] if content.architecture else [],
        "ai_informationAboutApplication": f"Task: {content.task}" if content.task else "",
        "ai_informationAboutTraining": training_text(content),
        "ai_limitation": limits_text(content),
    }
