"""The validators that other people keep, each as one function: what it complains of, empty where nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

_WHY = "is in the extra `test`"


def cyclonedx(text: str) -> list[str]:
    """cyclonedx-python-lib's strict validation, of JSON and XML."""
    validation = pytest.importorskip("cyclonedx.validation.json", reason=f"cyclonedx-python-lib[validation] {_WHY}")
    xml = pytest.importorskip("cyclonedx.validation.xml", reason=f"cyclonedx-python-lib[validation] {_WHY}")
    schema = pytest.importorskip("cyclonedx.schema", reason=f"cyclonedx-python-lib[validation] {_WHY}")
    if text.startswith("<"):
        version = text.partition("cyclonedx.org/schema/bom/")[2][:3]
        validator: Any = xml.XmlValidator(schema.SchemaVersion.from_version(version))
    else:
        version = json.loads(text)["specVersion"]
        validator = validation.JsonStrictValidator(schema.SchemaVersion.from_version(version))
    error = validator.validate_str(text)
    return [] if error is None else [str(error)[:1000]]


def spdx_tools(text: str, path: Any) -> list[str]:
    """spdx-tools, of JSON and tag-value; `path` is a folder to write into."""
    parser = pytest.importorskip("spdx_tools.spdx.parser.parse_anything", reason=f"spdx-tools {_WHY}")
    validation = pytest.importorskip("spdx_tools.spdx.validation.document_validator", reason=f"spdx-tools {_WHY}")
    file = path / ("bom.spdx.json" if text.startswith("{") else "bom.spdx")
    file.write_text(text, encoding="utf-8")
    try:
        document = parser.parse_file(str(file))
    except Exception as error:  # its parser has its own, with a list of messages
        return [str(getattr(error, "messages", error))[:1000]]
    return [message.validation_message for message in validation.validate_full_spdx_document(document)]


def conformance(text: str, path: Any, standard: str) -> dict[str, list[str]]:
    """ntia-conformance-checker: the names of the components that lack each field, and `document` where that does."""
    ntia = pytest.importorskip("ntia_conformance_checker", reason=f"ntia-conformance-checker {_WHY}")
    third = '"@context"' in text[:200]
    file = path / ("bom.spdx3.json" if third else "bom.spdx.json")
    file.write_text(text, encoding="utf-8")
    checker = ntia.SbomChecker(str(file), compliance=standard, sbom_spec="spdx3" if third else "spdx2")
    assert not checker.validation_messages, checker.validation_messages
    told = {
        name.removeprefix("components_without_"): sorted(one[0] if isinstance(one, tuple) else one for one in found)
        for name, found in vars(checker).items()
        if name.startswith("components_without_") and found
    }
    if not (checker.doc_author and checker.doc_timestamp):
        told["document"] = ["author or timestamp"]
    return told
