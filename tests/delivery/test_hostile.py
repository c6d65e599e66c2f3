"""What a supplier may do to harm whoever opens his delivery: it ends in a word, in bounded time and memory."""

from __future__ import annotations

import gzip
import json
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from licscan.base.errors import InputError
from licscan.delivery.envelope import MalformedError, load, read_envelope
from licscan.delivery.examine import Inquiry, examine
from licscan.delivery.opening import ENVELOPE
from licscan.delivery.page import to_html, to_text
from licscan.delivery.statement import read_statement
from licscan.model import Verdict
from tests.delivery.making import Case, change_json, members, resign, write_tar
from tests.growth import assert_linear


def codes(path: Path, case: Case) -> set[str]:
    return {one.code for one in examine(Inquiry(path, (), case.public)).checks}


def test_a_bomb_is_not_unpacked(clean: Case, tmp_path: Path) -> None:
    bomb = tmp_path / "annex.tar.gz"
    with gzip.open(bomb, "wb", compresslevel=9) as file:
        info = tarfile.TarInfo("annex/NOTICES.txt")
        info.size = 600 * 1024 * 1024
        file.write(info.tobuf())
        for _piece in range(600):
            file.write(bytes(1024 * 1024))
        file.write(bytes(1024))
    assert bomb.stat().st_size < 1024 * 1024
    with pytest.raises(InputError, match="unpacks to more than"):
        examine(Inquiry(bomb))


def test_a_zip_that_leads_out_is_unsafe(clean: Case, tmp_path: Path) -> None:
    path = tmp_path / "annex.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for info, data in members(clean.archive):
            archive.writestr(info.name, data)
        archive.writestr("../../escape", b"x")
    found = codes(path, clean)
    assert "archive-unsafe" in found
    assert not (tmp_path.parent / "escape").exists()


def test_other_archives_and_images_are_refused(tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    with pytest.raises(InputError, match="not an archive"):
        examine(Inquiry(picture))
    image = tmp_path / "image"
    image.mkdir()
    (image / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    (image / "index.json").write_text('{"schemaVersion":2,"manifests":[]}')
    told = None
    try:
        told = examine(Inquiry(image))
    except InputError:
        return
    assert told.verdict is Verdict.VIOLATION


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_does_not_hang(clean: Case, tmp_path: Path) -> None:
    case = clean.copy(tmp_path)
    os.mkfifo(case.folder / "pipe")
    assert "archive-unsafe" in codes(case.folder, case)


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"null", b'{"a":1,"a":2}', b"[" * 100_000, b'{"a":' * 100_000, b'{"payload":NaN}',
     b"\xff\xfe{}"],
    ids=["nothing", "cut", "list", "null", "twice", "deep-lists", "deep-tables", "nan", "utf-16"],
)  # fmt: skip
def test_damaged_json_is_malformed(data: bytes) -> None:
    for read in (load, read_envelope, read_statement):
        with pytest.raises(MalformedError):
            read(data)


def test_paths_of_the_statement_lead_nowhere_else() -> None:
    for path in ("../a", "/etc/passwd", "a/../b", "a//b", "C:\\a", "a\0b", ".ssh/x", "a b", "a/b/c/d/e"):
        told = {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": "a", "digest": {"sha256": "0" * 64}}],
            "predicateType": "https://in-toto.io/attestation/reference/v0.1",
            "predicate": {"references": [{"name": path, "mediaType": "a/b", "digest": {"sha256": "0" * 64}}]},
        }
        with pytest.raises(MalformedError, match="not a path inside the delivery"):
            read_statement(json.dumps(told).encode())


def test_what_the_delivery_says_is_harmless_on_the_page(clean: Case, tmp_path: Path) -> None:
    case = clean.copy(tmp_path)
    hostile = "<script>alert(1)</script>\x1b[2J\u202e{0.__class__}{key}"
    change_json(case.folder / "delivery.json", lambda told: told["product"].update(name=hostile, version=hostile))
    points = [{"verdict": "open", "component": hostile, "sentence": hostile, "source": "x"}]
    change_json(case.folder / "open-points.json", lambda told: told.update(points=points))
    resign(case, case.private)
    told = examine(Inquiry(case.folder, (), case.public))
    for page in (to_text(told), to_html(told)):
        assert "\x1b" not in page
        assert "\u202e" not in page
    assert "<script>" not in to_html(told)
    assert "{0.__class__}" in to_text(told)


@pytest.mark.parametrize(
    "name", ["delivery.json", "notices.json", "duties.json", "open-points.json", "source-offers.json"]
)
@pytest.mark.parametrize("content", [{}, {"components": 7, "duties": "x", "points": {}}, {"components": [1, None, {}]}])
def test_documents_of_other_shapes_do_not_end_the_check(
    clean: Case, tmp_path: Path, name: str, content: dict[str, object]
) -> None:
    case = clean.copy(tmp_path)
    (case.folder / name).write_text(json.dumps(content))
    resign(case, case.private)
    assert examine(Inquiry(case.folder, (case.artifact,), case.public)).checks


@pytest.mark.parametrize("name", ["a/delivery.dsse.json", "b/delivery.dsse.json"])
def test_two_envelopes_are_not_chosen_between(clean: Case, tmp_path: Path, name: str) -> None:
    path = tmp_path / "annex.tar.gz"
    info = tarfile.TarInfo(name)
    info.size = 2
    write_tar(path, [*members(clean.archive), (info, b"{}")])
    told = examine(Inquiry(path, (), clean.public))
    assert told.verdict is Verdict.VIOLATION


def test_many_files_take_linear_time(tmp_path: Path) -> None:
    def work(count: int) -> Callable[[], object]:
        path = tmp_path / f"{count}.tar.gz"
        with tarfile.open(path, mode="w:gz") as tar:
            for number in range(count):
                tar.addfile(tarfile.TarInfo(f"annex/{number}"))
        return lambda: examine(Inquiry(path))

    assert_linear(work, 1_600)


def test_an_envelope_in_another_form_is_read_and_told(clean: Case, tmp_path: Path) -> None:
    case = clean.copy(tmp_path)
    path = case.folder / ENVELOPE
    path.write_text(json.dumps(json.loads(path.read_text()), sort_keys=True))
    told = examine(Inquiry(case.folder, (case.artifact,), case.public))
    assert "envelope-rewritten" in {one.code for one in told.checks}
    assert told.verdict is Verdict.OK
