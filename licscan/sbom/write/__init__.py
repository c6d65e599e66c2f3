"""The writers: one module a format; what they give is checked before anybody sees it."""

from __future__ import annotations

import json
import re

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.sbom.consistency import inconsistencies
from licscan.sbom.model import Bom

CYCLONEDX = {"cyclonedx-1.6": "1.6", "cyclonedx-1.7": "1.7"}
FORMATS = (*CYCLONEDX, "spdx-2.3", "spdx-3.0.1", "dsdx-1.0")
"""Names of the formats."""

EXPERIMENTAL = frozenset({"dsdx-1.0"})
"""Those whose specification was not at hand, and which lose most of what is known."""

_LONE = re.compile("[\ud800-\udfff]")


def ending_of(format_: str, suffix: str) -> str:
    """The kind of file that a name's ending asks for: `.xml` of CycloneDX, `.spdx` of SPDX 2.3, JSON for all others.

    InputError for an ending that the format does not have.
    """
    asked = suffix.lower()
    if asked == ".xml" and format_ not in CYCLONEDX:
        raise InputError(_("only CycloneDX is written as XML"), path=asked, remedy=_("name a file that ends in .json"))
    if asked == ".spdx" and format_ != "spdx-2.3":
        raise InputError(
            _("only SPDX 2.3 is written as tag-value"), path=asked, remedy=_("name a file that ends in .json")
        )
    return asked if asked in (".xml", ".spdx") else ".json"


def write(bom: Bom, format_: str, ending: str = ".json") -> str:
    """The document as text; `ending` is that of the file: `.xml` and `.spdx` choose XML and tag-value.

    ValueError for a model that no format may say: it is checked first, since the schemas let nonsense pass.
    """
    from licscan.sbom.write import cyclonedx, cyclonedx_xml, dsdx, spdx2, spdx3, tag_value

    wrong = next(inconsistencies(bom), None)
    if wrong is not None:
        raise ValueError(wrong)
    if format_ in CYCLONEDX:
        document = cyclonedx.to_dict(bom, CYCLONEDX[format_])
        return cyclonedx_xml.to_text(document) if ending == ".xml" else to_json(document)
    if format_ in EXPERIMENTAL:
        return to_json(dsdx.to_dict(bom))
    if format_ == "spdx-3.0.1":
        return to_json(spdx3.to_dict(bom))
    document = spdx2.to_dict(bom)
    return _LONE.sub("\ufffd", tag_value.to_text(document)) if ending == ".spdx" else to_json(document)


def to_json(document: object) -> str:
    """The document, indented, without the lone surrogates that UTF-8 lacks."""
    return _LONE.sub("\ufffd", json.dumps(document, ensure_ascii=False, indent=2)) + "\n"
