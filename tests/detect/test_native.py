"""The native extension gives what numpy gives, whatever it is given."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.detect import alignment, candidates, lookup, primitives, tokenizer
from licscan.detect.arrays import STOPWORD, Ints, Tokens, Vocabulary
from licscan.detect.build import compile_index
from licscan.detect.data import Rule, Source
from licscan.detect.engine import Detector
from licscan.detect.index import Index
from licscan.detect.words import STOPWORDS, distinctive_words

try:
    from licscan.detect import compiled
except ImportError:
    compiled = None  # type: ignore[assignment]

built = pytest.mark.skipif(compiled is None, reason="the native extension is not built")

WORDS = [*sorted(distinctive_words())[:3], *(f"zz{letter}" for letter in "abcd"), sorted(STOPWORDS)[0]]
texts_of_words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=40).map(" ".join)
rule_sets = st.lists(texts_of_words, min_size=1, max_size=8)
numbers = st.lists(st.integers(-1, 7), max_size=120)
VOCABULARY = Vocabulary(
    {
        "mit": 0,
        "license": 1,
        "lgpl2+": 2,
        "ärger": 3,
        "許": 4,
        "の": 10,
        "a+b": 5,
        "i": 6,
        "ς": 7,
        "σ": 8,
        "a" * 40: 9,
        "br": STOPWORD,
    },
    2,
)
texts = st.lists(
    st.sampled_from(
        [
            *VOCABULARY.ids,
            "MIT",
            "ÄRGER",
            "Σ",
            "ΜΊΑΣ",
            "İ",
            "_",
            "+",
            "\n",
            " ",
            "\r\n",
            "x",
            "²",
            "\ud800",
            "😀",
            "許",
            "の",
            "ー",
            "ｱ",
            "\U00020000",
            "+許",
            "a+許+b",
            "mit許+mit",
            "A" * 40,
        ]
    )
    | st.text(max_size=4),
    max_size=60,
).map("".join)


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler here")
def test_the_extension_is_built_where_there_is_a_compiler() -> None:
    assert compiled is not None


def test_the_environment_forces_numpy() -> None:
    code = "from licscan.detect import primitives; print(primitives.NATIVE, primitives.tokenize.__module__)"
    environment = {**os.environ, "LICSCAN_NATIVE": "0"}
    told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["None", "licscan.detect.tokenizer"]


@built
def test_an_extension_of_other_sources_is_refused() -> None:
    code = (
        "from licscan.detect import _native; _native.INTERFACE = 0; from licscan.detect import primitives; "
        "print(primitives.NATIVE)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["None"]


def index_of(rules: list[str]) -> Index:
    return compile_index(Source((), tuple(Rule(f"{at}.RULE", "mit", text) for at, text in enumerate(rules))))


def ints(items: list[int]) -> Ints:
    return np.array(items, dtype=np.int32)


def same_tokens(one: Tokens, other: Tokens) -> bool:
    return all(getattr(one, name).tolist() == getattr(other, name).tolist() for name in Tokens.__dataclass_fields__)


@built
@given(texts)
def test_tokens_are_the_same(text: str) -> None:
    assert same_tokens(compiled.tokenize(text, VOCABULARY), tokenizer.tokenize(text, VOCABULARY))


@built
@given(st.text())
def test_tokens_of_any_text_are_the_same(text: str) -> None:
    assert same_tokens(compiled.tokenize(text, VOCABULARY), tokenizer.tokenize(text, VOCABULARY))


@st.composite
def rules_and_query(draw: st.DrawFn) -> tuple[Index, Ints]:
    """An index of some rules, and ids that hold stretches of them, holes, and whatever comes."""
    index = index_of(draw(rule_sets))
    ids: list[int] = []
    for rule in draw(st.lists(st.integers(-1, len(index) - 1), max_size=6)):
        if rule >= 0:
            tokens = index.tokens(rule).tolist()
            ids += tokens[draw(st.integers(0, 3)) : draw(st.integers(1, len(tokens)))]
        ids += draw(st.lists(st.integers(-1, 7), max_size=2))
    return index, ints(ids)


@built
@given(rules_and_query())
def test_exact_occurrences_are_the_same(case: tuple[Index, Ints]) -> None:
    index, ids = case
    native, plain = compiled.find_exact(ids, index.exact), lookup.find_exact(ids, index.exact)
    assert [part.tolist() for part in native] == [part.tolist() for part in plain]
    rules = [index.tokens(rule).tolist() for rule in range(len(index))]
    text = ids.tolist()
    every = [
        (at, rule)
        for at in range(len(text))
        for rule, tokens in enumerate(rules)
        if text[at : at + len(tokens)] == tokens
    ]
    assert list(zip(*(part.tolist() for part in native), strict=True)) == every


@built
@given(rules_and_query(), st.integers(0, 5))
def test_candidates_are_the_same(case: tuple[Index, Ints], top: int) -> None:
    index, ids = case
    native, plain = (step.rank_candidates(ids, index.candidates, top) for step in (compiled, candidates))
    assert native.tolist() == plain.tolist()


@built
@given(rules_and_query(), st.lists(st.integers(0, 7), max_size=5))
def test_resemblances_are_the_same(case: tuple[Index, Ints], rules: list[int]) -> None:
    index, ids = case
    some = ints([rule % len(index) for rule in rules if len(index)])  # rules of stopwords alone make no index
    native, plain = (step.resemblances(ids, some, index.candidates) for step in (compiled, candidates))
    assert native.tolist() == plain.tolist()


@built
@given(numbers, st.lists(st.integers(0, 7), max_size=60), st.integers(0, 8))
def test_blocks_are_the_same(query: list[int], rule: list[int], high: int) -> None:
    assert compiled.align(ints(query), ints(rule), high) == alignment.align(ints(query), ints(rule), high)


@built
@given(st.lists(st.integers(-1, 2), min_size=80, max_size=300), st.lists(st.integers(0, 2), min_size=60, max_size=200))
def test_blocks_of_repetitive_texts_are_the_same(query: list[int], rule: list[int]) -> None:
    """Here grams stand so often that they seed nothing, and windows are too large to search."""
    assert compiled.align(ints(query), ints(rule), 1) == alignment.align(ints(query), ints(rule), 1)


@built
@given(
    st.lists(st.integers(0, 3), min_size=3, max_size=12),
    st.lists(st.lists(st.integers(-1, 3), max_size=6), min_size=1, max_size=20),
)
def test_a_rule_that_stands_whole_is_one_block(rule: list[int], between: list[list[int]]) -> None:
    """At its first place, however often it stands there."""
    query = [token for some in between for token in (*some, *rule)]
    first = next(at for at in range(len(query)) if query[at : at + len(rule)] == rule)
    found = compiled.align(ints(query), ints(rule), 2)
    assert found == alignment.align(ints(query), ints(rule), 2)
    assert found == ([(first, 0, len(rule))] if min(rule) < 2 else [])


def test_an_answer_is_told_again_only_for_the_same_question() -> None:
    asked: list[int] = []

    def step(query: Ints, rule: Ints, high: int) -> list[alignment.Block]:
        asked.append(len(query))
        return [(int(query[-1]), int(rule[-1]), high)]

    align = primitives.remembering(step)
    long, other, rule = ints([1] * primitives.LONG), ints([1] * (primitives.LONG - 1) + [2]), ints([1, 2, 3])
    assert [align(query, rule, 1) for query in (long, long.copy(), other)] == [[(1, 3, 1)], [(1, 3, 1)], [(2, 3, 1)]]
    assert align(other, ints([1, 2, 4]), 1) == [(2, 4, 1)]
    assert align(other, ints([1, 2, 4]), 2) == [(2, 4, 2)]
    assert asked == [primitives.LONG] * 4


@built
def test_threads_do_not_disturb_each_other() -> None:
    """Steps run without the interpreter's lock, and ranking keeps its scratch from call to call."""
    rules = [" ".join(WORDS[(at * step) % 7] for at in range(30)) for step in range(1, 7)]
    index = index_of(rules)
    queries = [np.concatenate([index.tokens(rule)] * (1 + rule)) for rule in range(len(index))] * 50
    expected = [candidates.rank_candidates(query, index.candidates, 9).tolist() for query in queries]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda query: compiled.rank_candidates(query, index.candidates, 9).tolist(), queries))
        lines = list(pool.map(lambda text: compiled.tokenize(text, VOCABULARY).lines.tolist(), ["mit \u0400\n"] * 50))
    assert any(expected)
    assert found == expected
    assert lines == [[1]] * 50


@built
def test_arrays_of_other_sizes_are_refused() -> None:
    tables = index_of(["zza", "zza zzb zzc zzd"]).exact
    for name, wrong in (
        ("bitmap", tables.bitmap[:-1]),
        ("anchor_rules", tables.anchor_rules[:0]),
        ("anchors", tables.anchors.astype(np.float32)),
        ("tokens", tables.tokens.astype(np.int64)),
        ("short_rules", np.append(tables.short_rules, tables.short_rules)),
    ):
        with pytest.raises(ValueError, match=":"):
            compiled.find_exact(ints([1, 2]), replace(tables, **{name: wrong}))
    with pytest.raises(ValueError, match="as many words as ids"):
        compiled._native.vocabulary(b"one\ntwo", ints([1]))


@built
def test_tables_that_lie_find_nothing() -> None:
    """An index file that was damaged in place leads to no reading outside of its arrays."""
    tables = index_of(["aaa zzb zzc zzd"]).exact
    ids = ints([0, 1, 2, 3])
    assert compiled.find_exact(ids, tables)[0].tolist() == [0]
    for lie in (
        replace(tables, offsets=ints([0, 2**31 - 1])),
        replace(tables, offsets=ints([-4, 0])),
        replace(tables, anchor_rules=ints([7])),
        replace(tables, anchor_rules=ints([-1])),
        replace(tables, anchor_places=ints([2**31 - 1])),
        replace(tables, anchor_places=ints([-1])),
    ):
        assert compiled.find_exact(ids, lie)[0].tolist() == []


@built
@pytest.mark.parametrize(("size", "expected"), [(66, [(0, 0, 66)]), (67, [])])
def test_a_gram_that_stands_too_often_seeds_nothing(size: int, expected: list[alignment.Block]) -> None:
    """64 grams times 64 are 4,096 pairs; times 65 they are more."""
    query, rule = ints([0] * 66), ints([0] * size)
    assert compiled.align(query, rule, 1) == alignment.align(query, rule, 1) == expected


@built
def test_real_texts_get_the_same_at_every_step(shared: Path, detector: Detector) -> None:
    """A sample over all suites, against the whole index."""
    library = detector.library
    index = library.parts[0]
    files = sorted(path for path in (shared / "corpora" / "licenses").rglob("*") if path.is_file())[::40]
    assert files
    for path in files:
        text = path.read_text("utf-8", "surrogateescape")
        tokens = compiled.tokenize(text, library.vocabulary)
        assert same_tokens(tokens, tokenizer.tokenize(text, library.vocabulary)), path
        hits = [step.find_exact(tokens.ids, index.exact) for step in (compiled, lookup)]
        assert [part.tolist() for part in hits[0]] == [part.tolist() for part in hits[1]], path
        ranked, plain = (step.rank_candidates(tokens.ids, index.candidates, 10) for step in (compiled, candidates))
        assert ranked.tolist() == plain.tolist(), path
        for rule in ranked[:3].tolist():
            blocks, expected = (
                step.align(tokens.ids, index.tokens(rule), index.high) for step in (compiled, alignment)
            )
            assert blocks == expected, path
