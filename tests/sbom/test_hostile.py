"""Mutated SBOMs: judged, or one error; never another exception, and in bounded time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from licscan.base.errors import InputError
from licscan.compose.audit import audit
from licscan.compose.options import Options
from licscan.sbom.read import read_text
from tests.growth import assert_linear
from tests.sbom.mutations import large, mutated, real

pytestmark = pytest.mark.slow

REAL = real(Path(__file__).parents[1] / "cases" / "sbom")
COUNT = 120
"""`scripts/fuzz_sboms` tries more, each in a process of its own whose memory is measured."""


@pytest.mark.parametrize("number", range(COUNT))
def test_a_mutated_sbom_is_judged_or_is_one_error(number: int, tmp_path: Path) -> None:
    name, text = mutated(REAL, number)
    path = tmp_path / f"{name}.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    said = list(_said(path, tmp_path))
    assert said
    assert len(said) < 1_000
    assert all(len(line) < 1_000 and "\n" not in line for line in said)


def _said(path: Path, folder: Path) -> Iterator[str]:
    """The one error, or the counts of what was read and its problems."""
    try:
        one = audit(path, folder, Options((folder,)), None, folder / "x.db")
    except InputError as error:
        yield str(error)
    else:
        yield f"{one.scan.inputs[0].understood} of {one.scan.inputs[0].seen}"
        yield from (problem.message for problem in one.scan.problems)


@pytest.mark.parametrize("name", [name for name, _text in large(1)])
def test_very_many_components_are_read_in_linear_time(name: str) -> None:
    def work(size: int) -> Callable[[], object]:
        text = dict(large(size))[name]
        return lambda: read_text(text, name)

    assert_linear(work, 5_000)
    bom = read_text(dict(large(5_000))[name], name)
    assert len(bom.problems) < 500
    assert len(bom.components) == (0 if name == "cyclonedx-types" else 5_000)
