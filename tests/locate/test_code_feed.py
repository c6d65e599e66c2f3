"""The index of code grows by what a scan reads from registries, where that is switched on, and only by that."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from licscan.base.caches import CacheUse
from licscan.copies import recognise
from licscan.copies.collecting import Collector
from licscan.copies.segments import Segment, dump, make_segment
from licscan.copies.shelf import Shelf
from licscan.evidence.build import record_npm, record_sdist, record_wheel
from licscan.evidence.store import EvidenceStore
from licscan.locate import Caches, Trees
from licscan.locate.code_feed import CodeFeed
from licscan.locate.listings import user_listings
from licscan.locate.published import PublishedPackages
from licscan.locate.remote import RemoteLocator
from licscan.model import Component, Source, SourceKind
from licscan.packages import purls
from licscan.registry import Registry
from tests.copies.made import library, minified, module
from tests.registry.settings import Settings, tarball, tarball_url
from tests.registry.wire import Wire

SCRIPTS = {"index.js": library(1), "lib/deep/other.mjs": library(2), "lib/short.js": "exports.a = 1;\n" * 30}
MODULES = {"thing/__init__.py": module(3), "thing/inner/core.py": module(4), "thing/data.txt": "no code\n" * 50}
NOT_SHOWN = {
    "tests/index.js": library(5), "node_modules/inner/index.js": library(6), "data.json": "{}" * 200, "x.js": "a;",
}  # fmt: skip
NPM = {"package.json": json.dumps({"name": "thing", "version": "1.0.0", "license": "ISC"}), **SCRIPTS, **NOT_SHOWN}
METADATA = {"thing-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n"}


def packed(files: dict[str, str]) -> bytes:
    return tarball({path: text.encode() for path, text in files.items()})


def zipped(files: dict[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return target.getvalue()


def whole(files: dict[str, str]) -> bytes:
    """What indexing the same files at once makes of them."""
    return dump(make_segment("p", "thing", "1", "", [(path, text.encode()) for path, text in files.items()]))


def made(collector: Collector) -> bytes:
    return dump(collector.segment("p", "thing", "1", ""))


@pytest.mark.parametrize("backwards", [False, True])
def test_a_tarball_shows_what_indexing_reads(backwards: bool) -> None:
    seen, files = Collector(), dict(sorted(NPM.items(), reverse=backwards))
    shown = record_npm(io.BytesIO(packed(files)), onlooker=seen)
    assert made(seen) == whole(SCRIPTS)
    assert shown == record_npm(io.BytesIO(packed(files)))


@pytest.mark.parametrize("partial", [False, True])
def test_a_wheel_shows_it_too_though_only_parts_of_it_are_read(partial: bool) -> None:
    seen, data = Collector(), zipped({**MODULES, **METADATA})
    shown = record_wheel(io.BytesIO(data), "thing-1.0-py3-none-any.whl", partial=partial, onlooker=seen)
    assert made(seen) == whole(MODULES)
    assert shown == record_wheel(io.BytesIO(data), "thing-1.0-py3-none-any.whl", partial=partial)


def test_a_source_distribution_shows_it_too() -> None:
    seen = Collector()
    files = {"PKG-INFO": METADATA["thing-1.0.dist-info/METADATA"], **MODULES}
    record_sdist(io.BytesIO(packed(files)), "thing-1.0.tar.gz", onlooker=seen)
    assert made(seen) == whole(MODULES)


def test_damaged_code_that_no_record_needs_is_no_reason_to_have_none() -> None:
    data = bytearray(zipped({**METADATA, "thing/core.py": module(3), "thing/more.py": module(4)}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        one = archive.getinfo("thing/core.py")
    data[one.header_offset + 30 + len(one.filename) + one.compress_size // 2] ^= 0xFF
    seen = Collector()
    record_wheel(io.BytesIO(bytes(data)), "thing-1.0-py3-none-any.whl", partial=True, onlooker=seen)
    assert made(seen) == whole({"thing/more.py": module(4)})


def test_a_path_that_comes_twice_counts_as_it_came_last() -> None:
    seen = Collector()
    for text in (library(1), library(2)):
        seen.forget("a.js")
        seen.see("a.js", text.encode())
    assert made(seen) == whole({"a.js": library(2)})
    seen.forget("a.js")
    assert made(seen) == whole({})


def test_of_more_than_is_held_the_last_ones_leave_their_digests(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"{'d/' * (at % 5)}{at}.js": library(at, functions=6) for at in range(60)}
    monkeypatch.setattr("licscan.copies.collecting.MAX_HELD", 40_000)
    seen = Collector()
    for path, text in files.items():
        seen.see(path, text.encode())
    segment = seen.segment("p", "thing", "1", "")
    assert {unit.path for unit in segment.units} == set(files)
    printed = {unit.path for unit in segment.units if len(unit.tokens)}
    assert len(printed) < 40
    assert printed >= {path for path in files if "/" not in path}


def component(name: str) -> Component:
    source = Source(SourceKind.REGISTRY, tarball_url(name))
    return Component(purls.npm(name, "1.0.0"), name, "1.0.0", "npm", source=source)


def read(folder: Path, names: list[str], *, feed: bool, use: CacheUse) -> Shelf:
    """What a scan does with the archives of packages."""
    archives = {}
    for at, name in enumerate(names):
        manifest = json.dumps({"name": name, "version": "1.0.0", "license": "ISC"})
        archives[tarball_url(name)] = (200, {}, packed({"package.json": manifest, "index.js": library(20 + at)}))
    shelf = Shelf(folder / "code")
    registry = Registry(Settings(), adapter=Wire(archives), facts=False)
    packages = PublishedPackages(
        EvidenceStore(folder / "evidence.sqlite"), registry, Trees(Caches(folder), user_listings(CacheUse())),
        code=CodeFeed(shelf, use) if feed else None,
    )  # fmt: skip
    every = [component(name) for name in names]
    found, problems = RemoteLocator(registry, 2).locate(every, every, packages.consume)
    assert (len(found), problems) == (len(names), ())
    packages.save()
    return shelf


def test_the_index_grows_by_what_a_scan_reads(tmp_path: Path) -> None:
    shelf = read(tmp_path, ["one", "two"], feed=True, use=CacheUse())
    assert shelf.known() == {("pkg:npm/one", "1.0.0"), ("pkg:npm/two", "1.0.0")}
    index = shelf.open()
    assert index is not None
    copy = recognise(minified(library(20)).encode(), "x.js", index)[0]
    assert (copy.package, copy.version, copy.license) == ("pkg:npm/one", "1.0.0", "ISC")


def test_without_the_switch_nothing_is_indexed(tmp_path: Path) -> None:
    shelf = read(tmp_path, ["one"], feed=False, use=CacheUse())
    assert not shelf.folder.exists()


def test_an_index_that_cannot_be_written_is_no_reason_to_fail(tmp_path: Path) -> None:
    (tmp_path / "code").write_bytes(b"a file where the folder should be")
    use = CacheUse()
    read(tmp_path, ["one", "two"], feed=True, use=use)
    assert use.lost.total() == 2


def test_a_version_that_is_indexed_is_not_read_again(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "code")
    shelf.put([Segment("pkg:npm/one", "one", "1.0.0", "", ())])
    assert CodeFeed(shelf).collector(component("one")) is None
    assert CodeFeed(shelf).collector(component("two")) is not None
