"""Which SBOM a JSON document is; the module that reads each."""

from __future__ import annotations

from typing import Any

from licscan.base.errors import FormatError
from licscan.base.messages import _
from licscan.sbom.model import Bom
from licscan.sbom.read import cyclonedx, spdx2, spdx3
from licscan.sbom.read.values import Values


def read_data(data: Any, path: str) -> Bom:
    """The document that JSON holds; FormatError for what is none."""
    if not isinstance(data, dict):
        raise FormatError(_("is not an SBOM that licscan knows"), path=path)
    values = Values(data, "", [])
    if data.get("bomFormat") == "CycloneDX":
        return cyclonedx.read(values)
    if isinstance(data.get("spdxVersion"), str):
        return spdx2.read(values)
    if "@graph" in data or "spdxId" in data:
        try:
            return spdx3.read(values)
        except FormatError as error:
            raise FormatError(error.message, path=path, remedy=error.remedy) from error
    raise FormatError(
        _("is not an SBOM that licscan knows"),
        path=path,
        remedy=_("neither bomFormat, spdxVersion nor @graph is in it"),
    )
