"""A document against the schema of its format, as the format's own people publish it; the schemas come with packages.

CycloneDX: the JSON and XML schemas that cyclonedx-python-lib bundles, read by jsonschema-rs and lxml. SPDX 2: the rules
of spdx-tools. SPDX 3.0.1: the bindings that SPDX makes of its own model (spdx-python-model). All of them are in the
extra `schemas`; where one is not installed that is said, and never passes for valid.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from licscan.base.escape import one_line
from licscan.base.messages import N_, _
from licscan.licenses.spdx import validate
from licscan.sbom.model import Bom
from licscan.sbom.read.wrapping import Opened
from licscan.sbom.sound import is_expression

MAX_FAULTS = 200
"""Faults that are told; more are counted."""
MAX_SLOW = 8 * 1024 * 1024
"""Characters of a document of SPDX that is held against its model: the packages for that are slow."""
MAX_TAGS = 512 * 1024
"""The same of tag-value, which takes them many times as long as JSON."""
_SHOWN = 200

REMEDIES = {
    "required": N_("add what is missing"),
    "enum": N_("write one of the values that the schema lists"),
    "const": N_("write the value that the schema asks for"),
    "pattern": N_("write it in the form that the schema asks for"),
    "format": N_("write it in the form that the schema asks for"),
    "type": N_("write a value of the type that the schema asks for"),
    "additionalProperties": N_("remove what the schema does not know, or correct its name"),
    "unevaluatedProperties": N_("remove what the schema does not know, or correct its name"),
    "uniqueItems": N_("remove the duplicate"),
}
_OTHER = N_("bring it into the form that the schema asks for, or ask its maker to")


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One place that is not as the schema asks: where it is, what is wrong, what would mend it (English, for `_`)."""

    place: str
    message: str
    remedy: str = _OTHER


@dataclass(frozen=True, slots=True)
class Validity:
    """What a schema says of a document: the first faults, and how many more there are.

    `unchecked` is why it was not held against its schema, empty where it was.
    """

    schema: str
    faults: tuple[Fault, ...] = ()
    more: int = 0
    unchecked: str = ""

    @property
    def is_valid(self) -> bool:
        """Whether it was looked at and nothing is wrong."""
        return not self.faults and not self.unchecked


def validity(document: Opened, bom: Bom) -> Validity:
    """What the schema of its format says of a document without its wrappings that was read."""
    version = bom.spec_version.removeprefix("SPDX-")
    name = f"{'CycloneDX' if bom.format == 'cyclonedx' else 'SPDX'} {version}"
    try:
        found = list(_faults(document, bom, version))
    except ImportError as error:
        missing = _("{package} is not installed: pip install 'licscan[schemas]'").format(package=error.name or error)
        return Validity(name, unchecked=missing)
    except _UncheckedError as error:
        return Validity(name, unchecked=str(error))
    told = tuple(dict.fromkeys(found))
    return Validity(name, told[:MAX_FAULTS], max(0, len(told) - MAX_FAULTS))


class _UncheckedError(Exception):
    """Why a document cannot be held against a schema."""


def _faults(document: Opened, bom: Bom, version: str) -> Iterator[Fault]:
    if bom.format == "cyclonedx":
        if not re.fullmatch(r"1\.\d{1,2}", version):
            said = _("{version} is not a version of CycloneDX").format(version=one_line(version, 40) or "-")
            yield Fault("specVersion", said)
            return
        is_json = document.data is not None
        yield from _of_json(document.data, version) if is_json else _of_xml(document.text, version)
        yield from _of_expressions(bom)
        return
    text = document.text or json.dumps(document.data)
    limit = MAX_TAGS if document.data is None else MAX_SLOW
    if len(text) > limit:
        size = f"{limit // 1024:,} KB"
        raise _UncheckedError(_("it is larger than {size}, for which this check is too slow").format(size=size))
    yield from _of_spdx3(text, version) if version.startswith("3") else _of_spdx2(text, document.data)


# --- CycloneDX --------------------------------------------------------------------------------------------------------


def _of_json(data: Any, version: str) -> Iterator[Fault]:
    for error in _validator(version).iter_errors(data):
        yield _fault(error)


def _fault(error: Any) -> Fault:
    """One error of jsonschema-rs; of alternatives that all fail the message is about the whole."""
    keyword = next((str(part) for part in reversed(error.schema_path) if isinstance(part, str)), "")
    return Fault(_place(error.instance_path), one_line(error.message, _SHOWN), REMEDIES.get(keyword, _OTHER))


def _place(path: Iterable[object]) -> str:
    told = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return one_line(told.lstrip("."), _SHOWN) or "document"


@cache
def _validator(version: str) -> Any:
    import jsonschema_rs
    from cyclonedx.schema import SchemaVersion, _res

    try:
        own = _res.BOM_JSON_STRICT[SchemaVersion.from_version(version)]
    except (KeyError, ValueError):
        own = None
    if own is None:
        raise _UncheckedError(_("no schema for this version is available"))
    beside = (_res.SPDX_JSON, _res.JSF, _res.CRYPTOGRAPHY_DEFS)
    tables = [(f"http://cyclonedx.org/schema/{Path(path).name}", json.loads(_text(path))) for path in beside]
    registry = jsonschema_rs.Registry(tables)  # under the names of the files, by which the package refers to them
    schema = json.loads(_text(own))
    return jsonschema_rs.validator_for(schema, registry=registry, validate_formats=True, offline=True)


def _text(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


def _of_xml(text: str, version: str) -> Iterator[Fault]:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.xml import XmlValidator
    from lxml import etree  # noqa: F401 (says itself that it is missing)

    try:
        validator = XmlValidator(SchemaVersion.from_version(version))
    except ValueError as error:
        raise _UncheckedError(_("no schema for this version is available")) from error
    body = re.sub(r"^[\ufeff\s]*<\?xml[^>]{0,200}\?>", "", text)
    for wrong in validator.validate_str(body, all_errors=True) or ():
        data = wrong.data
        line = _("line {line}").format(line=getattr(data, "line", "?"))
        yield Fault(line, one_line(re.sub(r"\{[^}]*\}", "", str(getattr(data, "message", data))), _SHOWN))


def _of_expressions(bom: Bom) -> Iterator[Fault]:
    """What the schemas let pass: expressions that are none."""
    for component in bom.components:
        for said in component.licenses:
            if " " in said.expression and not is_expression(said.expression):
                for wrong in validate(said.expression):
                    yield Fault(one_line(component.ref, _SHOWN), one_line(f"{said.expression}: {wrong}", _SHOWN))


# --- SPDX -------------------------------------------------------------------------------------------------------------


def _of_spdx2(text: str, data: Any) -> Iterator[Fault]:
    from spdx_tools.spdx.parser.error import SPDXParsingError
    from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

    try:
        document = _of_dict(data) if data is not None else _spdx2_document(text)
    except SPDXParsingError as error:
        yield from (Fault("document", one_line(str(one), _SHOWN)) for one in error.get_messages())
        return
    for message in validate_full_spdx_document(document):
        said = message.validation_message
        if not _is_allowed_plus(said):
            yield Fault(one_line(str(message.context.spdx_id or "document"), _SHOWN), one_line(said, _SHOWN))


def _spdx2_document(text: str) -> Any:
    if re.search(r"(?m)^[ \t]*SPDXVersion[ \t]*:", text):
        from spdx_tools.spdx.parser.tagvalue.parser import Parser

        return Parser().parse(text)
    from licscan.base.load import load_yaml

    return _of_dict(load_yaml(text, "document")[0])


def _of_dict(told: Any) -> Any:
    from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser

    return JsonLikeDictParser().parse(told)


def _is_allowed_plus(message: str) -> bool:
    """Whether spdx-tools complains of `X+`, which SPDX 2.3 (Annex D) allows for every license."""
    found = re.search(r"Unrecognized license reference: ([^\s,]+\+)\.", message)
    return found is not None and not validate(found[1])


def _of_spdx3(text: str, version: str) -> Iterator[Fault]:
    if version != "3.0.1":
        raise _UncheckedError(_("no schema for this version is available"))
    from spdx_python_model.bindings import v3_0_1 as model

    elements = model.SHACLObjectSet()
    try:
        model.JSONLDDeserializer().read(io.BytesIO(text.lstrip("\ufeff").encode("utf-8", "replace")), elements)
        absent = sorted(elements.link())
        model.JSONLDSerializer().write(elements, io.BytesIO())
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        yield Fault("document", one_line(str(error), _SHOWN))
        return
    yield from (Fault(one_line(name, _SHOWN), _("is referenced but does not exist")) for name in absent)
