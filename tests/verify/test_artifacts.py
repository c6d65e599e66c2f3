"""Artifacts of every kind: packages that lie there whole, versions that only a place tells apart, fonts by digest."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from licscan.artifact import open_artifact
from licscan.compose.verify import Question, verify
from licscan.model import Component, Graph, Verdict
from licscan.verify.matching import match
from licscan.verify.records import Kind, Sighting, Sure, What
from tests.artifact import making as containers
from tests.verify.making import Made, bundle, metafile, project, scanned, usual
from tests.verify.test_verify import CODE, lacking

PACKAGES = usual(4)
ALL = {name: text.encode() for one in PACKAGES for name, text in (
    (f"app/node_modules/{one.name}/{file}", text) for file, text in one.files().items())}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("app.asar", containers.asar),
        ("app.zip", containers.zipped),
        ("app.apk", containers.zipped),
        ("app.tgz", lambda files: gzip.compress(containers.tarred(files))),
        ("image.tar", lambda files: containers.docker([containers.tarred(files)])),
        ("nested.zip", lambda files: containers.zipped({"resources/app.asar": containers.asar(files)})),
    ],
)
def test_packages_that_lie_there_bring_their_own_notices(tmp_path: Path, name: str, make: object) -> None:
    root = project(tmp_path / "p", PACKAGES)
    scan = scanned(root)
    artifact = tmp_path / name
    artifact.write_bytes(make(ALL))  # type: ignore[operator]
    told = verify(Question(artifact), scan, root)
    assert {one.name for one in told.components} == {one.name for one in PACKAGES}
    assert (lacking(told), told.verdict) == ({}, Verdict.OK)
    gone = {path: data for path, data in ALL.items() if path != "app/node_modules/pack-1/LICENSE"}
    artifact.write_bytes(make(gone))  # type: ignore[operator]
    told = verify(Question(artifact), scan, root)
    assert lacking(told) == {"pack-1": {What.HOLDER, What.TEXT}}


def test_the_code_of_a_package_may_hold_its_notice(tmp_path: Path) -> None:
    one = PACKAGES[2]
    root = project(tmp_path / "p", [one])
    files = {
        f"node_modules/{one.name}/{name}": text.encode() for name, text in one.files().items() if name != "LICENSE"
    }
    header = f"/*\n{one.files()['LICENSE']}*/\n".encode()
    artifact = tmp_path / "app.zip"
    artifact.write_bytes(containers.zipped(files))
    scan = scanned(root)
    assert lacking(verify(Question(artifact), scan, root)) == {one.name: {What.HOLDER, What.TEXT}}
    artifact.write_bytes(containers.zipped({**files, f"node_modules/{one.name}/index.js": header + b"x();\n"}))
    assert lacking(verify(Question(artifact), scan, root)) == {}


def test_a_notice_that_was_dropped(tmp_path: Path) -> None:
    root = project(tmp_path / "p", PACKAGES)
    noticed = next(one for one in PACKAGES if one.notice)
    artifact = tmp_path / "app.zip"
    artifact.write_bytes(containers.zipped({p: d for p, d in ALL.items() if not p.endswith("/NOTICE")}))
    told = verify(Question(artifact), scanned(root), root)
    assert lacking(told) == {noticed.name: {What.NOTICE}}


def python_project(root: Path) -> Path:
    """A project that needs one installed distribution."""
    root.mkdir()
    (root / "requirements.txt").write_text("thing==2.0\n")
    for path, text in distribution("lib/python3.11/site-packages/").items():
        place = root / ".venv" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text)
    (root / ".venv/pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.0\n")
    return root


def distribution(prefix: str) -> dict[str, bytes]:
    one = Made("thing", "2.0", "MIT", "Copyright (c) 2021 Thing Makers")
    metadata = "Metadata-Version: 2.4\nName: thing\nVersion: 2.0\nLicense-Expression: MIT\nLicense-File: LICENSE\n\n"
    info = f"{prefix}thing-2.0.dist-info"
    return {
        f"{prefix}thing/__init__.py": b"x = 1\n", f"{info}/METADATA": metadata.encode(),
        f"{info}/licenses/LICENSE": one.files()["LICENSE"].encode(),
        f"{info}/RECORD": b"thing/__init__.py,,\n", f"{info}/WHEEL": b"Wheel-Version: 1.0\n",
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["docker", "wheel", "folder"])
def test_installed_distributions(tmp_path: Path, kind: str) -> None:
    from licscan.cli.options import options_of, project_config
    from licscan.compose.scan import scan

    root = python_project(tmp_path / "p")
    place, config = project_config((root,))
    scanned_one = scan(options_of((root,), place, config, offline=True, python=(root / ".venv",)))
    for gone, expected in (("", {}), ("LICENSE", {"thing": {What.HOLDER, What.TEXT}})):
        prefix = "" if kind == "wheel" else "usr/lib/python3/dist-packages/"
        files = {path: data for path, data in distribution(prefix).items() if not gone or not path.endswith(gone)}
        artifact = tmp_path / ("app.whl" if kind == "wheel" else f"image{gone}")
        if kind == "folder":
            containers.folder(artifact, files)
        else:
            made = containers.zipped(files) if kind == "wheel" else containers.docker([containers.tarred(files)])
            artifact.write_bytes(made)
        told = verify(Question(artifact), scanned_one, root)
        assert [(one.name, {sign.kind for sign in one.signs}) for one in told.components] == [
            ("thing", {Kind.DIST_INFO})
        ]
        assert lacking(told) == expected


def test_fonts_by_their_bytes(tmp_path: Path) -> None:
    one = Made("pretty-font", "1.0.0", "MIT", "Copyright (c) 2020 Type Foundry")
    root = project(tmp_path / "p", [one])
    font, other = b"wOF2" + bytes(range(256)) * 4, b"wOF2" + bytes(range(256)) * 5
    (root / "node_modules/pretty-font/pretty.woff2").write_bytes(font)
    dist = containers.folder(tmp_path / "dist", {"fonts/a1b2.woff2": font, "fonts/stranger.woff2": other})
    told = verify(Question(dist), scanned(root), root)
    assert [(c.name, c.signs[0].kind, c.signs[0].file) for c in told.components] == [
        ("pretty-font", Kind.DIGEST, "fonts/a1b2.woff2")
    ]
    assert [one.file for one in told.unknown] == ["fonts/stranger.woff2"]
    assert verify(Question(dist, own=("stranger.*",)), scanned(root), root).unknown == ()


def component(name: str, version: str, *places: str) -> Component:
    return Component(f"pkg:npm/{name}@{version}", name, version, "npm", installed_at=places)


TWO = Graph(components=(
    component("twice", "1.0.0", "node_modules/twice"), component("twice", "2.0.0", "node_modules/x/node_modules/twice"),
))  # fmt: skip


def sign(version: str = "", place: str = "", kind: Kind = Kind.SOURCE_MAP, sure: Sure = Sure.CERTAIN) -> Sighting:
    return Sighting("npm", "twice", version, kind, "a.map", sure, place)


@pytest.mark.parametrize(
    ("seen", "versions", "open_"),
    [
        ([sign("2.0.0")], {"2.0.0"}, False),
        ([sign(place="node_modules/x/node_modules/twice")], {"2.0.0"}, False),
        ([sign(place="node_modules/twice")], {"1.0.0"}, False),
        ([sign()], {"1.0.0", "2.0.0"}, True),
        ([sign(), sign("1.0.0")], {"1.0.0"}, False),
        ([sign(place="node_modules/y/node_modules/twice")], {"1.0.0", "2.0.0"}, True),
    ],
)
def test_versions_by_sign_and_place(seen: list[Sighting], versions: set[str], open_: bool) -> None:
    found = match(seen, TWO)
    assert {TWO.by_purl[purl].version for purl in found.signs} == versions
    assert bool(found.one_of) == open_
    assert found.unknown == []


def test_a_version_that_the_scan_lacks_is_said() -> None:
    found = match([sign("3.0.0")], TWO)
    assert found.signs == {}
    assert ["1.0.0, 2.0.0" in one.reason for one in found.unknown] == [True]


def test_a_damaged_artifact_is_not_seen_whole(tmp_path: Path) -> None:
    root = project(tmp_path / "p", PACKAGES[:1])
    inner = containers.zipped(ALL)
    artifact = tmp_path / "app.zip"
    files = {"a.zip": inner[: len(inner) // 2], "meta.json": metafile([]).encode(), "main.js": CODE.encode()}
    artifact.write_bytes(containers.zipped(files))
    told = verify(Question(artifact), scanned(root), root)
    assert told.verdict is Verdict.CANNOT_TELL
    assert len(told.problems) == 1
    with open_artifact(artifact) as opened:
        assert opened.problems == told.problems


def test_a_broken_account_is_one_line(tmp_path: Path) -> None:
    root = project(tmp_path / "p", PACKAGES[:1])
    dist = bundle(tmp_path / "dist", {"main.js": "1;\n", "main.js.map": "{", "stats.json": "[" * 100_000})
    told = verify(Question(dist), scanned(root), root)
    assert [one.subject for one in told.problems] == ["main.js.map", "stats.json"]
    assert told.verdict is Verdict.CANNOT_TELL
