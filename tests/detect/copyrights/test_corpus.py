"""Agreement with the experts over the corpus of the companion folder, as `scripts/measure_copyrights` counts it."""

from __future__ import annotations

import json
import sys
from collections import Counter
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "measure_copyrights"


def script() -> ModuleType:
    loader = SourceFileLoader("measure_copyrights", str(SCRIPT))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    loader.exec_module(module)
    sys.dont_write_bytecode = before
    return module


def test_folding() -> None:
    measure = script()
    assert measure.folded("Copyright © 2001 Ánn-Example,  Inc.") == "copyright 2001 ann example inc"
    assert measure.folded("Copyright (c) 2001 Ann Example Inc") == "copyright 2001 ann example inc"


def test_holders_agree_with_the_experts(shared: Path) -> None:
    measure = script()
    corpus = shared / "corpora" / "copyrights.dev.jsonl"
    table: dict[tuple[str, str], Counter[str]] = {}
    for line in corpus.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        measure.compare(case, measure.answers(corpus.parent / "copyrights" / case["path"]), table, show=False)
    counts = table["holders", "all"]
    assert 2 * counts["hit"] / (counts["found"] + counts["right"]) >= 0.90
