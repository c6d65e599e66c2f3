"""The validators that other people keep, each as one function: what it complains of, empty where nothing."""

from __future__ import annotations

import io
import json
import socket
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


def spdx_3_model(text: str) -> list[str]:
    """The bindings that SPDX makes of its SHACL model of 3.0.1: classes, properties, types, patterns, how many of each.

    Without the network, which spdx3-validate needs for the same model. Reading checks types and values, writing how
    many there are, linking whether what is referred to is there.
    """
    model = pytest.importorskip("spdx_python_model.bindings.v3_0_1", reason=f"ntia-conformance-checker {_WHY}")
    elements = model.SHACLObjectSet()
    try:
        model.JSONLDDeserializer().read(io.BytesIO(text.encode()), elements)
        absent = sorted(elements.link())
        model.JSONLDSerializer().write(elements, io.BytesIO())
    except (ValueError, TypeError, KeyError) as error:
        return [str(error)[:1000]]
    return [f"{name} does not exist" for name in absent]


def telco(path: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """openchain-telco-sbom-validator for the guide 1.2, without the network: packages by what they lack.

    First what it takes for an error, then what it says is NOASSERTION.
    """
    validator = pytest.importorskip("openchain_telco_sbom_validator.validator", reason=f"the telco validator {_WHY}")
    monkeypatch.setattr(socket.socket, "connect", _refuse)
    _valid, problems = validator.Validator().validate(str(path), strict=True, noassertion=True, guide_version="1.2")
    errors: dict[str, set[str]] = {}
    unsaid: dict[str, set[str]] = {}
    for problem in problems:
        told = unsaid if problem.severity == validator.Problem.SEVERITY_NOASSERT else errors
        told.setdefault(problem.Reason, set()).add(problem.PackageName)
    return errors, unsaid


def _refuse(*_where: object) -> None:
    raise OSError("no network")


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
