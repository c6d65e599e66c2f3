"""What packages and registries say beside the license: read, bounded, made harmless, merged."""

from __future__ import annotations

import json

import pytest

from licscan.model import Component, Origin, PackageFiles, Source, SourceKind
from licscan.model.package import PackageMetadata
from licscan.packages import facts
from licscan.packages.core_metadata import core_facts, facts_of, pyproject_facts, read_headers, simple_facts
from licscan.packages.npm_metadata import license_claims, npm_facts, npm_registry_facts

SHA1, SHA512 = "ab" * 20, "cd" * 64


def told(found: PackageMetadata) -> dict[str, object]:
    return facts.as_dict(found)


PEOPLE = [
    ("Author: Jane\nAuthor-email: j@x.example", ["Jane <j@x.example>"]),
    ("Author-email: Jane Doe <j@x.example>, John <k@x.example>", ["Jane Doe <j@x.example>", "John <k@x.example>"]),
    ("Author: A, B\nAuthor-email: a@x.example, b@x.example", ["A <a@x.example>", "B <b@x.example>"]),
    ("Author: Jane\nAuthor-email: Jane <j@x.example>", ["Jane <j@x.example>"]),
    (
        "Author: Jane, John\nAuthor-email: Jane <j@x.example>, John <k@x.example>",
        ["Jane <j@x.example>", "John <k@x.example>"],
    ),
    ('Author-email: "Doe, Jane" <j@x.example>', ["Doe, Jane <j@x.example>"]),
    ("Author: Foo, Inc.\nAuthor-email: f@x.example", ["Foo, Inc. <f@x.example>"]),
    ("Author: UNKNOWN\nAuthor-email: UNKNOWN", []),
    ("Author: 王小明\nAuthor-email: w@x.example", ["王小明 <w@x.example>"]),
]


@pytest.mark.parametrize(("headers", "authors"), PEOPLE)
def test_people_of_core_metadata(headers: str, authors: list[str]) -> None:
    assert list(core_facts(read_headers(headers.encode())).authors) == authors


REPOSITORIES = [
    ("a/b", "https://github.com/a/b"),
    ("github:a/b#main", "https://github.com/a/b"),
    ("gitlab:group/sub/b", "https://gitlab.com/group/sub/b"),
    ("bitbucket:a/b", "https://bitbucket.org/a/b"),
    ("gist:11a", "https://gist.github.com/11a"),
    ("git@github.com:a/b.git", "https://github.com/a/b"),
    ("git+ssh://git@github.com/a/b.git", "https://github.com/a/b"),
    ("git://github.com/a/b", "https://github.com/a/b"),
    ("https://user:secret@git.example/a/b.git", "https://git.example/a/b.git"),
    ("git@git.example:a/b.git", "ssh://git@git.example/a/b.git"),
    ("javascript:alert(1)", ""),
    ("file:///etc/passwd", ""),
    ("./a/b", ""),
    ("./b", ""),
    ("../b", ""),
    ("b", ""),
    ("https://", ""),
    ("https://git.example/" + "x" * 5_000, ""),
    (["a/b"], ""),
]


@pytest.mark.parametrize(("written", "address"), REPOSITORIES)
def test_repositories(written: object, address: str) -> None:
    assert facts.repository(written) == address


def test_core_metadata_of_all_versions() -> None:
    headers = """Metadata-Version: 2.4
Summary: Does\x1b[31m things
Home-page: UNKNOWN
Maintainer-email: Team <t@x.example>
Project-URL: Bug Tracker, https://bugs.example/app
Project-URL: Source Code, https://u:p@git.example/app?token=s3cret
Project-URL: home page, https://app.example/
Project-URL: Docs, https://docs.example/
"""
    assert told(core_facts(read_headers(headers.encode()))) == {
        "description": "Does[31m things",
        "supplier": "Team <t@x.example>",
        "maintainers": ["Team <t@x.example>"],
        "homepage": "https://app.example/",
        "repository": "https://git.example/app",
        "issue_tracker": "https://bugs.example/app",
    }


def test_package_json() -> None:
    data = {
        "author": {"name": "Ada", "email": "ada@x.example"},
        "contributors": ["Bo <bo@x.example> (https://bo.example)", 7, {"email": "c@x.example"}],
        "maintainers": [{"name": "mia"}],
        "repository": {"type": "git", "url": "git+https://git.example/a.git", "directory": "packages/a"},
        "bugs": "https://bugs.example/",
        "homepage": "https://t:x@a.example/",
        "description": "An\u202e a\n package",
    }
    assert told(npm_facts(data)) == {
        "description": "An a package",
        "supplier": "Ada <ada@x.example>",
        "authors": ["Ada <ada@x.example>", "Bo <bo@x.example>", "c@x.example"],
        "maintainers": ["mia"],
        "homepage": "https://a.example/",
        "repository": "https://git.example/a.git",
        "issue_tracker": "https://bugs.example/",
    }


def test_version_document_of_an_npm_registry() -> None:
    data = {
        "version": "1.0.0",
        "_npmUser": {"name": "pub", "email": "pub@x.example"},
        "deprecated": "use b",
        "dist": {
            "tarball": "https://registry.example/a/-/a-1.0.0.tgz",
            "shasum": SHA1,
            "integrity": "sha512-" + __import__("base64").b64encode(bytes.fromhex(SHA512)).decode() + " md5-!!",
        },
    }
    assert told(npm_registry_facts(data, time={"1.0.0": "2024-05-06T01:02:03.000Z"})) == {
        "supplier": "pub <pub@x.example>",
        "maintainers": ["pub <pub@x.example>"],
        "artifact_url": "https://registry.example/a/-/a-1.0.0.tgz",
        "artifact_hashes": [f"sha1:{SHA1}", f"sha512:{SHA512}"],
        "published": "2024-05-06",
        "deprecated": "use b",
    }


def test_entry_of_the_simple_api() -> None:
    entry = {
        "filename": "a-1.tar.gz",
        "url": "https://files.example/a-1.tar.gz",
        "hashes": {"sha256": "ef" * 32, "sha512": "short", "evil": "x"},
        "upload-time": "2024-05-06T01:02:03Z",
        "yanked": "broken",
    }
    assert told(simple_facts(entry)) == {
        "artifact_url": "https://files.example/a-1.tar.gz",
        "artifact_hashes": ["sha256:" + "ef" * 32],
        "source_url": "https://files.example/a-1.tar.gz",
        "published": "2024-05-06",
        "deprecated": "broken",
    }
    assert simple_facts(entry | {"yanked": True}).deprecated == "yanked"
    assert simple_facts(entry | {"yanked": False}).deprecated == ""


def test_pyproject() -> None:
    data = {"project": {"authors": [{"name": "A", "email": "a@x.example"}], "urls": {"Issues": "https://i.example/"}}}
    assert pyproject_facts(data).supplier == "A <a@x.example>"
    assert pyproject_facts(data).issue_tracker == "https://i.example/"
    poetry = {"tool": {"poetry": {"authors": ["P <p@x.example>"], "repository": "https://git.example/p"}}}
    assert pyproject_facts(poetry).authors == ("P <p@x.example>",)
    assert pyproject_facts(poetry).repository == "https://git.example/p"


@pytest.mark.parametrize("value", [None, 1, True, [], {}, [[]], [{}], "\x00", "x" * 100_000, {"name": {}}, ["\ud800"]])
def test_any_type_anywhere_is_harmless(value: object) -> None:
    keys = (
        "author",
        "contributors",
        "maintainers",
        "repository",
        "bugs",
        "homepage",
        "description",
        "dist",
        "_npmUser",
    )
    for key in (*keys, "deprecated"):
        found = npm_registry_facts({key: value, "version": "1"}, time={"1": value})
        said = json.dumps(told(found))
        assert len(said) < 5_000
        assert "\\u0000" not in said
    for key in ("authors", "maintainers", "urls", "description", "license"):
        pyproject_facts({"project": {key: value}, "tool": {"poetry": {key: value}}})
    simple_facts(dict.fromkeys(("filename", "url", "hashes", "upload-time", "yanked"), value))
    assert facts_of("npm", json.dumps(value).encode()) in (None, PackageMetadata("")) or value == {}


def test_own_metadata_first_then_the_registry_and_the_archive_that_the_lock_pins() -> None:
    component = Component(
        "pkg:npm/a@1", "a", "1", "npm",
        source=Source(SourceKind.REGISTRY, "https://mirror.example/a-1.tgz"), hashes=(f"sha1:{SHA1}",),
    )  # fmt: skip
    registry = PackageFiles(
        Origin.REGISTRY, "r",
        metadata=PackageMetadata(
            "", supplier="pub", homepage="https://r.example/", artifact_url="https://registry.example/a-1.tgz",
            artifact_hashes=(f"sha512:{SHA512}",), published="2024-01-01",
        ),
    )  # fmt: skip
    own = PackageFiles(Origin.INSTALLED, "i", metadata=PackageMetadata("", supplier="Ada"))
    found = facts.metadata_of(component, (registry, own))
    assert found is not None
    assert told(found) == {
        "supplier": "Ada",
        "homepage": "https://r.example/",
        "artifact_url": "https://mirror.example/a-1.tgz",
        "artifact_hashes": [f"sha1:{SHA1}"],
        "published": "2024-01-01",
    }
    assert facts.from_dict("p", told(found)) == PackageMetadata("p", **{
        "supplier": "Ada", "homepage": "https://r.example/", "artifact_url": "https://mirror.example/a-1.tgz",
        "artifact_hashes": (f"sha1:{SHA1}",), "published": "2024-01-01",
    })  # fmt: skip


def test_licence_is_read_as_license() -> None:
    claims = license_claims({"licence": "MIT", "licences": [{"type": "ISC"}]}, "package.json", Origin.INSTALLED)
    assert [(claim.field, claim.raw) for claim in claims] == [("license", "MIT"), ("licenses", '[{"type":"ISC"}]')]
    claims = license_claims({"licence": "MIT", "license": "ISC"}, "package.json", Origin.INSTALLED)
    assert [claim.raw for claim in claims] == ["ISC"]
