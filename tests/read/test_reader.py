"""All texts of a scan: gathered in order, detected once, and a text that fails takes nothing with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from licscan.model import Component, Origin, PackageFiles, Problem
from licscan.read import reader as module
from licscan.read.cache import DetectionCache
from licscan.read.reader import Place, Reader, Told
from licscan.read.roles import MAX_TEXTS
from licscan.read.workers import Workers
from tests.fakes import FakeDetector


class FakeContents:
    """Texts in memory, by place and path."""

    def __init__(self, texts: dict[str, str], name: str = ""):
        self.texts = texts
        self.name = name
        self.asked: list[str] = []

    def read(
        self, component: Component, files: PackageFiles, paths: Sequence[str]
    ) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
        self.asked += [f"{files.place}/{path}" for path in paths]
        found = {path: self.texts.get(f"{files.place}/{path}") for path in paths}
        problems = [Problem("read", component.purl, f"{path}: lost") for path, text in found.items() if text is None]
        return {path: text.encode() for path, text in found.items() if text is not None}, tuple(problems)

    def fixed(self, files: PackageFiles) -> str:
        return self.name


def package(name: str, *licenses: str, readmes: tuple[str, ...] = (), origin: Origin = Origin.INSTALLED) -> Place:
    component = Component(f"pkg:npm/{name}@1", name, "1", "npm", installed_at=(name,))
    return component, PackageFiles(origin, name, license_files=licenses, readme_files=readmes)


def read(
    contents: FakeContents, *places: Place, cache: DetectionCache | None = None, detector: FakeDetector | None = None
) -> tuple[Told, tuple[Problem, ...]]:
    detector = detector or FakeDetector()
    with Workers(lambda: detector, 1) as workers:
        return Reader(contents, workers, cache or DetectionCache(None, "1")).read(places)


def brief(told: Told) -> dict[str, list[str]]:
    return {purl: [f"{e.kind.value} {e.location} {e.expression}" for e in found] for purl, found in told.items()}


def test_every_package_has_its_answer() -> None:
    texts = {"a/LICENSE": "license mit", "b/LICENSE": "license isc", "b/vendor/LICENSE": "license zlib"}
    places = [package("a", "LICENSE"), package("b", "LICENSE", "vendor/LICENSE"), package("c")]
    told, problems = read(FakeContents(texts), *places)
    assert brief(told) == {
        "pkg:npm/a@1": ["file a/LICENSE:1 MIT"],
        "pkg:npm/b@1": ["file b/LICENSE:1 ISC", "part b/vendor/LICENSE:1 Zlib"],
        "pkg:npm/c@1": [],
    }
    assert problems == ()


def test_a_text_that_names_another_has_its_license() -> None:
    texts = {
        "a/LICENSE": "license unknown-license-reference kind reference in COPYING",
        "a/COPYING": "license gpl-3.0",
        "b/LICENSE": "license unknown-license-reference kind reference in COPYING",
    }
    told, _problems = read(FakeContents(texts), package("a", "COPYING", "LICENSE"), package("b", "LICENSE"))
    assert brief(told) == {
        "pkg:npm/a@1": ["file a/COPYING:1 GPL-3.0-only", "file a/LICENSE:1 GPL-3.0-only"],
        "pkg:npm/b@1": ["file b/LICENSE:1 None"],
    }


def test_what_only_a_registry_told_is_not_in_the_answer() -> None:
    assert read(FakeContents({}), package("a", "LICENSE", origin=Origin.REGISTRY)) == ({}, ())


def test_a_readme_is_read_only_where_no_file_names_a_license() -> None:
    readme = "# a\nlicense zlib\n\n## License\nlicense mit\n\n## Next\nlicense isc"
    texts = dict.fromkeys(("a/README.md", "b/README.md", "c/README.md"), readme)
    contents = FakeContents(texts | {"b/LICENSE": "license isc\ncopyright 2020 Acme", "c/LICENSE": "my own words"})
    told, _problems = read(
        contents,
        package("a", readmes=("README.md",)),
        package("b", "LICENSE", readmes=("README.md",)),
        package("c", "LICENSE", readmes=("README.md",)),
    )
    assert brief(told) == {
        "pkg:npm/a@1": ["readme a/README.md:5 MIT"],
        "pkg:npm/b@1": ["file b/LICENSE:1 ISC"],
        "pkg:npm/c@1": ["file c/LICENSE None", "readme c/README.md:5 MIT"],
    }
    assert "b/README.md" not in contents.asked


@pytest.mark.parametrize(
    ("license_", "holders"),
    [
        ("license isc", ["Acme"]),
        ("license isc\ncopyright 2020 <owner>", ["<owner>", "Acme"]),
        ("license isc\ncopyright 2020 Zed", ["Zed"]),
    ],
)
def test_of_a_readme_beside_a_license_only_whose_it_is_counts(license_: str, holders: list[str]) -> None:
    """Where the license file names nobody, the line above the text in the readme does; its license adds nothing."""
    texts = {"a/LICENSE": license_, "a/README.md": "# a\n## License\ncopyright 2013 Acme\nlicense mit"}
    with Workers(FakeDetector, 1) as workers:
        reader = Reader(FakeContents(texts), workers, DetectionCache(None, "1"))
        told, _problems = reader.read([package("a", "LICENSE", readmes=("README.md",))])
    assert brief(told) == {"pkg:npm/a@1": ["file a/LICENSE:1 ISC"]}
    assert sorted(one.holder for one in reader.copyrights["pkg:npm/a@1"]) == holders


def test_a_second_run_detects_nothing(tmp_path: Path) -> None:
    texts = {"a/LICENSE": "license mit", "b/LICENSE": "license mit", "c/README": "# License\nlicense isc"}
    places = [package("a", "LICENSE"), package("b", "LICENSE"), package("c", readmes=("README",))]
    first, second = FakeDetector(), FakeDetector()
    told = read(FakeContents(texts), *places, cache=DetectionCache(tmp_path / "kept", "1"), detector=first)
    again = read(FakeContents(texts), *places, cache=DetectionCache(tmp_path / "kept", "1"), detector=second)
    assert told == again
    assert len(first.asked) == 2, "the same text of two packages is detected once"
    assert second.asked == []


def test_an_archive_that_is_named_by_its_hash_is_opened_once(tmp_path: Path) -> None:
    contents = FakeContents({"a.tgz/LICENSE": "license mit\ncopyright 2020 Acme", "a.tgz/README": "x"}, name="sha256")
    place = package("a.tgz", "LICENSE", readmes=("README",))
    told = read(contents, place, cache=DetectionCache(tmp_path / "kept", "1"))
    again = read(contents, place, cache=DetectionCache(tmp_path / "kept", "1"))
    assert told == again
    assert contents.asked == ["a.tgz/LICENSE"]
    read(contents, place, cache=DetectionCache(tmp_path / "kept", "2"))
    assert contents.asked == ["a.tgz/LICENSE"] * 2, "another detection needs the text again"


def test_a_text_whose_findings_were_lost_is_read_again(tmp_path: Path) -> None:
    contents = FakeContents({"a.tgz/LICENSE": "license mit", "b.tgz/LICENSE": "license isc"}, name="sha256")
    places = [package("a.tgz", "LICENSE"), package("b.tgz", "LICENSE")]
    told = read(contents, *places, cache=DetectionCache(tmp_path / "kept", "1"))
    with closing(sqlite3.connect(tmp_path / "kept")) as connection, connection:
        connection.execute("delete from texts_4 where rowid = 1")
    contents.asked.clear()
    assert read(contents, *places, cache=DetectionCache(tmp_path / "kept", "1")) == told
    assert len(contents.asked) == 1, "the other text is known"


def test_what_is_kept_of_an_archive_is_for_the_texts_that_were_asked_for(tmp_path: Path) -> None:
    contents = FakeContents({"a.tgz/LICENSE": "license mit", "a.tgz/TERMS": "license isc"}, name="sha256")
    read(contents, package("a.tgz", "LICENSE"), cache=DetectionCache(tmp_path / "kept", "1"))
    told, _problems = read(contents, package("a.tgz", "LICENSE", "TERMS"), cache=DetectionCache(tmp_path / "kept", "1"))
    assert brief(told) == {"pkg:npm/a.tgz@1": ["file a.tgz/LICENSE:1 MIT", "file a.tgz/TERMS:1 ISC"]}


def test_a_text_that_fails_is_a_problem_and_the_rest_stands(tmp_path: Path) -> None:
    contents = FakeContents({"a/LICENSE": "crash", "b/LICENSE": "license mit"}, name="sha256")
    for _run in range(2):
        told, problems = read(
            contents, package("a", "LICENSE"), package("b", "LICENSE"), cache=DetectionCache(tmp_path / "k", "1")
        )
        assert brief(told) == {"pkg:npm/a@1": [], "pkg:npm/b@1": ["file b/LICENSE:1 MIT"]}
        said = "a/LICENSE: licscan failed with RuntimeError on this text; please report it"
        assert problems == (Problem("read", "pkg:npm/a@1", said),)


def test_what_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    contents = FakeContents({"a/LICENSE": "license mit"}, name="sha256")
    for _run in range(2):
        told, problems = read(
            contents, package("a", "LICENSE", "COPYING"), cache=DetectionCache(tmp_path / "kept", "1")
        )
        assert brief(told) == {"pkg:npm/a@1": ["file a/LICENSE:1 MIT"]}
        assert problems == (Problem("read", "pkg:npm/a@1", "COPYING: lost"),)


def test_too_many_texts_are_said() -> None:
    paths = [f"{number:03}/LICENSE" for number in range(MAX_TEXTS + 5)]
    contents = FakeContents({f"a/{path}": "license mit" for path in paths})
    told, problems = read(contents, package("a", *paths))
    assert len(told["pkg:npm/a@1"]) == MAX_TEXTS
    assert [problem.message for problem in problems] == ["has 205 license texts; 200 of them were read"]


def test_large_texts_come_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BATCH", 10)
    texts = {f"{name}/LICENSE": f"license mit\n{name}" for name in "abcde"}
    told, _problems = read(FakeContents(texts), *(package(name, "LICENSE") for name in "abcde"))
    assert all(len(found) == 1 for found in told.values())
    assert len(told) == 5
