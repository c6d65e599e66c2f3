"""License evidence in the caches of npm, yarn, pnpm and uv, each written in its client's own layout."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import json
import sqlite3
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.locate import Caches, archives, locate_cached
from licscan.locate.msgpack_records import unpack
from licscan.model import Component, Origin

MANIFEST = json.dumps({"name": "@s/a", "version": "1.0.0", "license": "MIT", "licenses": [{"type": "MIT"}]}).encode()
FILES = {
    "package.json": MANIFEST,
    "LICENSE": b"text",
    "NOTICE": b"text",
    "lib/deep/COPYING": b"text",
    "index.js": b"",
    "node_modules/b/LICENSE": b"text",
}


def tgz(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def npm(hashes: tuple[str, ...] = (), name: str = "@s/a") -> Component:
    return Component(f"pkg:npm/{name}@1.0.0", name, "1.0.0", "npm", hashes=hashes)


def caches(home: Path, **environ: str) -> Caches:
    return Caches(home / "project", environ, home)


def cached_tgz(home: Path, data: bytes, folder: str = ".npm") -> Component:
    digest = hashlib.sha512(data).hexdigest()
    path = home / folder / "_cacache/content-v2/sha512" / digest[:2] / digest[2:4] / digest[4:]
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    return npm((f"sha512:{digest}",))


def check(component: Component, found: Caches) -> None:
    (files,) = locate_cached(component, found)
    assert files.origin is Origin.CACHE
    assert [(c.field, c.raw, c.structured) for c in files.claims] == [
        ("license", "MIT", False),
        ("licenses", '[{"type":"MIT"}]', True),
    ]
    assert files.license_files == ("LICENSE", "lib/deep/COPYING")
    assert files.notice_files == ("NOTICE",)


def test_npm(tmp_path: Path) -> None:
    component = cached_tgz(tmp_path, tgz(FILES))
    check(component, caches(tmp_path))
    assert locate_cached(npm(("sha512:" + "0" * 128,)), caches(tmp_path)) == ()
    assert locate_cached(npm(("sha512:../../../../etc",)), caches(tmp_path)) == ()


def test_npm_moved_by_variable_and_rc_file(tmp_path: Path) -> None:
    component = cached_tgz(tmp_path, tgz(FILES), "elsewhere")
    check(component, caches(tmp_path, npm_config_cache=str(tmp_path / "elsewhere")))
    (tmp_path / ".npmrc").write_text("registry=https://registry.npm.example/\ncache = ${HOME}/elsewhere\n")
    check(component, caches(tmp_path))


def test_another_package_under_the_hash_is_none(tmp_path: Path) -> None:
    other = FILES | {"package.json": b'{"name": "b", "version": "1.0.0", "license": "MIT"}'}
    assert locate_cached(cached_tgz(tmp_path, tgz(other)), caches(tmp_path)) == ()


@pytest.mark.parametrize("data", [b"", b"no archive", tgz(FILES)[:-30], tgz({"../../x": b"1"})], ids=range(4))
def test_damaged_archives(tmp_path: Path, data: bytes) -> None:
    found = locate_cached(cached_tgz(tmp_path, data), caches(tmp_path))
    assert all(not files.license_files and not files.claims for files in found)
    assert all("outside" not in str(files) for files in found)


def test_bombs_end_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED", 1_000_000)
    component = cached_tgz(tmp_path, tgz(FILES | {"zeros": b"\0" * 5_000_000}))
    (files,) = locate_cached(component, caches(tmp_path))
    assert not files.license_files
    assert "unpacks to more than" in files.problems[0].message
    monkeypatch.setattr(archives, "MAX_MEMBERS", 2)
    (files,) = locate_cached(component, caches(tmp_path))
    assert "more than 2 files" in files.problems[0].message


@pytest.mark.parametrize("place", ["project/.yarn/cache", ".yarn/berry/cache", "moved"])
def test_yarn(tmp_path: Path, place: str) -> None:
    folder = tmp_path / place
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "@s-a-npm-1.0.0-0123456789-10c0.zip", "w") as archive:
        for name, data in FILES.items():
            archive.writestr(f"node_modules/@s/a/{name}", data)
    (folder / "broken.zip").write_bytes(b"")
    found = caches(tmp_path, YARN_CACHE_FOLDER=str(tmp_path / "moved"))
    check(npm(), found)
    assert locate_cached(npm(name="@s/b"), found) == ()


def test_a_project_cannot_point_yarns_cache_outside(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "project/.yarnrc.yml").write_text("cacheFolder: ../outside\n")
    assert caches(tmp_path).yarn == ()
    (tmp_path / "project/zips").mkdir()
    (tmp_path / "project/.yarnrc.yml").write_text('cacheFolder: "./zips"\n')
    assert caches(tmp_path).yarn == (tmp_path / "project/zips",)


@pytest.mark.parametrize("version", ["v3", "v10"])
def test_pnpm(tmp_path: Path, version: str) -> None:
    store = tmp_path / ".local/share/pnpm/store" / version
    listed = {}
    for name, data in FILES.items():
        digest = hashlib.sha512(data)
        path = store / "files" / digest.hexdigest()[:2] / digest.hexdigest()[2:]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        listed[name] = {"integrity": "sha512-" + base64.b64encode(digest.digest()).decode(), "mode": 420}
    tarball = hashlib.sha512(b"tarball").hexdigest()
    index = {
        "v3": store / "files" / tarball[:2] / f"{tarball[2:]}-index.json",
        "v10": store / "index" / tarball[:2] / f"{tarball[2:64]}-@s+a@1.0.0.json",
    }[version]
    index.parent.mkdir(parents=True, exist_ok=True)
    index.write_text(json.dumps({"files": listed}))
    check(npm((f"sha512:{tarball}",)), caches(tmp_path))
    index.write_text('{"files": {"package.json": {"integrity": "sha512-!!"}, "../x": 3}}')
    assert locate_cached(npm((f"sha512:{tarball}",)), caches(tmp_path)) == ()


def test_uv(tmp_path: Path) -> None:
    archive = tmp_path / ".cache/uv/archive-v0/abc"
    (archive / "my_pkg-1.0.dist-info/licenses").mkdir(parents=True)
    (archive / "my_pkg-1.0.dist-info/METADATA").write_text(
        "Name: my.pkg\nVersion: 1.0\nLicense: BSD\nRequires-Dist: left\n\nbody"
    )
    (archive / "my_pkg-1.0.dist-info/licenses/LICENSE").write_text("text")
    (archive / "my_pkg-1.0.dist-info/RECORD").write_text("my_pkg/x/COPYING,,\n")
    (archive / "my_pkg/x").mkdir(parents=True)
    (archive / "my_pkg/x/COPYING").write_text("text")
    component = Component("pkg:pypi/my-pkg@1.0", "my-pkg", "1.0", "pypi")
    (files,) = locate_cached(component, caches(tmp_path))
    assert [(claim.field, claim.raw) for claim in files.claims] == [("License", "BSD")]
    assert files.requires == ("left",)
    assert files.license_files == ("my_pkg-1.0.dist-info/licenses/LICENSE", "my_pkg/x/COPYING")
    assert locate_cached(Component("pkg:pypi/my-pkg@2.0", "my-pkg", "2.0", "pypi"), caches(tmp_path)) == ()


def test_no_caches_at_all(tmp_path: Path) -> None:
    assert locate_cached(npm(), caches(tmp_path)) == ()
    assert locate_cached(Component("pkg:conda/x@1", "x", "1", "conda"), caches(tmp_path)) == ()


def test_pnpm_database(tmp_path: Path) -> None:
    store = tmp_path / ".local/share/pnpm/store/v11"
    store.mkdir(parents=True)
    tarball = hashlib.sha512(b"tarball")
    entries = b""
    for number, (name, data) in enumerate(FILES.items()):
        digest = hashlib.sha512(data).hexdigest()
        (store / "files" / digest[:2]).mkdir(parents=True, exist_ok=True)
        (store / "files" / digest[:2] / digest[2:]).write_bytes(data)
        # the first record brings its keys, the others only its number
        shape = b"A" if number else b"\xd4rA\x92\xa6digest\xa4size"
        entries += bytes([0xA0 + len(name)]) + name.encode() + shape + b"\xd9\x80" + digest.encode() + b"\xcd\x01\xa4"
    row = b"\xd4r@\x92\xa4algo\xa5files" + b"\xa6sha512" + bytes([0x80 + len(FILES)]) + entries
    key = f"sha512-{base64.b64encode(tarball.digest()).decode()}\t@s/a@1.0.0"
    with sqlite3.connect(store / "index.db") as connection:
        connection.execute("CREATE TABLE package_index (key TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID")
        connection.execute("INSERT INTO package_index VALUES (?, ?)", (key, row))
    component = npm((f"sha512:{tarball.hexdigest()}",))
    check(component, caches(tmp_path))
    with sqlite3.connect(store / "index.db") as connection:
        connection.execute("UPDATE package_index SET data = ?", (row[:-40],))
    assert locate_cached(component, caches(tmp_path)) == ()


@given(st.binary(max_size=200))
def test_unpacking_any_bytes_ends(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        unpack(data)


@pytest.mark.parametrize("data", [b"\x91" * 10_000, b"\xdd\xff\xff\xff\xff", b"\xdb\xff\xff\xff\xffx", b"", b"\xc1"])
def test_hostile_bytes(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        unpack(data)


@pytest.mark.parametrize(
    ("platform", "client", "place"),
    [
        ("win32", "npm", "AppData/Local/npm-cache/_cacache/content-v2"),
        ("win32", "pnpm", "AppData/Local/pnpm/store/v10"),
        ("win32", "yarn", "AppData/Local/Yarn/Berry/cache"),
        ("win32", "uv", "AppData/Local/uv/cache/archive-v0"),
        ("win32", "pip", "AppData/Local/pip/Cache/wheels"),
        ("darwin", "npm", ".npm/_cacache/content-v2"),
        ("darwin", "pnpm", "Library/pnpm/store/v10"),
        ("darwin", "yarn", ".yarn/berry/cache"),
        ("darwin", "uv", ".cache/uv/archive-v0"),
        ("darwin", "pip", "Library/Caches/pip/wheels"),
        ("linux", "pnpm", ".local/share/pnpm/store/v10"),
        ("linux", "pip", ".cache/pip/wheels"),
    ],
)
def test_each_platform_has_its_places(tmp_path: Path, platform: str, client: str, place: str) -> None:
    (tmp_path / place).mkdir(parents=True)
    assert getattr(Caches(tmp_path / "project", {}, tmp_path, platform), client) == (tmp_path / place,)


def test_pips_settings_on_windows_move_its_cache(tmp_path: Path) -> None:
    (tmp_path / "roaming/pip").mkdir(parents=True)
    (tmp_path / "moved/wheels").mkdir(parents=True)
    (tmp_path / "roaming/pip/pip.ini").write_text(f"[global]\ncache-dir = {tmp_path / 'moved'}\n")
    found = Caches(tmp_path / "project", {"APPDATA": str(tmp_path / "roaming")}, tmp_path, "win32")
    assert found.pip == (tmp_path / "moved/wheels",)
