"""The report for counsel: one HTML file that says, from a Scan alone, what may be shipped and what is owed for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from licscan.model import Scan
from licscan.report.charts import Past

if TYPE_CHECKING:
    from licscan.report.signed import Signed


def render(
    scan: Scan,
    past: Sequence[Past] = (),
    language: str = "en",
    previews: Mapping[str, str] | None = None,
    decided: Signed | None = None,
) -> str:
    """The document, in both languages, opened in `language`.

    `past` are the scans up to this one, oldest first; `previews` are `data:` addresses of pictures by path; `decided`
    is what people signed.
    """
    from licscan.report.page import page

    return page(scan, tuple(past), language, previews or {}, decided)
