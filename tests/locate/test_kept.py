"""What stored packages say is kept by the digest of their record: the second run says the same and opens nothing."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from licscan.evidence.store import EvidenceStore
from licscan.locate.caches import Caches
from licscan.locate.kept import KeptFiles, dump, load, version_of
from licscan.locate.published import PublishedPackages
from licscan.locate.remote import RemoteLocator
from licscan.locate.trees import Trees
from licscan.model import Claim, Component, EvidenceKind, Location, Origin, PackageFiles, Problem
from licscan.model.package import PackageMetadata
from licscan.registry import Registry
from tests.registry.settings import Settings, digest, npm, tarball, tarball_url
from tests.registry.wire import Wire

MANIFEST = b'{"name": "a", "version": "1.0.0", "license": "SEE LICENSE IN terms.md", "author": "Ann <ann@a.example>"}'
CONTENT = tarball({"package.json": MANIFEST, "terms.md": b"The terms.\n", "MORE": b"More.\n"})
CLAIM = Claim(EvidenceKind.DECLARED, "license", '{"a":"\ud800"}', Origin.CACHE, Location("x/package.json", 1, 2), True)
FILES = PackageFiles(
    Origin.CACHE,
    "https://packages.example/x.tgz",
    (CLAIM, replace(CLAIM, structured=False, location=Location("x/package.json"))),
    ("LICENSE", "a/LICENSE"),
    ("NOTICE",),
    ("AUTHORS",),
    ("README.md",),
    metadata=PackageMetadata("", "Says «x»", authors=("Ann <ann@a.example>",), artifact_hashes=("sha1:00",)),
    named=("LICENSE",),
    bundled=("node_modules/left",),
    requires=("left>=1",),
)


def published(folder: Path, wire: Wire, *, version: str = "1") -> PublishedPackages:
    store = EvidenceStore(folder / "evidence.sqlite")
    kept = KeptFiles(folder / "packages.sqlite", version)
    registry = Registry(Settings(), adapter=wire, facts=False)
    return PublishedPackages(store, registry, Trees(Caches(folder)), kept=kept)


def component() -> Component:
    return npm("a", (digest(CONTENT, "sha512"),), tarball_url("a"))


@pytest.fixture
def first(tmp_path: Path) -> PackageFiles:
    """What the first run says, which reads the archive."""
    packages = published(tmp_path, Wire({tarball_url("a"): (200, {}, CONTENT)}))
    found, problems = RemoteLocator(packages.registry, 1).locate([component()], (), packages.consume)
    packages.save()
    assert problems == ()
    (files,) = found[component().purl]
    assert files.named == ("terms.md",)
    assert files.metadata is not None
    assert files.metadata.authors == ("Ann <ann@a.example>",)
    return files


def without_texts(folder: Path) -> None:
    with sqlite3.connect(folder / "evidence.sqlite") as db:
        db.execute("delete from blobs_1")


@pytest.mark.parametrize("files", [FILES, replace(FILES, metadata=None), PackageFiles(Origin.REGISTRY, "")])
def test_files_come_back(files: PackageFiles) -> None:
    assert load(dump(files)) == files


@pytest.mark.parametrize("said", ["", "{}", "[]", "null", '["cache","x",[],null,[],[],[],[],[]]', '["x","",[],null]'])
def test_damage_is_no_answer(said: str) -> None:
    assert load(said) is None


def test_a_second_run_says_the_same_and_opens_nothing(tmp_path: Path, first: PackageFiles) -> None:
    without_texts(tmp_path)
    again = published(tmp_path, Wire({}))
    assert again.known([component()]) == {component().purl: (first,)}
    tree = again.tree(component(), first)
    assert tree is not None
    assert [entry.path for entry in tree.entries] == ["MORE", "package.json", "terms.md"]


def test_another_version_reads_anew(tmp_path: Path, first: PackageFiles) -> None:
    assert published(tmp_path, Wire({}), version="2").known([component()]) == {component().purl: (first,)}


def test_what_a_lock_claims_is_asked_each_time(tmp_path: Path, first: PackageFiles) -> None:
    pointing = replace(CLAIM, raw="SEE LICENSE IN MORE", structured=False)
    claiming = replace(component(), claims=(pointing,))
    known = published(tmp_path, Wire({})).known([claiming])
    assert published(tmp_path, Wire({}), version="2").known([claiming]) == known
    assert published(tmp_path, Wire({})).known([component()]) == {component().purl: (first,)}


def test_a_damaged_row_is_read_anew(tmp_path: Path, first: PackageFiles) -> None:
    with sqlite3.connect(tmp_path / "packages.sqlite") as db:
        assert db.execute("update files_1 set files = '['").rowcount == 1
    assert published(tmp_path, Wire({})).known([component()]) == {component().purl: (first,)}


def test_what_was_not_read_is_not_kept(tmp_path: Path) -> None:
    kept = KeptFiles(tmp_path / "packages.sqlite", "1")
    kept.put("a" * 64, replace(FILES, problems=(Problem("locate", "x", "y"),)))
    kept.put("", FILES)
    kept.put("b" * 64, FILES)
    kept.save()
    assert KeptFiles(tmp_path / "packages.sqlite", "1").get_many(["a" * 64, "", "b" * 64]) == {"b" * 64: FILES}


def test_the_version_is_that_of_the_code(tmp_path: Path) -> None:
    (tmp_path / "packages").mkdir()
    (tmp_path / "packages" / "facts.py").write_text("a = 1\n")
    before = version_of(tmp_path)
    version_of.cache_clear()
    assert version_of(tmp_path) == before
    (tmp_path / "packages" / "facts.py").write_text("a = 2\n")
    version_of.cache_clear()
    assert version_of(tmp_path) != before
