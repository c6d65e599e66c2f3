"""Attributions for programs, after data/notices.schema.json; each text once, with its words to find it again."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from licscan.attribution.records import Attribution, Attributions, AttributionText, Body
from licscan.attribution.texts import words_of

FORMAT = 1


def to_json(told: Attributions) -> str:
    """The document; the same bytes for the same attributions."""
    texts: dict[str, Body] = {}
    components = [_component(entry, texts) for entry in told.entries]
    document = {
        "format": FORMAT,
        "project": told.project,
        "version": told.version,
        "surfaces": list(told.surfaces),
        "day": told.day or None,
        "contact": told.contact or None,
        "components": components,
        "texts": [_text(key, texts[key]) for key in sorted(texts)],
        "silent": list(told.silent),
        "gaps": [{"purl": gap.purl or None, "kind": gap.kind.value, "sentence": gap.sentence} for gap in told.gaps],
    }
    # a lone surrogate cannot be written as UTF-8; JSON's own escape can
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"


def terms_key(body: Body) -> str:
    """The digest of what a text has in common with those of other holders."""
    return hashlib.sha256("\n\n".join(body.terms).encode("utf-8", "surrogatepass")).hexdigest()


def _component(entry: Attribution, texts: dict[str, Body]) -> dict[str, Any]:
    for given in entry.texts:
        texts.setdefault(terms_key(given.body), given.body)
    return {
        "purl": entry.purl,
        "name": entry.name,
        "version": entry.version or None,
        "license": entry.license,
        "offered": entry.offered or None,
        "surfaces": list(entry.surfaces),
        "within": [purl for purl, _label in entry.within],
        "holders": list(entry.holders),
        "authors": list(entry.authors),
        "texts": [_given(given) for given in entry.texts],
        "acknowledgments": [{"text": s.text, "license": s.license, "clause": s.clause} for s in entry.sentences],
        "offers": [
            {"duty": o.duty, "license": o.license, "clause": o.clause, "what": o.what, "where": list(o.where)}
            for o in entry.offers
        ],
        "changes": list(entry.changes),
        "credits": [
            {
                "title": c.title,
                "creators": list(c.creators),
                "source": c.source,
                "license": c.license,
                "link": c.link or None,
                "changed": c.changed,
                "reserved_font_names": list(c.reserved),
                "words": c.words or None,
            }
            for c in entry.credits
        ],
    }


def _given(given: AttributionText) -> dict[str, Any]:
    return {
        "role": given.role.value,
        "path": given.path or None,
        "sha256": given.body.sha256,
        "file_sha256": given.sha256 or None,
        "text": terms_key(given.body),
        "statements": list(given.body.statements),
        "licenses": list(given.licenses),
        "reconstructed": given.reconstructed,
    }


def _text(key: str, body: Body) -> dict[str, str]:
    return {"id": key, "title": body.lead, "text": body.rest, "words": words_of(body.rest)}
