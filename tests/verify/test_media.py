"""The media of an artifact: whose they are by the source, what is owed for them, known sets, lost marks of AI."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import numpy as np
import pytest

from licscan.artsets import art_sets
from licscan.attribution.document import document
from licscan.attribution.render import render
from licscan.base.tables import load_json
from licscan.compose.notices import notices
from licscan.compose.verify import Question, verify
from licscan.export.verify import to_json, to_text
from licscan.model import Verdict
from licscan.verify.inside.kinds import is_notice
from licscan.verify.records import Verified, What
from tests.artsets import pieces
from tests.artsets.tunes import pcm, tune, wav
from tests.content.making import font, gguf, mp3, png, svg
from tests.content.projects import MANIFEST, OFL, Files, built, written

WEB = '[[surface]]\nname = "web"\ndeployment = "browser"\n'
BY = "CC BY 4.0 https://creativecommons.org/licenses/by/4.0/"
CREDITS = f"`ping.mp3` by Jane Doe, https://sounds.example/ping, {BY}\n"
LONG = "x" * 300
PING = mp3(TIT2="Ping")
FONT = font({1: "Plain Sans", 0: "Copyright 2020 The Plain Authors", 13: OFL, 10: LONG})
MADE = png(
    64, 64, parameters="a castle\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 64x64, Model: x", pad=LONG
)
LABEL = '{"AIGC": {"Label": "1", "ContentProducer": "p", "ProduceID": "1"}}'
LABELED = png(64, 64, AIGC=LABEL[9:-1], pad=LONG)
BARE = png(40, 40, pad=LONG)
SOURCE: Files = {
    "package.json": MANIFEST,
    "licscan.toml": WEB,
    "sounds/CREDITS.md": CREDITS,
    "sounds/ping.mp3": PING,
    "fonts/plain.ttf": FONT,
    "img/add.png": png(64, 64, pad=LONG),
    "img/hero.png": MADE,
    "img/seal.png": LABELED,
}


def told(root: Path, shipped: Files, source: Files = SOURCE, **more: tuple[str, ...]) -> Verified:
    project = root / "project"
    scan = built(project, source)
    return verify(Question(written(root / "dist", {"index.html": "<html></html>", **shipped}), **more), scan, project)  # type: ignore[arg-type]


def lacking(found: Verified) -> dict[str, set[What]]:
    return {one.name: {demand.what for demand in one.missing} for one in found.components}


def test_what_is_owed_for_the_sources_own_files_of_others(tmp_path: Path) -> None:
    found = told(tmp_path, {"assets/a1.mp3": PING, "assets/b2.ttf": FONT})
    assert lacking(found) == {"sounds/ping.mp3": {What.CREDIT}, "Plain Sans": {What.HOLDER, What.TEXT}}
    assert found.verdict is Verdict.VIOLATION
    assert found.unknown == ()
    jsonschema_rs.validate(load_json("verify.schema.json"), json.loads(to_json(found)))
    assert "The credit is missing: Jane Doe" in to_text(found)


def test_a_credit_that_is_there(tmp_path: Path) -> None:
    words = f"Sound by Jane Doe, {BY}"
    assert lacking(told(tmp_path, {"a.mp3": PING, "CREDITS.txt": words})) == {"sounds/ping.mp3": set()}


def test_a_credit_without_the_license(tmp_path: Path) -> None:
    found = told(tmp_path, {"a.mp3": PING, "CREDITS.txt": "Sound by Jane Doe"})
    [missing] = found.components[0].missing
    assert missing.shown == "CC-BY-4.0 (https://creativecommons.org/licenses/by/4.0/)"


def test_own_icons_stay_quiet(tmp_path: Path) -> None:
    shipped: Files = {f"assets/icon{number}.svg": svg(f"<desc>{LONG}{number}</desc>") for number in range(6)}
    found = told(
        tmp_path, {"assets/add.x1.png": SOURCE["img/add.png"], "assets/add.x2.png": png(32, 32, pad=LONG), **shipped}
    )
    assert (found.components, found.unknown, found.findings, found.verdict) == ((), (), (), Verdict.OK)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.woff2", b"wOF2" + bytes(300)),
        ("a.mp3", mp3(TIT2=LONG)),
        ("a.flac", b"fLaC" + bytes(300)),
        ("a.webm", b"\x1aE\xdf\xa3" + bytes(300)),
        ("a.gguf", gguf(general_name=LONG)),
        ("a.npy", b"\x93NUMPY" + bytes(300)),
        ("a.wasm", b"\0asm" + bytes(300)),
    ],
)
def test_what_hardly_anybody_makes_himself_is_asked_about(name: str, data: bytes, tmp_path: Path) -> None:
    found = told(tmp_path, {f"assets/{name}": data})
    assert [one.file for one in found.unknown] == [f"assets/{name}"]
    assert told(tmp_path, {f"assets/{name}": data}, own=("*/a.*",)).unknown == ()


@pytest.mark.parametrize(
    ("shipped", "verdict"),
    [
        ({"assets/hero.png": BARE}, Verdict.CANNOT_TELL),
        ({"assets/hero-Bx3kQ9_z.png": BARE}, Verdict.CANNOT_TELL),
        ({"assets/seal.4f2a91bc.png": BARE}, Verdict.VIOLATION),
        ({"assets/hero.png": MADE}, None),
        ({"assets/hero.png": MADE[:-12] + b"\0\0\0\1tEXtxyz" + MADE[-12:]}, None),
        ({"assets/hero-small.png": BARE}, None),
        ({"assets/other.png": BARE}, None),
    ],
)
def test_lost_marks_of_ai(shipped: Files, verdict: Verdict | None, tmp_path: Path) -> None:
    found = told(tmp_path, shipped)
    assert [(one.code, one.file, one.verdict) for one in found.findings] == [
        ("ai-label-removed", path, verdict) for path in shipped if verdict
    ]
    assert found.verdict is (verdict or Verdict.OK)
    jsonschema_rs.validate(load_json("verify.schema.json"), json.loads(to_json(found)))


def test_the_source_in_the_same_folder_counts(tmp_path: Path) -> None:
    source: Files = {**SOURCE, "plain/hero.png": png(48, 48, pad=LONG)}
    assert told(tmp_path, {"plain/hero.png": png(32, 32, pad=LONG)}, source).findings == ()


def test_a_font_of_a_set_that_is_licensed_to_nobody(tmp_path: Path) -> None:
    found = told(tmp_path, {"assets/emoji.ttf": font({1: "Apple Color Emoji", 10: LONG})})
    assert [(one.code, one.file) for one in found.findings] == [("content-unlicensed-set", "assets/emoji.ttf")]
    assert found.verdict is Verdict.VIOLATION
    assert "must not be shipped" in to_text(found)
    source: Files = {**SOURCE, "fonts/emoji.ttf": font({1: "Twemoji Mozilla", 10: LONG})}
    of_the_source = told(tmp_path / "2", {"assets/emoji.ttf": source["fonts/emoji.ttf"]}, source)
    assert (of_the_source.findings, of_the_source.unknown) == ((), ())
    assert [one.license for one in of_the_source.components] == ["CC-BY-4.0"]


def test_other_sets_are_told_and_not_known(tmp_path: Path) -> None:
    found = told(tmp_path, {"assets/emoji.ttf": font({1: "Twemoji Mozilla", 10: LONG})})
    assert found.findings == ()
    assert any("Twemoji (CC-BY-4.0)" in one.reason for one in found.unknown)


def test_endings_that_other_files_have_are_no_media() -> None:
    assert is_notice("LICENSE.pt")
    assert is_notice("licenses/notice.bin")
    assert not is_notice("credits.mp3")


def test_the_notices_that_licscan_writes_are_enough(tmp_path: Path) -> None:
    project = tmp_path / "project"
    scan = built(project, SOURCE)
    text = render(document(notices(scan, project)), "text")
    dist = written(tmp_path / "dist", {"a.mp3": PING, "b.ttf": FONT, "THIRD-PARTY-NOTICES.txt": text})
    found = verify(Question(dist), scan, project)
    assert lacking(found) == {"sounds/ping.mp3": set(), "Plain Sans": set()}
    assert found.verdict is Verdict.OK


@pytest.mark.parametrize(("count", "codes"), [(6, ["content-unlicensed-set"]), (4, [])])
def test_pictures_of_a_set_that_is_licensed_to_nobody(
    count: int, codes: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = next(one for one in art_sets().values() if one.expression == "NONE")
    monkeypatch.setattr("licscan.artsets.recognition.own_index", pieces.index)
    monkeypatch.setattr("licscan.artsets.art_sets", lambda: {"sun": row, "sun-old": row, "moon": row})
    monkeypatch.setattr("licscan.artsets.sets.INDEX", "content_sets.toml")  # that there is an index
    shipped: Files = {f"assets/a{number}.png": pieces.png(pieces.piece("sun", number, 48)) for number in range(count)}
    found = told(tmp_path, shipped)
    assert [one.code for one in found.findings] == codes
    assert [one.file for one in found.findings] == ["assets" for _code in codes]


BELLS = {number: wav(tune(number)) for number in (1, 2)}
SOUNDS: Files = {
    "package.json": MANIFEST,
    "licscan.toml": WEB,
    "sounds/CREDITS.md": f"`bell.wav` by Jane Doe, https://sounds.example/bell, {BY}\n",
    "sounds/bell.wav": BELLS[1],
}
RETAGGED = wav(pcm(tune(1)), after=b"LIST\x0c\0\0\0INFOINAM\0\0\0\0")
REMADE = wav(np.interp(np.arange(9000, 66_000) / 0.5, np.arange(70_560), tune(1)) * 0.4, 22_050)


def told_by(root: Path, data: bytes) -> tuple[list[str], list[str]]:
    """How each component of the artifact is told, and what cannot be told."""
    found = told(root, {"assets/a1.wav": data}, SOUNDS)
    return [sign.kind.value for one in found.components for sign in one.signs], [one.file for one in found.unknown]


def test_a_sound_with_other_tags_is_the_sources(tmp_path: Path) -> None:
    assert told_by(tmp_path, RETAGGED) == (["sound"], [])


def test_a_sound_that_was_remade_is_the_sources(tmp_path: Path) -> None:
    pytest.importorskip("miniaudio", reason="the extra sounds is not installed")
    assert told_by(tmp_path, REMADE) == (["sound"], [])


def test_without_a_decoder_a_sound_that_was_remade_stays_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("licscan.artsets.decoding.can_hear", lambda: False)
    assert told_by(tmp_path, REMADE) == ([], ["assets/a1.wav"])


def test_another_sound_stays_unknown(tmp_path: Path) -> None:
    assert told_by(tmp_path, BELLS[2]) == ([], ["assets/a1.wav"])
