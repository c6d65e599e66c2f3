"""Two hundred made packages say the same installed, in a client's cache and from a registry, through the whole flow."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from licscan.registry import Registry
from tests.inside.trees import SITE
from tests.locate.made_packages import Files, Made, npm_packages, wheels
from tests.locate.packing import tarball, write
from tests.locate.test_same_answers import MOVES
from tests.registry.settings import FILES, INDEX, NPM, Settings, digest, in_ranges
from tests.registry.wire import Answer, Wire
from tests.ways import WAYS, Answers, answers, differences

DAY = "2024-05-06T07:08:09Z"


def test_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared_index: Path) -> None:
    packages = npm_packages()
    archives = {one.name: tarball(one.files) for one in packages}
    wire = Wire({url: answer for one in packages for url, answer in npm_registry(one, archives[one.name])})

    def fill(way: str, root: Path, home: Path) -> None:
        write(root, npm_lock(packages, archives))
        if way == "installed":
            for one in packages:
                write(root / "node_modules" / one.name, one.files)
        elif way == "cached":
            for data in archives.values():
                name = hashlib.sha512(data).hexdigest()
                write(home / ".npm/_cacache/content-v2/sha512" / name[:2] / name[2:4], {name[4:]: data})

    every = scanned(tmp_path, monkeypatch, shared_index, wire, fill)
    assert unexplained(every) == []
    require(every, "pkg:npm/", ("bundled-unknown|AGPL-3.0-only", "license-text-conflict", "vendored-unattributed"))
    # what a bundle brings is there in all ways
    assert all({"pkg:npm/inner@2.0.0", "pkg:npm/%40deep/er@0.1.0"} <= set(told) for told in every.values())


def test_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared_index: Path) -> None:
    packages = wheels()
    archives = {one.name: wheel(one.files, one.name) for one in packages}
    wire = Wire({url: answer for one in packages for url, answer in index(one, archives[one.name])})

    def fill(way: str, root: Path, home: Path) -> None:
        pins = "".join(f"{one.name}==1.0.0\n" for one in packages)
        write(root, {"requirements.txt": pins.encode()})
        if way == "installed":
            write(root / ".venv", {"pyvenv.cfg": b""})
            for one in packages:
                write(root / SITE, with_record(installed(one)))
        elif way == "cached":
            for data in archives.values():
                name = hashlib.sha224(data).hexdigest()
                write(home.joinpath(".cache/pip/http-v2", *name[:5]), {f"{name}.body": data})

    every = scanned(tmp_path, monkeypatch, shared_index, wire, fill)
    assert unexplained(every) == []
    require(every, "pkg:pypi/", ("license-text-conflict", "native-library-unattributed", "vendored-unattributed"))
    assert all("pkg:cargo/serde@1.0.0" in told for told in every.values())


def scanned(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    index: Path,
    wire: Wire,
    fill: Callable[[str, Path, Path], None],
) -> dict[str, Answers]:
    """What each way says, each by a user with nothing but what `fill` gives."""

    def of_user(*_project: object, offline: bool, **how: object) -> Registry:
        return Registry(Settings(), adapter=wire, offline=offline)

    monkeypatch.setattr(Registry, "of_user", of_user)
    for name in (*MOVES, "PIP_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    every = {}
    for way in WAYS:
        root, home = folder / way / "project", folder / way / "home"
        root.mkdir(parents=True)
        (home / ".cache/licscan").mkdir(parents=True)
        (home / ".cache/licscan/index").symlink_to(index)
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.setenv("XDG_CACHE_HOME", str(home / ".cache"))
        fill(way, root, home)
        before = len(wire.asked)
        every[way] = answers(root, offline=way != "remote", jobs=1)
        assert (len(wire.asked) > before) == (way == "remote")
    return every


def unexplained(every: dict[str, Answers]) -> list[tuple[str, str, str, str, str]]:
    found = [one for one in differences(every) if not one.is_explained]
    return [(one.way, one.subject, one.facet, one.first, one.other) for one in found]


def require(every: dict[str, Answers], kind: str, codes: Iterable[str]) -> None:
    """A hundred packages are there in every way, and that of which the constructs are made is found."""
    for told in every.values():
        subjects = {subject for subject in told if subject.startswith(kind)}
        assert len(subjects) >= 100
        said = json.dumps({subject: told[subject] for subject in subjects})
        assert [code for code in codes if not any(word in said for word in code.split("|"))] == []


def npm_lock(packages: Iterable[Made], archives: dict[str, bytes]) -> Files:
    """A lock as npm writes it, but for what is bundled: of that it says no more than that it is."""
    wanted = {one.name: one.version for one in packages}
    root = {"name": "app", "version": "1.0.0", "license": "MIT", "dependencies": wanted}
    entries: dict[str, object] = {"": root}
    for one in packages:
        integrity = base64.b64encode(hashlib.sha512(archives[one.name]).digest()).decode()
        entries[f"node_modules/{one.name}"] = {
            "version": one.version,
            "resolved": tarball_url(one.name),
            "integrity": f"sha512-{integrity}",
        }
        if "bundled" in one.name:
            entries |= {
                f"node_modules/{one.name}/node_modules/{path}": {"version": version, "inBundle": True, **needed}
                for path, version, needed in (
                    ("inner", "2.0.0", {"dependencies": {"@deep/er": "0.1.0"}}),
                    ("inner/node_modules/@deep/er", "0.1.0", {}),
                )
            }
            entries[f"node_modules/{one.name}"]["dependencies"] = {"inner": "2.0.0"}  # type: ignore[index]
    lock = {"name": "app", "version": "1.0.0", "lockfileVersion": 3, "packages": entries}
    return {"package.json": json.dumps(root).encode(), "package-lock.json": json.dumps(lock, indent=1).encode()}


def tarball_url(name: str) -> str:
    return f"{NPM}{name}/-/{name.rpartition('/')[2]}-1.0.0.tgz"


def npm_registry(one: Made, archive: bytes) -> Iterable[tuple[str, Answer]]:
    """The tarball, and the document with the facts that only a registry knows."""
    table = json.loads(one.files["package.json"])
    document = {**table, "dist": {"tarball": tarball_url(one.name)}}
    yield tarball_url(one.name), (200, {"Content-Length": str(len(archive))}, archive)
    path = one.name.replace("/", "%2f")
    yield f"{NPM}{path}/1.0.0", (200, {"Content-Type": "application/json"}, json.dumps(document).encode())


def wheel(files: Files, name: str) -> bytes:
    """A wheel, metadata last; every third so long that a registry gives it in parts."""
    target = io.BytesIO()
    number = int(name.rpartition("_")[2])
    long = {f"{name}/data.bin": bytes(index * 7 % 251 for index in range(300_000))} if number % 3 == 0 else {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path, data in sorted(with_record({**files, **long}).items(), key=lambda one: ".dist-info/" in one[0]):
            archive.writestr(zipfile.ZipInfo(path), data)
    return target.getvalue()


def installed(one: Made) -> Files:
    """The files where an installer puts them."""
    moved = f"{one.name}-1.0.0.data/platlib/"
    return {path.removeprefix(moved): data for path, data in one.files.items()}


def with_record(files: Files) -> Files:
    info = next(path.rpartition("/")[0] for path in files if path.endswith(".dist-info/METADATA"))
    rows = [f"{path},sha256={_short(data)},{len(data)}" for path, data in sorted(files.items())]
    return {**files, f"{info}/RECORD": ("\n".join([*rows, f"{info}/RECORD,,"]) + "\n").encode()}


def _short(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def index(one: Made, archive: bytes) -> Iterable[tuple[str, Answer]]:
    """The page of an index with one wheel, and the wheel in parts."""
    name = f"{one.name}-1.0.0-py3-none-any.whl"
    file = {
        "filename": name,
        "url": f"{FILES}{name}",
        "hashes": {"sha256": digest(archive, "sha256").partition(":")[2]},
        "size": len(archive),
        "upload-time": DAY,
    }
    page = {"meta": {"api-version": "1.1"}, "name": one.name, "files": [file]}
    kind = {"Content-Type": "application/vnd.pypi.simple.v1+json"}
    yield f"{INDEX}{one.name.replace('_', '-')}/", (200, kind, json.dumps(page).encode())
    yield f"{FILES}{name}", in_ranges(archive)
