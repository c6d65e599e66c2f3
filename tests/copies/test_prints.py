"""The tokenizers: compiled and in Python the same on any bytes, blind for what build tools change, linear."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.copies.helpers import telling_prints
from licscan.copies.prints import Fingerprints, Language, fingerprints, fingerprints_in_python, language_of
from tests.copies.made import library, minified, module
from tests.growth import assert_linear

PIECES = [
    b"a", b"foo", b".", b"(", b")", b"{", b"}", b"[", b"]", b"/", b"'", b'"', b"`", b"${", b"\\", b"\n", b"\r\n", b"*/",
    b"/*", b"//", b"#", b"'''", b'"""', b"r", b"f", b"rb", b"=", b"==", b",", b";", b":", b"if", b"return", b"1", b".5",
    b"e+", b"\x00", b"\xff", b"\xe2\x80", b"get", b"import", b"from", b"require", b"def", b"class", b" ", b"\\x41",
    b"\\u0041", b"\\0", b"abcd", b"<", b">", b"use strict", b"default", b"static", b"$", b"\x7f", b"#!",
]  # fmt: skip


def same(one: Fingerprints, other: Fingerprints) -> bool:
    return all(
        np.array_equal(getattr(a, part), getattr(b, part))
        for a, b in ((one.anchors, other.anchors), (one.tokens, other.tokens))
        for part in ("hashes", "firsts", "lasts")
    )


def anchors(text: str, language: Language = Language.JAVASCRIPT) -> list[int]:
    return fingerprints(text.encode(), language).anchors.hashes.tolist()


@given(st.lists(st.sampled_from(PIECES), max_size=120).map(b"".join), st.sampled_from(Language))
def test_compiled_and_python_are_the_same(data: bytes, language: Language) -> None:
    assert same(fingerprints(data, language), fingerprints_in_python(data, language))


@given(st.binary(max_size=400), st.sampled_from(Language))
def test_any_bytes_are_taken(data: bytes, language: Language) -> None:
    assert same(fingerprints(data, language), fingerprints_in_python(data, language))


@pytest.mark.slow
def test_many_random_texts() -> None:
    chance = random.Random(1)
    for _round in range(4_000):
        data = b"".join(chance.choice(PIECES) for _at in range(chance.randrange(150)))
        for language in Language:
            assert same(fingerprints(data, language), fingerprints_in_python(data, language)), data


@pytest.mark.parametrize("text", [library(3), minified(library(3)), module(3)])
def test_real_text(text: str) -> None:
    language = Language.PYTHON if text.startswith('"""') else Language.JAVASCRIPT
    found = fingerprints(text.encode(), language)
    assert same(found, fingerprints_in_python(text.encode(), language))
    assert len(found.anchors) > 10
    assert len(found.tokens) > 10


KEYS = "x.alpha.bravo.charlie('delta four').echo.foxtrot; y.golf.hotel.india.juliet('kilo five', lima.mike.november)"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (KEYS, KEYS.replace("'", '"')),
        (KEYS, KEYS.replace("x.", "veryLong .").replace("y.", "z\n.")),
        (KEYS, KEYS.replace(".alpha", "['alpha']").replace(".golf", '["golf"]')),
        (KEYS, KEYS.replace("delta four", r"\x64elta\u0020four")),
        (KEYS, "/* a comment's */ " + KEYS.replace(";", "; // it's\n")),
        (KEYS, KEYS.replace("x.", "/['\"`]/.test(b)||x.").replace("/.test(b)", "/")),
        ("a={alpha:1,bravo:2,charlie:3,delta:4,echo:5}", "b = {'alpha': 1, \"bravo\": 2, charlie: 3, delta, echo: 6}"),
        (
            "class A{alpha(){}bravo(b){}charlie(){}delta(){}}",
            "class C { alpha() {} bravo(x) {} charlie() {} delta() {} }",
        ),
        ("a.alpha;`bravo ${b} charlie`;a.delta;a.echo", "z.alpha; 'bravo '; ' charlie'; z.delta; z.echo"),
    ],
)
def test_anchors_outlive(one: str, other: str) -> None:
    assert anchors(one)
    assert anchors(one) == anchors(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.alpha(bravo='charlie', d=1).delta.echo", 'b.alpha(bravo="charlie", d=2).delta.echo'),
        ("a.alpha.bravo(r'charlie').delta.echo", "'''Prose.'''\nb.alpha.bravo('charlie').delta.echo  # isn't"),
        (
            "def alpha(x): return x.bravo['kilo'].delta.echo",
            "def alpha(y):\n  'D.'\n  return y.bravo['kilo'].delta.echo",
        ),
    ],
)
def test_python_anchors_outlive(one: str, other: str) -> None:
    assert anchors(one, Language.PYTHON)
    assert anchors(one, Language.PYTHON) == anchors(other, Language.PYTHON)


@pytest.mark.parametrize("before", ["f(", "a=", "a,", "a&&", "return ", "x=>", "[", "{k:", "!", "", "c?", ";"])
@pytest.mark.parametrize("pattern", ["/>/g", '/>"/', '/[/"]/', "/\\/'/", "/=`/", "/</"])
def test_a_regular_expression_is_one_wherever_a_value_may_stand(before: str, pattern: str) -> None:
    """Were it none, the quotes in it or behind it would turn all that follows inside out."""
    assert anchors(f"{before}{pattern};{KEYS}") == anchors(f"{before}/x/;{KEYS}")


@pytest.mark.parametrize("element", ["<A/>", "<A b />", "<A b='c' />", "<A b={d} />", "<A {...b}/>", "<A></A>"])
def test_a_slash_that_closes_an_element_begins_nothing(element: str) -> None:
    assert anchors(f"f({element});{KEYS}")[-4:] == anchors(KEYS)[-4:]


def test_a_call_is_no_method() -> None:
    assert anchors("{alpha(),bravo(),charlie(),delta(),echo()}") == []


def test_a_slash_after_a_value_divides() -> None:
    divided = "a=b/c;" + KEYS + ";d=e/f"
    assert anchors(divided) == anchors(KEYS)
    assert anchors("if(a)/'/.test(b);" + KEYS) != []


@pytest.mark.parametrize("piece", ["/[", "`${", "({", "'\\", '"""', "x/*", "/=/[", "a.b(", "\\\n", "}`", "f'{", "(a"])
@pytest.mark.parametrize("language", Language)
def test_hostile_text_is_linear(piece: str, language: Language) -> None:
    def work(size: int):
        data = (piece * (size // len(piece))).encode()
        return lambda: fingerprints(data, language)

    assert_linear(work, 400_000)


def test_languages_go_by_name() -> None:
    assert language_of("a/b.min.JS") is Language.JAVASCRIPT
    assert language_of("x.tsx") is Language.JAVASCRIPT
    assert language_of("x.py") is Language.PYTHON
    assert language_of("js") is None
    assert language_of("x.css") is None


def test_helpers_of_compilers_are_nobodys() -> None:
    helper = (
        "var __awaiter = (this && this.__awaiter) || function (thisArg, _arguments, P, generator) {\n"
        "    function adopt(value) "
        "{ return value instanceof P ? value : new P(function (resolve) { resolve(value); }); }\n"
        "    return new (P || (P = Promise))(function (resolve, reject) {\n"
        "        function fulfilled(value) { try { step(generator.next(value)); } catch (e) { reject(e); } }\n"
        '        function rejected(value) { try { step(generator["throw"](value)); } catch (e) { reject(e); } }\n'
        "        function step(result) { result.done ? resolve(result.value) : adopt(result.value)"
        ".then(fulfilled, rejected); }\n"
        "        step((generator = generator.apply(thisArg, _arguments || [])).next());\n"
        "    });\n"
        "};\n"
    )
    every = fingerprints(helper.encode(), Language.JAVASCRIPT)
    telling = telling_prints(helper.encode(), Language.JAVASCRIPT)
    assert len(telling.tokens) <= len(every.tokens) // 3
