"""The blocks of CycloneDX for what is no software: `modelCard` of models, `data` of fonts, pictures, sounds, data sets.

What the schema has a field for and nobody says (approach, metrics, governance, classification) is left out.
"""

from __future__ import annotations

from typing import Any

from licscan.sbom.content import MODEL, describes
from licscan.sbom.model import BomComponent

Json = dict[str, Any]


def model_card(one: BomComponent) -> Json:
    """What is known of a model; empty for everything else, as the schema asks."""
    content = one.content
    if content is None or one.kind != MODEL:
        return {}
    parameters: Json = {
        "task": content.task,
        "modelArchitecture": content.architecture,
        "datasets": [{"type": "dataset", "name": name} for name in content.datasets],
    }
    considerations: Json = {
        "users": list(content.user_limits),
        "ethicalConsiderations": [{"name": said} for said in content.use_limits],
    }
    card = {"modelParameters": _without_empty(parameters), "considerations": _without_empty(considerations)}
    return _without_empty(card)


def data_of(one: BomComponent) -> list[Json]:
    """The files of a component of data, each with its digest."""
    content = one.content
    if content is None or one.kind != "data":
        return []
    home = next((item.url for item in one.references if item.kind == "website"), "")
    files = [{"name": file.path, "value": f"sha256:{file.sha256}"} for file in content.files]
    told: Json = {
        "type": "dataset" if content.kind == "dataset" else "other",
        "name": content.title or one.name,
        "contents": _without_empty({"url": home, "properties": files}),
        "description": describes(content),
    }
    return [_without_empty(told)]


def _without_empty(told: Json) -> Json:
    return {key: value for key, value in told.items() if value}
