"""What the hook answers, as JSON: the gate, the packages that a commit brings, and the findings on them."""

from __future__ import annotations

import json
import re
from typing import Any

from licscan.hook.answer import Answer, Item
from licscan.model import Finding, Scan, counts

_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def to_json(answer: Answer | None, tree: Scan | None = None) -> str:
    """The same bytes for the same answer; None: the commit touches nothing that matters. `tree` is the scan of the
    whole tree where that was judged too."""
    given = answer or Answer()
    document = {
        "gate": given.gate.value,
        "threshold": given.threshold.value if given.threshold else None,
        "files": sorted(given.files),
        "packages": [_item(one) for one in sorted(given.items, key=lambda one: one.purl)],
        "findings": [_finding(one, given.counts(one)) for one in given.findings],
        "media": given.media,
        "tree": _tree(tree),
    }
    text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _tree(scan: Scan | None) -> dict[str, Any] | None:
    """The verdict and every finding of the tree, each by itself; the whole scan is in `licscan export`."""
    if scan is None:
        return None
    return {
        "gate": scan.gate.value,
        "threshold": scan.threshold.value if scan.threshold else None,
        "findings": [_finding(one, counts(one, scan.threshold)) for one in scan.findings],
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "purl": item.purl,
        "name": item.name,
        "version": item.version,
        "license": item.license,
        "versions_before": list(item.versions_before),
        "license_before": item.license_before or None,
        "path": list(item.path),
        "is_unknown": item.unknown,
        "coverage": item.coverage.value,
    }


def _finding(finding: Finding, is_counted: bool) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "verdict": finding.verdict.value,
        "counts": is_counted,
        "purl": finding.purl,
        "surface": finding.surface,
        "waiver": finding.waiver,
        "message": finding.message,
        "why": finding.why,
        "remedies": list(finding.remedies),
        "locations": [{"path": one.path, "line": one.start_line} for one in finding.locations],
    }
