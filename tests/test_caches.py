"""Caches: keyed by content, shared by versions, bounded; full, locked or read-only they lose only themselves."""

from __future__ import annotations

import ast
import hashlib
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from licscan.base import caches
from licscan.base.caches import FULL, LOCKED, READ_ONLY, CacheUse
from licscan.base.digests import digest_of, parts_of_folder
from licscan.base.tables import data_folder
from licscan.detect import cache as index_cache
from licscan.model import Origin, PackageFiles
from licscan.read.cache import DetectionCache, Found, detection_version, version_of
from licscan.registry.answers import Answers
from licscan.source.cache import HeaderCache
from licscan.source.header import Header
from tests.fakes import FakeDetector

PACKAGE = Path(caches.__file__).parents[1]
FOUND = Found(FakeDetector().detect(b"license mit"))
FILES = PackageFiles(Origin.REGISTRY, "", ())


def found(text: str) -> Found:
    return Found(FakeDetector().detect(f"license mit {text}".encode()))


def copy_of(place: Path, time: int) -> tuple[Path, Path]:
    """A copy of what is installed, elsewhere and of another time, with what an installer leaves in it."""
    package, tables = place / "licscan", place / "tables"
    for room in ("detect", "licenses", "read"):
        shutil.copytree(PACKAGE / room, package / room, ignore=shutil.ignore_patterns("__pycache__", "*.so"))
    shutil.copytree(data_folder(), tables)
    for path in place.rglob("*"):
        os.utime(path, (time, time))
    return package, tables


@pytest.fixture
def copies(tmp_path: Path) -> list[tuple[Path, Path]]:
    return [copy_of(tmp_path / "one", 10**9), copy_of(tmp_path / "another" / "place", 2 * 10**9)]


def test_copies_are_one_version_and_share_rows(copies: list[tuple[Path, Path]], tmp_path: Path) -> None:
    first, second = (version_of(*copy) for copy in copies)
    assert first == second == version_of(PACKAGE, data_folder())
    DetectionCache(tmp_path / "texts", first).put_many({"a": found("a")})
    assert list(DetectionCache(tmp_path / "texts", second).get_many(["a"])) == ["a"]


def test_the_native_extension_is_no_part_of_the_version(copies: list[tuple[Path, Path]]) -> None:
    package, tables = copies[0]
    before = version_of(package, tables)
    (package / "detect" / "_native.abi3.so").write_bytes(b"compiled elsewhere")
    (package / "detect" / "__pycache__").mkdir()
    (package / "detect" / "__pycache__" / "engine.cpython-311.pyc").write_bytes(b"compiled")
    assert version_of(package, tables) == before


@pytest.mark.parametrize("name", ["tables/own_rules.toml", "licscan/read/roles.py", "licscan/detect/engine.py"])
def test_one_byte_makes_another_version(copies: list[tuple[Path, Path]], name: str) -> None:
    package, tables = copies[0]
    before = version_of(package, tables)
    path = package.parent / name
    status, data = path.stat(), path.read_bytes()
    path.write_bytes(data[:-1] + b" ")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert version_of(package, tables) != before
    path.write_bytes(data)
    assert version_of(package, tables) == before
    path.rename(path.with_name(f"other{path.suffix}"))
    assert version_of(package, tables) != before


def test_more_that_is_read_makes_another_version() -> None:
    assert version_of(PACKAGE, data_folder(), b"32.1") != version_of(PACKAGE, data_folder(), b"33")
    assert digest_of([b"ab", b"c"]) != digest_of([b"a", b"bc"])


def test_an_index_of_a_folder_is_that_of_its_copy(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for place in (one, two):
        (place / "rules").mkdir(parents=True)
        (place / "rules" / "a.RULE").write_text("text")
    os.utime(two / "rules" / "a.RULE", (1, 1))
    (two / "notes.md").write_text("no rule")
    assert index_cache.key_of_folder(one) == index_cache.key_of_folder(two)
    assert index_cache.key_of_folder(one, "x") != index_cache.key_of_folder(one)
    (two / "rules" / "a.RULE").write_text("tex2")
    assert index_cache.key_of_folder(one) != index_cache.key_of_folder(two)
    (two / "rules" / "a.RULE").unlink()
    (two / "rules" / "a.RULE").symlink_to(tmp_path / "nowhere")
    assert list(parts_of_folder(two, [".RULE"])) == [b"rules/a.RULE", b""]


def test_what_makes_an_index_is_in_its_key() -> None:
    """The modules of the key are all those of detection that the makers of an index import, by whatever way."""
    folder, seen, new = PACKAGE / "detect", set[str](), {"build", "named"}
    while new:
        name = new.pop()
        seen.add(name)
        for node in ast.walk(ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("licscan.detect"):
                continue
            modules = [node.module] if node.module != "licscan.detect" else [f"x.x.{one.name}" for one in node.names]
            new |= {str(module).split(".")[2] for module in modules} - seen
    assert tuple(sorted(seen - {"version", "_native", "compiled"})) == index_cache.MAKERS


def test_the_last_versions_stay_and_the_oldest_go(tmp_path: Path) -> None:
    path = tmp_path / "texts"

    def of(number: int, scope: str = "") -> DetectionCache:
        return DetectionCache(path, f"v{number}", scope)

    def there(scope: str = "") -> list[int]:
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute(
                "select distinct versions.version from texts_4 join versions on versions.id = texts_4.version"
                " where scope = ?",
                (scope,),
            )
            return sorted(int(row[0][1:]) for row in rows)

    of(0, "own").put_many({"a": found("a")})
    for number in range(caches.KEPT_VERSIONS):
        of(number).put_many({"a": found("a")})
    assert of(0).get_many(["a"])  # used again, so that it is now the last
    of(10).put_many({"a": found("a")})
    assert there() == [0, 2, 3, 10]
    assert there("own") == [0]
    for number in range(caches.KEPT_SCOPES):
        of(1, f"own{number}").put_many({"a": found("a")})
    assert there() == there("own") == []
    assert there("own0") == [1]


def test_two_versions_in_turn_keep_what_they_found(tmp_path: Path) -> None:
    for cache_of, key, value in (
        (DetectionCache, FOUND.detected.sha256, FOUND),
        (HeaderCache, b"a", Header(name="a")),
    ):
        path = tmp_path / cache_of.__name__
        for name in ("1", "2"):
            cache_of(path, name).put_many({key: value})  # type: ignore[dict-item]
        for name in ("1", "2"):
            assert cache_of(path, name).get_many([key]) == {key: value}  # type: ignore[list-item]


def detection(path: Path, use: CacheUse) -> bool:
    cache = DetectionCache(path, "1", "", use)
    cache.put_many({"new": found("new")})
    return bool(cache.get_many(["old"]))


def headers(path: Path, use: CacheUse) -> bool:
    cache = HeaderCache(path, "1", "", use)
    cache.put_many({b"new": Header(name="new")})
    return bool(cache.get_many([b"old"]))


def answers(path: Path, use: CacheUse) -> bool:
    cache = Answers(path, use)
    cache.put("new", FILES)
    cache.save()
    return bool(cache.get_many(["old"]).get("old"))


def fill(path: Path, run: Callable[[Path, CacheUse], bool]) -> None:
    if run is detection:
        DetectionCache(path, "1").put_many({"old": found("old")})
    elif run is headers:
        HeaderCache(path, "1").put_many({b"old": Header(name="old")})
    else:
        cache = Answers(path)
        cache.put("old", FILES)
        cache.save()


EVERY = pytest.mark.parametrize("run", [detection, headers, answers])


@EVERY
def test_a_cache_is_private_and_has_a_log(tmp_path: Path, run: Callable[[Path, CacheUse], bool]) -> None:
    path, use = tmp_path / "deep" / "cache", CacheUse()
    fill(path, run)
    assert run(path, use)
    assert not use.lost
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("pragma journal_mode").fetchone() == ("wal",)
        assert {stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()} == {0o600}


@EVERY
def test_a_locked_cache_is_counted(
    tmp_path: Path, run: Callable[[Path, CacheUse], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, use = tmp_path / "cache", CacheUse()
    monkeypatch.setattr(caches, "BUSY_SECONDS", 0.05)
    fill(path, run)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin exclusive")
        run(path, use)
        other.execute("rollback")
    assert use.lost == {LOCKED: 1}
    use = CacheUse()
    assert run(path, use)
    assert not use.lost


@EVERY
def test_a_full_disk_is_counted(
    tmp_path: Path, run: Callable[[Path, CacheUse], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not one more page can be had: what is new is lost."""
    path, use = tmp_path / "cache", CacheUse()
    monkeypatch.setattr(caches, "MAX_BYTES", 4096)
    run(path, use)
    assert use.lost == {FULL: 1}


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A folder that takes no files; nobody but root may write to it."""
    folder = tmp_path / "folder"
    folder.mkdir()
    yield folder
    folder.chmod(0o700)


@EVERY
def test_a_read_only_cache_is_read_and_counted(
    read_only: Path, run: Callable[[Path, CacheUse], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, use = read_only / "cache", CacheUse()
    fill(path, run)
    path.chmod(0o400)
    read_only.chmod(0o500)

    if os.geteuid() == 0:  # root may write everywhere: what the system would say to others

        def refused(*_arguments: object) -> int:
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr(caches.os, "open", refused)
    assert run(path, use)
    assert use.lost == {READ_ONLY: 1}
    assert [one.name for one in read_only.iterdir()] == ["cache"]


def test_no_room_makes_the_oldest_versions_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file stays in its bounds, whatever is put into it."""
    monkeypatch.setattr(caches, "MAX_BYTES", 40 * 4096)
    path, use = tmp_path / "cache", CacheUse()

    def put(version: str, first: int, count: int) -> None:
        rows = {
            f"{number:064}": found(hashlib.shake_128(b"%d" % number).hexdigest(200))
            for number in range(first, first + count)
        }
        DetectionCache(path, version, "", use).put_many(rows)

    put("1", 0, 100)
    put("2", 0, 100)
    assert DetectionCache(path, "1").get_many([f"{0:064}"])
    put("2", 100, 100)
    assert not DetectionCache(path, "1").get_many([f"{0:064}"])
    assert DetectionCache(path, "2").get_many([f"{0:064}"])
    for first in range(1000, 2000, 100):
        put("2", first, 100)
    assert len(DetectionCache(path, "2").get_many(f"{number:064}" for number in range(1900, 2000))) == 100
    assert not DetectionCache(path, "2").get_many([f"{0:064}"])
    assert not use.lost
    assert path.stat().st_size <= 40 * 4096
    put("2", 5000, 2000)
    assert use.lost == {FULL: 2000}


def test_a_damaged_cache_is_made_anew(tmp_path: Path) -> None:
    path, use = tmp_path / "cache", CacheUse()
    path.write_bytes(b"no database" * 1000)
    detection(path, use)
    assert not use.lost
    assert DetectionCache(path, "1").get_many(["new"])


def test_what_is_lost_is_told() -> None:
    use = CacheUse()
    use.met(812, 3)
    assert use.told() == "Cache: 812 texts known, 3 read again"
    use.lose(2, FULL)
    assert use.told() == "Cache: 812 texts known, 3 read again, 2 could not be kept (disk full)"
    use = CacheUse()
    use.receive(1_500_000)
    use.receive(60_000)
    assert use.told() == "Cache: 0 texts known, 0 read again, 1.6 MB fetched"


def test_the_version_is_taken_once() -> None:
    assert detection_version() is detection_version()
