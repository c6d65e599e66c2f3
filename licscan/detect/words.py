"""Which words count, and how much: stopwords are skipped, distinctive words ("license", "warranty") lead the search."""

from __future__ import annotations

from functools import cache

from licscan.base import tables

_MARKUP = """
    abbr alt blockquote body br class colspan div em font h1 h2 h3 h4 h5 hr href img li ol p pre rowspan span src
    strong table tbody td tfoot th thead tr tt ul valign
    amp apos bdquo bull cdash cdquo copyr emdash emsp gt hellip laquo ldquo lsquo lt mdash nbsp ndash quot
    raquo rdquo rsquo x22 x27 x2f xa0 xfeff
    para ulink bookinfo
"""
_COMMENT_MARKS = "rem dnl"

STOPWORDS = frozenset(f"{_MARKUP} {_COMMENT_MARKS}".split())
"""Words of markup and comment marks that break no phrase: HTML and DocBook tags, character references, `rem`, `dnl`."""

TELLING = "许許证證証授权權権版责責免"
"""Ideographs of "license", "authorize", "copyright" and "disclaim", in simplified, traditional and Japanese script."""


@cache
def distinctive_words() -> frozenset[str]:
    """The words that licenses have and other texts hardly have, from data/distinctive_words.txt."""
    lines = (tables.data_folder() / "distinctive_words.txt").read_text(encoding="utf-8").splitlines()
    listed = (line.strip() for line in lines if line.strip() and not line.startswith("#"))
    return frozenset([*listed, *TELLING])
