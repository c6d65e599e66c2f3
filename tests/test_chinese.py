"""Chinese says one thing with one word, with the signs of Chinese: the catalogue and the pages in Chinese."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import licscan
from licscan.base import messages
from licscan.base.messages import run_on, speaking

ROOT = Path(__file__).resolve().parents[1]
COMPILED = Path(licscan.__file__).parent / "locale" / "zh_Hans" / "LC_MESSAGES" / "licscan.mo"
HAN = r"\u4e00-\u9fff"
NOT_PROSE = re.compile(
    r"```.*?```|`[^`\n]*`|\[[^\]\n]*\]\([^)\n]*\)|\[\[?[\w.]+\]\]?|\{\{?\w*(?::[^}]*)?\}?\}|<!--.*?-->", re.DOTALL
)
"""Code, links, tables of TOML and fields: none of them is Chinese prose."""
SIGNS = {
    "a half-width sign behind Chinese": rf"[{HAN}][,;:?!]",
    "a half-width parenthesis beside Chinese": rf"[{HAN}]\(|\)[{HAN}]",
    "a straight quote beside Chinese": rf"[{HAN}]\"|\"[{HAN}]",
    "a blank between Chinese characters": rf"[{HAN}] [{HAN}]",
    "no blank between Chinese and Latin": rf"[{HAN}][A-Za-z0-9]|[A-Za-z0-9][{HAN}]",
    "a blank beside a full-width sign": r"[，。：；、！？] (?=\S)| [，。：；、）]|（ ",
}
WORDS = re.compile(r"\b[a-z]{2,}(?: [a-z]{2,})+\b")
"""Two English words in a row."""


def catalogue() -> dict[str, str]:
    with COMPILED.open("rb") as file:
        said = vars(gettext.GNUTranslations(file))["_catalog"]
    return {key if isinstance(key, str) else key[0]: text for key, text in said.items() if key}


def pages() -> list[Path]:
    return sorted((ROOT / "docs").rglob("*.zh.md"))


def refused() -> Iterator[tuple[str, str]]:
    """What the glossary of docs/languages.md refuses, each with the word in its place."""
    table = (ROOT / "docs" / "languages.md").read_text(encoding="utf-8").partition("## Chinese terms")[2]
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split("|")]
        if len(cells) == 3 and cells[0] not in ("English", "---"):
            for word in cells[2].split(", "):
                yield word.partition("（")[0], cells[1]


REFUSED = dict(refused())
ALLOWED = {"源码": "源码包", "物料清单": "软件物料清单"}
"""What a refused word may be a part of."""


def wrong_words(text: str) -> list[str]:
    return [word for word in REFUSED if word in text.replace(ALLOWED.get(word, "\0"), "")]


def prose(text: str) -> str:
    return NOT_PROSE.sub("", text)


def test_the_glossary_is_read() -> None:
    assert len(REFUSED) > 50
    assert REFUSED["锁文件"] == "锁定文件"
    assert set(wrong_words("锁文件、物料清单和源码")) == {"锁文件", "物料清单", "源码"}
    assert not wrong_words("锁定文件、软件物料清单和源码包")


def test_no_message_has_a_word_that_the_glossary_refuses() -> None:
    assert not {text: found for text in catalogue().values() if (found := wrong_words(text))}


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_no_page_has_a_word_that_the_glossary_refuses(page: Path) -> None:
    assert not wrong_words(page.read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", SIGNS)
def test_messages_have_the_signs_of_chinese(kind: str) -> None:
    # a field at the edge of a sign may be Chinese or Latin; the fixed text around it is what is held
    wrong = re.compile(SIGNS[kind])
    assert not [text for text in catalogue().values() if wrong.search(NOT_PROSE.sub("\0", text).strip())]


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_pages_have_the_signs_of_chinese(page: Path) -> None:
    text = NOT_PROSE.sub("\0", page.read_text(encoding="utf-8"))
    kinds = [kind for kind in SIGNS if kind.startswith("a half-width") or kind.startswith("no blank")]
    found = [(kind, line) for kind in kinds for line in text.splitlines() if re.search(SIGNS[kind], line)]
    assert not found


def test_no_message_is_left_in_english() -> None:
    """Sentences and phrases; an identifier, an option or a name of a file is the same in every language."""
    named = re.compile(r"'[^']*'|\"[^\"]*\"|\S*[./=@:_-]\S*|\([^)]*\)|（[^）]*）|\b[A-Z]\S*(?: [A-Z]\S*)*")
    command = re.compile(r"\b(?:licscan|pnpm|yarn|pip|git|npm)(?: [a-z]+)+")
    told = {key: WORDS.findall(named.sub("·", command.sub("·", prose(text)))) for key, text in catalogue().items()}
    assert not {key: found for key, found in told.items() if found}


def test_lists_are_parted_as_the_language_does() -> None:
    with speaking("zh"):
        assert messages._(", ").join(("MIT", "ISC")) == "MIT、ISC"
        assert messages._("; ").join(("MIT OR ISC", "MIT AND ISC")) == "MIT OR ISC；MIT AND ISC"
        assert run_on("没有义务。", "", "没有豁免的事项。") == "没有义务。没有豁免的事项。"
    with speaking("en"):
        assert messages._(", ").join(("MIT", "ISC")) == "MIT, ISC"
        assert run_on("Nothing is owed.", "", "Nothing is waived.") == "Nothing is owed. Nothing is waived."
