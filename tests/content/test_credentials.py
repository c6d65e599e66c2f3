"""Content Credentials: verified where the library is installed and signature and hashes hold, else there, no more."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from licscan.cli import cli
from licscan.content import credentials, validating
from licscan.content.credentials import validate_files, with_validation
from licscan.content.reading import ReadFile
from licscan.content.validating import Validation
from licscan.media import read_media
from licscan.media.blob import Held
from licscan.model.media import AiMark, MarkKind, MediaFacts
from tests.content.signing import picture, signed, signed_png
from tests.content.test_questions import by_path, scanned
from tests.media import making

STORE = making.credentials({"claim_generator": "Maker/1"})
UNSIGNED = making.png((b"caBX", STORE))


def facts(data: bytes) -> MediaFacts:
    read = read_media(Held(data), "a.png")
    assert read is not None
    return read


def mark_of(read: MediaFacts) -> AiMark:
    (mark,) = [one for one in read.marks if one.kind is MarkKind.C2PA]
    return mark


def validated_mark(data: bytes, folder: Path) -> AiMark:
    path = folder / "a.png"
    path.write_bytes(data)
    with path.open("rb") as file:
        return mark_of(with_validation(facts(data), file.fileno(), len(data)))


def identified(path: Path, form: str) -> str:
    done = CliRunner().invoke(cli, ["identify", "--format", form, str(path)])
    assert done.exit_code == 0, done.output
    return done.output


def test_a_signature_that_holds(tmp_path: Path) -> None:
    mark = validated_mark(signed_png(), tmp_path)
    assert (mark.verified, mark.detail) == (True, "trainedAlgorithmicMedia")


SIGNED = {
    "a.jpg": (picture("JPEG"), "image/jpeg"), "a.gif": (picture("GIF"), "image/gif"),
    "a.webp": (picture("WEBP"), "image/webp"), "a.tif": (picture("TIFF"), "image/tiff"),
    "a.svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>', "image/svg+xml"),
    "a.mp3": (making.SAMPLES["a.mp3"][:-161], "audio/mpeg"), "a.wav": (making.wav(), "audio/wav"),
    "a.flac": (making.SAMPLES["a.flac"], "audio/flac"), "a.avi": (making.avi({}), "video/avi"),
    "a.mp4": (making.m4a(b"isom"), "video/mp4"), "a.m4a": (making.m4a(), "audio/mp4"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(SIGNED))
def test_what_the_library_signs_in_each_format_is_found_and_holds(name: str, tmp_path: Path) -> None:
    data = signed(*SIGNED[name])
    read = read_media(Held(data), name)
    assert read is not None
    assert mark_of(read) == AiMark(MarkKind.C2PA, mark_of(read).field, "Maker 1", "trainedAlgorithmicMedia")
    path = tmp_path / name
    path.write_bytes(data)
    with path.open("rb") as file:
        assert mark_of(with_validation(read, file.fileno(), len(data))).verified


def test_pixels_that_were_changed(tmp_path: Path) -> None:
    data = bytearray(signed_png())
    data[data.rindex(b"IDAT") + 6] ^= 0xFF
    mark = validated_mark(bytes(data), tmp_path)
    assert (mark.verified, mark.detail) == (
        False, "trainedAlgorithmicMedia; is invalid: assertion.dataHash.mismatch",
    )  # fmt: skip


def test_a_claim_that_was_changed(tmp_path: Path) -> None:
    mark = validated_mark(signed_png().replace(b"Maker", b"Taker"), tmp_path)
    assert not mark.verified
    assert "claimSignature.mismatch" in mark.detail


def test_a_store_without_a_signature_is_there_and_no_more(tmp_path: Path) -> None:
    pytest.importorskip("c2pa", reason="the extra c2pa is not installed")
    assert not validated_mark(UNSIGNED, tmp_path).verified


def test_identify(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(signed_png())
    marks = json.loads(identified(path, "json"))[0]["media"]["ai_marks"]
    assert [one["verified"] for one in marks if one["kind"] == "c2pa"] == [True]
    assert "signature and hashes are valid" in identified(path, "table")


def test_scan(tmp_path: Path) -> None:
    found = by_path(scanned(tmp_path, {"art/door.png": signed_png()}))
    assert [mark.verified for mark in found["art/door.png"].marks if mark.kind is MarkKind.C2PA] == [True]


def test_identify_without_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "can_validate", lambda: False)
    path = tmp_path / "a.png"
    path.write_bytes(UNSIGNED)
    assert "(present, not verified)" in identified(path, "table")


def test_only_a_file_with_one_store_is_validated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "can_validate", lambda: True)
    two = AiMark(MarkKind.C2PA, "png:other")
    read = facts(UNSIGNED)
    assert credentials.may_be_validated(read)
    assert not credentials.may_be_validated(MediaFacts(read.kind, read.format, marks=(*read.marks, two)))
    assert not credentials.may_be_validated(MediaFacts(read.kind, read.format))
    assert not credentials.may_be_validated(MediaFacts(read.kind, "sfnt", marks=read.marks))


def test_so_many_files_are_validated_the_same_bytes_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def told(descriptor: int, media_type: str) -> Validation:
        asked.append(os.fstat(descriptor).st_size)
        return Validation(holds=True)

    monkeypatch.setattr(credentials, "can_validate", lambda: True)
    monkeypatch.setattr(credentials, "validated", told)
    monkeypatch.setattr(credentials, "MAX_FILES", 2)
    files = [
        ReadFile(f"{name}.png", digest, len(UNSIGNED), facts(UNSIGNED))
        for name, digest in zip("abcd", "1123", strict=True)
    ]
    for one in files:
        (tmp_path / one.path).write_bytes(UNSIGNED)
    made, problems = validate_files(tmp_path, files)
    assert [mark_of(one.facts).verified for one in made] == [True, True, True, False]
    assert [one.subject for one in problems] == ["d.png"]
    assert len(asked) == 2


@pytest.mark.parametrize(
    "program",
    [
        "import os; os.abort()",
        "print('[]')",
        "print('not json')",
        "raise SystemExit(1)",
        "print('{\"holds\": true}')",
    ],
)
def test_a_process_that_ends_otherwise_tells_nothing(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "child.py"
    script.write_text(program)
    monkeypatch.setattr(validating, "__file__", str(script))
    with script.open("rb") as file:
        assert validating.validated(file.fileno(), "image/png") is None


@pytest.mark.skipif(sys.platform == "win32", reason="no such bounds there")
def test_the_process_opens_no_file_and_no_connection() -> None:
    code = "from licscan.content.validating import _bound; import socket; _bound(); socket.socket()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "Too many open files" in done.stderr
