"""What a project says of itself, before its sources are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from licscan.model import Conclusion, Graph


@dataclass(frozen=True, slots=True)
class Declared:
    """The graph with what is concluded of it, and the product's license (an SPDX expression, or `proprietary`).

    `delivered` is whether all of it is a supplier's, and none the user's own.
    """

    graph: Graph
    conclusions: Mapping[str, Conclusion]
    outbound: str
    delivered: bool = False
