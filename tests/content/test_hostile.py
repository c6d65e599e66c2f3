"""Texts beside content that are made to take long, and files that change while they are read."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from licscan.base import messages
from licscan.config.kinds import content_files
from licscan.config.settings import ContentSetting, is_about
from licscan.content import beside, reading
from licscan.content.annotations import MAX_GLOBS, MAX_PATTERNS, annotations_of
from licscan.content.beside import MAX_ENTRIES, entries_in, read_texts_beside, told_beside
from licscan.content.cache import FactsCache, dump, load
from licscan.content.claims import plain_name
from licscan.content.gather import _recorded
from licscan.content.prose import MAX_LINE, read_prose
from licscan.content.reading import ReadFile, read_files
from licscan.content.texts import Reader
from licscan.judge import Day
from licscan.judge.records import findings_of_content
from licscan.media import Format
from licscan.media.blob import Blob
from licscan.media.readers import read_as
from licscan.model.content import Content, ContentFile
from licscan.model.media import MediaFacts, MediaKind
from tests.content.making import mp3, png
from tests.content.projects import MANIFEST, Files, built, written
from tests.growth import assert_linear

LINES: dict[str, Callable[[int], str]] = {
    "stars": lambda size: "*" * size,
    "plus signs": lambda size: "- " + "+" * size + "!",
    "brackets": lambda size: "[" * size,
    "empty links": lambda size: "[](" * size,
    "spaces in a heading": lambda size: "# a" + " " * size + "b",
    "signs behind a heading": lambda size: "# a " + "# " * size + "b",
    "code": lambda size: "`" * size,
    "folders": lambda size: "a/" * size + "!",
    "a table": lambda size: "|" * size + "x",
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_a_line_is_read_in_linear_time(line: Callable[[int], str]) -> None:
    def work(size: int) -> Callable[[], object]:
        text = "\n".join([line(size)] * 20)
        return lambda: read_prose("README.md", text)

    assert_linear(work, 900)


def test_a_line_that_has_no_end_is_cut() -> None:
    names = " ".join(f"a{number}.png" for number in range(20_000))
    prose = read_prose("README.md", f"- {names}\n- last.png by Ann")
    assert len(prose.entries[0].names) < MAX_LINE
    assert prose.entries[-1].names == ("last.png",)


@pytest.mark.parametrize(
    ("heading", "said"),
    [("# Sounds", "Sounds"), ("## Sounds ##", "Sounds"), ("#  A # b", "A # b"), ("# ", "")],
)
def test_a_heading_is_read_without_its_signs(heading: str, said: str) -> None:
    words = read_prose("README.md", f"{heading}\n- a.png by Ann").entries[0].words
    assert words == "\n".join(filter(None, [said, "a.png by Ann"]))


@pytest.mark.parametrize("text", ["\n", "\n ", " ", "Copyright "])
def test_a_sidecar_is_read_in_linear_time(text: str) -> None:
    def work(size: int) -> Callable[[], object]:
        return lambda: annotations_of({"a.png.license": text * size})

    assert_linear(work, 8_000)


def test_an_owner_of_brackets_is_read_in_linear_time() -> None:
    assert_linear(lambda size: lambda: plain_name("(" * size + ")"), 8_000)


def annotated(globs: list[str]) -> str:
    return "".join(f'[[annotations]]\npath = "{glob}"\nSPDX-License-Identifier = "MIT"\n' for glob in globs)


def test_patterns_beyond_the_bound_are_a_problem() -> None:
    slow = [f"*a*b*c*{number}" for number in range(MAX_GLOBS // 100 + 1)]
    many = [f"x{number}*" for number in range(MAX_GLOBS + 1)]
    for globs in (slow, many, ["a" * 2_000 + "*"]):
        found, problems = annotations_of({"REUSE.toml": annotated(globs)})
        assert [one.subject for one in problems] == ["REUSE.toml"], globs[0]
        assert len(found.globs) == len(globs) - 1
    files = " ".join(f"a{number}" for number in range(MAX_PATTERNS + 1))
    found, problems = annotations_of({".reuse/dep5": f"Files: {files}\nLicense: MIT\nCopyright: Ann"})
    assert (len(found.plain), len(problems)) == (MAX_PATTERNS, 1)


def test_plain_paths_do_not_count_as_patterns() -> None:
    globs = [f"a{number}.png" for number in range(2_000)]
    found, problems = annotations_of({"REUSE.toml": annotated([*globs, "*.mp3"])})
    assert not problems
    assert found.of("a1999.png") is not None
    assert found.of("x.mp3") is not None


def test_lists_that_name_every_file_in_every_line_end() -> None:
    files = [f"assets/i{number}.svg" for number in range(5_000)]
    globs = "".join(f"- *a*{number}*.svg by Ann\n" for number in range(2_000))
    _prose, meant, problems = entries_in({"CREDITS.md": globs}, files)
    assert [one.subject for one in problems] == ["CREDITS.md"]
    assert meant[-1].line < 1_000


def test_of_one_file_a_bounded_number_of_entries_is_heard() -> None:
    text = "".join(f"- `a.mp3` by Ann{number}\n" for number in range(MAX_ENTRIES * 3))
    prose, meant, problems = entries_in({"CREDITS.md": text}, ["a.mp3"])
    told = told_beside(prose, meant, Reader({}), lambda name: False, (), lambda path: ())
    assert not problems
    assert len(told.lists["a.mp3"]) == MAX_ENTRIES
    assert told.lists["a.mp3"][0].location.start_line == 1


def changing(monkeypatch: pytest.MonkeyPatch, path: Path, *, before: bool) -> None:
    """Let the file change as it is read, before or after its bytes are."""

    def reading_as(blob: Blob, made: Format) -> MediaFacts:
        path.write_bytes(mp3(TPE1="Somebody Else"))
        return read_as(blob, made)

    def digest(descriptor: int, size: int, head: bytes) -> bytes:
        path.write_bytes(mp3(TPE1="Somebody Else"))
        return b"\0" * 32

    monkeypatch.setattr(reading, "digest_of_open" if before else "read_as", digest if before else reading_as)


@pytest.mark.parametrize("before", [True, False])
def test_a_file_that_changes_while_it_is_read_is_a_problem_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(mp3(TPE1="Ann"))
    kept = FactsCache(tmp_path / "cache" / "content.sqlite", "1")
    with monkeypatch.context() as patch:
        changing(patch, path, before=before)
        read = read_files(tmp_path, ["a.mp3"], kept)
    assert (read.files, [one.message for one in read.problems]) == ([], ["changed while it was read"])
    path.write_bytes(mp3(TPE1="Ann"))
    again = read_files(tmp_path, ["a.mp3"], kept)
    assert [one.text for one in again.files[0].facts.fields] == ["Ann"]


def test_what_is_kept_of_a_broken_file_is_in_no_language(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png()[:40])
    kept = FactsCache(tmp_path / "cache" / "content.sqlite", "1")
    with messages.speaking("zh"):
        first = read_files(tmp_path, ["a.png"], kept)
    second = read_files(tmp_path, ["a.png"], kept)
    assert [one.message for one in second.problems] == ["is damaged: not all of it could be read"]
    assert [one.message for one in first.problems] != [one.message for one in second.problems]
    assert first.files == second.files


def test_a_record_names_a_file_with_brackets_in_its_name() -> None:
    files = [ReadFile("a[1].mp3", "0" * 64, 1, MediaFacts(MediaKind.AUDIO, "mp3"))]
    record = ContentSetting(files=("a[1].mp3",), license="MIT")
    assert _recorded(files, [record]) == {"a[1].mp3": record}
    assert is_about(record, "a[1].mp3", "0" * 64)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_what_is_no_regular_file_is_left_out(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.mp3")
    (tmp_path / "b.mp3").symlink_to("b.mp3")
    (tmp_path / "c.mp3").symlink_to(os.devnull)
    (tmp_path / "loop").symlink_to(".")
    read = read_files(tmp_path, ["a.mp3", "b.mp3", "c.mp3", "loop/a.mp3", "gone.mp3"], FactsCache(None, "1"))
    assert (read.files, read.problems) == ([], [])


def test_every_file_may_have_a_sidecar(tmp_path: Path) -> None:
    files: Files = {"package.json": MANIFEST}
    for number in range(2_100):
        files[f"a/{number:04}.mp3"] = mp3(TPE1=f"Ann {number}")
        files[f"a/{number:04}.mp3.license"] = "SPDX-License-Identifier: MIT"
    scan = built(tmp_path, files)
    assert scan.content is not None
    assert {one.expression for one in scan.content.files} == {"MIT"}
    assert not scan.problems


def test_a_text_that_cannot_be_read_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    large = b"x" * (beside.MAX_TEXT + 1)
    written(tmp_path, {"a.mp3.license": large, "b.mp3.license": "Copyright Ann", "REUSE.toml": "\n"})
    (tmp_path / "REUSE.toml").chmod(0)
    paths = ["REUSE.toml", "a.mp3.license", "b.mp3.license", "gone.license"]
    texts, problems = read_texts_beside(tmp_path, paths)
    assert list(texts)[-1:] == ["b.mp3.license"]
    told = [one.subject for one in problems]
    assert told == (["a.mp3.license"] if os.access(tmp_path / "REUSE.toml", os.R_OK) else paths[:2])
    assert all(one.message for one in problems)
    monkeypatch.setattr(beside, "MAX_TEXTS", 2)
    assert [one.subject for one in read_texts_beside(tmp_path, paths)[1]][-1] == "b.mp3.license"


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"null",
        b"[" * 100_000,
        b"{}",
        b'["image","png",5,[],[],null,[],1,1,1,[]]',
        b'["image","png",[["title",5,6]],[],[],null,[],1,1,1,[]]',
        b'["image","png",[],[],[],"x",[],1,1,1,[]]',
        b'["image","png",[],[],[],null,[3],1,1,1,[]]',
        b'["image","png",[],[],[],null,[],"a",1,1,[]]',
        b'["image","png",[],[],[],null,[],1,1,1,[4]]',
    ],
)
def test_a_damaged_row_is_read_anew(said: bytes) -> None:
    assert load(zlib.compress(said)) is None
    assert load(said) is None


def test_a_sound_row_is_kept() -> None:
    facts = MediaFacts(MediaKind.FONT, "sfnt", embedding=2, reserved=("A",), faults=("x",))
    assert load(dump(facts)) == facts


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("assets/*.mp3", ("assets/*.mp3",)),
        ("./assets/a.mp3", ("assets/a.mp3",)),
        ("assets/", ("assets/*",)),
        (f"sha256:{'0' * 64}", (f"sha256:{'0' * 64}",)),
    ],
)
def test_files_of_a_record(said: str, read: tuple[str, ...]) -> None:
    assert content_files(said) == read


@pytest.mark.parametrize(
    "said", ["", " ", "/a.mp3", "../a.mp3", "a/../b.mp3", "a\\b.mp3", "sha256:12", "SHA256:12", []]
)
def test_files_of_a_record_that_can_mean_none(said: object) -> None:
    with pytest.raises(ValueError, match="should be"):
        content_files(said)


def test_of_a_record_what_is_gone_is_told_and_that_it_says_nothing() -> None:
    file = ContentFile("a.mp3", MediaKind.AUDIO, "mp3", "0" * 64, 1, "MIT")
    records = [
        ContentSetting(("a.mp3", "gone.mp3"), license="MIT"),
        ContentSetting(("a.mp3",)),
        ContentSetting(("*.mp3",), ownership="own"),
    ]
    found = list(findings_of_content(records, Content((file,)), Day(date(2026, 1, 1))))
    assert [one.message for one in found] == [
        "The [[content]] for gone.mp3 matches no file of this scan.",
        "The [[content]] for a.mp3 states nothing: give license, owner, ownership or reference.",
    ]
