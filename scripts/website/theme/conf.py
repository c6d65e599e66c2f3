"""Sphinx's settings for the tree of one language; `site.json` beside it says which."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx
from sphinx.search import SearchLanguage, languages

SITE: dict[str, Any] = json.loads((Path(__file__).parent / "site.json").read_text(encoding="utf-8"))
CHINESE = SITE["language"] == "zh"
CJK = re.compile(r"[\u4e00-\u9fff]+")
LATIN = re.compile(r"[A-Za-z0-9_]+")

project = "licscan"
author = "licscan contributors"
html_title = "licscan"
language = "zh_CN" if CHINESE else "en"
extensions = ["myst_parser", "sphinx_copybutton"]
html_theme = "furo"
templates_path = ["templates"]
locale_dirs = ["locale"]
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_search_language = language
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "language.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0b5f8a", "color-brand-content": "#0b5f8a"},
    "dark_css_variables": {"color-brand-primary": "#6cc3ee", "color-brand-content": "#6cc3ee"},
    "top_of_page_buttons": [],
}
html_context = {"site": SITE}
# Output and file contents are shown as they are; only what is marked as a language is highlighted.
highlight_language = "none"
copybutton_exclude = ".linenos, .gp, .go"
copybutton_selector = "div.highlight-sh pre, div.highlight-toml pre, div.highlight-yaml pre"
myst_heading_anchors = 4
myst_links_external_new_tab = False
suppress_warnings: list[str] = []


class ChineseByPairs(SearchLanguage):
    """Chinese without a dictionary: both the index and a query consist of pairs of neighboring characters."""

    lang = "zh"
    language_name = "Chinese"
    js_splitter_code = r"""
var splitQuery = (query) => query.toLowerCase().match(/[\u4e00-\u9fff]+|[a-z0-9_]+/g)?.flatMap((run) =>
  /[\u4e00-\u9fff]/.test(run) && run.length > 2
    ? Array.from({length: run.length - 1}, (_, at) => run.slice(at, at + 2))
    : [run]) ?? [];
"""

    def split(self, input: str) -> list[str]:
        """Pairs of characters, and words of Latin letters."""
        pairs = [run[at : at + 2] for run in CJK.findall(input) for at in range(max(len(run) - 1, 1))]
        return pairs + LATIN.findall(input)

    def word_filter(self, word: str) -> bool:
        """Whatever was split is worth finding."""
        return len(word) > 1


WORDS = {
    "On this page": "本页内容",
    "Previous": "上一页",
    "Next": "下一页",
    "Home": "首页",
    "Back to top": "返回顶部",
    "Skip to content": "跳到正文",
    "Made with ": "主题：",
}
"""Words of the theme, which brings none but English ones."""


def write_words() -> None:
    """Put WORDS where Sphinx looks for a catalogue that is stronger than its own."""
    catalog = Catalog(locale="zh_CN")
    for english, chinese in WORDS.items():
        catalog.add(english, chinese)
    file = Path(__file__).parent / locale_dirs[0] / "zh_CN" / "LC_MESSAGES" / "sphinx.mo"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as opened:
        write_mo(opened, catalog)


if CHINESE:
    write_words()
languages["zh"] = ChineseByPairs


def reachable(_app: Sphinx, _page: str, _template: str, context: dict[str, Any], _tree: object) -> None:
    """What axe-core asks for: headings of the sidebar have a level, and a keyboard can scroll a long line of code."""
    if "furo_navigation_tree" in context:
        tree = context["furo_navigation_tree"]
        context["furo_navigation_tree"] = tree.replace('role="heading"', 'role="heading" aria-level="2"')
    if "body" in context:
        context["body"] = context["body"].replace("<pre>", '<pre tabindex="0">')


def setup(app: Sphinx) -> None:
    """A language of code blocks that Pygments does not know; the last word on a page, after Furo's."""
    app.add_lexer("csv", TextLexer)
    app.connect("html-page-context", reachable, priority=900)
