"""Chinese and Japanese texts are found wherever their lines end: there is no space for a word to end at."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from licscan.detect import tokenizer
from licscan.detect.data import read_own
from licscan.detect.engine import Detector
from tests.detect import licensedb

WIDE = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")
JOINT = re.compile(r"(?<=[\u3000-\u9fff\uff01-\uffee])(?=[\u3000-\u9fff\uff01-\uffee])")
"""Where a line may end: between two wide characters, punctuation included."""


def wrapped(text: str, columns: int) -> str:
    """A line feed at every so many-th place where a line may end."""
    joints = [found.start() for found in JOINT.finditer(text)][columns::columns]
    return "\n".join(text[start:end] for start, end in zip([0, *joints], [*joints, len(text)], strict=True))


def commented(text: str) -> str:
    return "/*\n" + "".join(f" * {line}\n" for line in wrapped(text, 21).split("\n")) + " */\n"


def joined(text: str) -> str:
    return re.sub(r"(?<=[\u3000-\u9fff])[ \t]*\n[ \t]*(?=[\u3000-\u9fff])", "", text)


ASIAN = frozenset({"cc-by-sa-2.1-jp", "mulanpsl-1.0", "mulanpsl-2.0", "nysl-0.9982-jp"})
"""The LicenseDB's licenses that are written in Chinese or Japanese."""

FORMS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "9 columns": lambda text: wrapped(text, 9),
    "23 columns": lambda text: wrapped(text, 23),
    "on few lines": joined,
    "spaced": lambda text: JOINT.sub(" ", text),
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "in a comment": commented,
    "behind marks": lambda text: "".join(f"# {line}\n" for line in wrapped(text, 30).split("\n")),
}


def texts() -> list[tuple[str, str]]:
    """License expressions and texts of all rules that hold Chinese or Japanese: the LicenseDB's texts and ours."""
    given = [(entry.expression, entry.text) for entry in licensedb.licenses() if entry.facts.get("key") in ASIAN]
    given += [(rule.expression, rule.text) for rule in read_own().rules]
    return [(expression, re.sub(r"\{\{|\}\}", "", text)) for expression, text in given if len(WIDE.findall(text)) >= 2]


def test_every_chinese_and_japanese_text_is_found_in_every_form(detector: Detector) -> None:
    known = texts()
    assert len(known) > 150
    for expression, text in known:
        plain = found_in(detector, text)
        assert [one for one, _rule, _coverage in plain] == [expression], text[:80]
        for name, form in FORMS.items():
            assert found_in(detector, form(text)) == plain, (name, text[:80])


def found_in(detector: Detector, text: str) -> list[tuple[str, str, float]]:
    return [
        (match.expression, match.rule, match.coverage)
        for match in detector.detect(text.encode("utf-8"), "LICENSE").matches
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("木兰宽松许可证，第2版", ["木", "兰", "宽", "松", "许", "可", "证", "第", "2", "版"]),
        ("使用MIT许可", ["使", "用", "mit", "许", "可"]),
        ("著作権のライセンスー", ["著", "作", "権", "の", "ラ", "イ", "セ", "ン", "ス", "ー"]),
        ("ﾗｲｾﾝｽ", ["ﾗ", "ｲ", "ｾ", "ﾝ", "ｽ"]),
        ("様々な人々", ["様", "々", "な", "人", "々"]),
        ("c++许+可", ["c+", "许", "可"]),
        ("라이선스 license", ["라이선스", "license"]),
    ],
)
def test_characters_without_spaces_are_words(text: str, words: list[str]) -> None:
    assert tokenizer.words_of(text) == words
