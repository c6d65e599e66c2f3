"""SPDX 2.2 and 2.3 as YAML: the shape of its JSON."""

from __future__ import annotations

from licscan.base.errors import FormatError
from licscan.base.load import load_yaml
from licscan.base.messages import _
from licscan.sbom.model import Bom
from licscan.sbom.read import spdx2
from licscan.sbom.read.values import Values


def read(text: str, path: str) -> Bom:
    """The document; FormatError for YAML that is none."""
    documents = load_yaml(text, path)
    if len(documents) != 1 or not isinstance(documents[0], dict) or "spdxVersion" not in documents[0]:
        raise FormatError(_("is not an SBOM that licscan knows"), path=path)
    return spdx2.read(Values(documents[0], "", []))
