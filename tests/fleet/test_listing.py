"""What `fleet add` is given: folders, addresses, files, and lists of them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from licscan.base.errors import FormatError, InputError
from licscan.fleet.listing import target_of, targets_of
from licscan.fleet.model import Kind

ADDRESSES = {
    "https://git.example/a/b.git": ("https://git.example/a/b.git", "", "b"),
    "https://git.example/a/b": ("https://git.example/a/b", "", "b"),
    "https://git.example/a/b.git@main": ("https://git.example/a/b.git", "main", "b@main"),
    "https://git.example/a/b.git@feature/x": ("https://git.example/a/b.git", "feature/x", "b@feature/x"),
    "https://git.example/a/b.git#v1": ("https://git.example/a/b.git", "v1", "b@v1"),
    "https://git.example:8443/a/b": ("https://git.example:8443/a/b", "", "b"),
    "git+https://git.example/a/b@v2": ("https://git.example/a/b", "v2", "b@v2"),
    "ssh://git@git.example/a/b.git": ("ssh://git@git.example/a/b.git", "", "b"),
    "ssh://git@git.example:22/a/b.git@dev": ("ssh://git@git.example:22/a/b.git", "dev", "b@dev"),
    "git@git.example:a/b.git": ("ssh://git@git.example/a/b.git", "", "b"),
    "git@git.example:a/b.git@dev": ("ssh://git@git.example/a/b.git", "dev", "b@dev"),
    "file:///srv/git/b.git": ("file:///srv/git/b.git", "", "b"),
    "file:///srv/git/b.git@v1": ("file:///srv/git/b.git", "v1", "b@v1"),
}
SECRETS = (
    "https://user:s3cret@git.example/a/b.git", "https://s3cret@git.example/a/b.git@main",
    "ssh://git:s3cret@git.example/a/b.git", "https://git.example/a/b.git?token=s3cret",
    "git+https://user:s3cret@git.example/a/b#main", "http://user:s3cret@git.example:80/a/b",
)  # fmt: skip


@pytest.mark.parametrize("word", ADDRESSES)
def test_addresses(word: str) -> None:
    found = target_of(word)
    assert (found.kind, found.location, found.reference, found.name) == (Kind.GIT, *ADDRESSES[word])


@pytest.mark.parametrize("word", SECRETS)
def test_no_password_is_kept(word: str) -> None:
    found = target_of(word)
    assert "s3cret" not in repr(found)
    assert "git.example" in found.location


def test_a_reference_may_stand_beside_the_address() -> None:
    assert target_of("https://git.example/a/b.git", "v3").reference == "v3"
    assert target_of("https://git.example/a/b.git@main", "v3").reference == "v3"


@pytest.mark.parametrize("word", ["https://git.example:port/a/b", "https://git.example:99999999/a", "https://[::1/a"])
def test_an_address_that_is_none_is_one_line(word: str) -> None:
    with pytest.raises(InputError) as caught:
        target_of(word)
    assert "\n" not in str(caught.value)


def test_an_address_keeps_its_brackets_and_port() -> None:
    assert target_of("https://[::1]:8443/a/b.git@main").location == "https://[::1]:8443/a/b.git"


def test_a_scope_is_no_branch() -> None:
    assert target_of("https://git.example/@scope/b").location == "https://git.example/@scope/b"


def test_folders_artifacts_and_sboms_are_told_by_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app.zip").write_bytes(b"PK\x03\x04")
    bom = {"bomFormat": "CycloneDX", "specVersion": "1.5", "components": []}
    (tmp_path / "supplier.zip").write_text(json.dumps(bom))
    (tmp_path / "supplier.gz").write_bytes(gzip.compress(json.dumps(bom).encode()))
    (tmp_path / "app.gz").write_bytes(gzip.compress(b"a program"))
    (tmp_path / "supplier.spdx").write_text("# of ours\nSPDXVersion: SPDX-2.3\nDocumentName: app\n")
    (tmp_path / "supplier.xml").write_text('<bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>')
    names = ("app", "app.zip", "app.gz", "supplier.zip", "supplier.gz", "supplier.spdx", "supplier.xml")
    kinds = [target_of(name, folder=tmp_path) for name in names]
    assert [one.kind for one in kinds] == [Kind.FOLDER, Kind.ARTIFACT, Kind.ARTIFACT, *[Kind.SBOM] * 4]
    assert [one.location for one in kinds] == [str(tmp_path / name) for name in names]
    with pytest.raises(InputError, match="does not exist"):
        target_of("none", folder=tmp_path)
    with pytest.raises(InputError, match="has no branches"):
        target_of("app", "main", tmp_path)


GOOD = {
    "list.yaml": (
        "targets:\n- app\n- https://git.example/a/b@main\n- target: lib\n  name: Library\n  product: mail\n",
        ["app", "b@main", "Library"],
    ),
    "bare.yml": ("- app\n- {target: lib, outbound: MIT, ref: ''}\n", ["app", "lib"]),
    "list.csv": ("target,name,product\napp,Application,mail\nlib,,\n", ["Application", "lib"]),
    "bom.csv": ("\ufefftarget\r\napp\r\n", ["app"]),
    "empty.csv": ("target\n", []),
    "UPPER.YAML": ("- app\n", ["app"]),
}
BAD = {
    "none.yaml": ("- app\n- none\n", "entry 2"),
    "key.yaml": ("- {target: app, colour: red}\n", "colour"),
    "nameless.yaml": ("- {name: app}\n", "names no target"),
    "shape.yaml": ("targets: 3\n", "list of targets"),
    "nested.yaml": ("- app\n- [lib]\n", "entry 2"),
    "deep.yaml": ("- {target: {path: app}}\n", "entry 1"),
    "broken.yaml": ("- 'app\n", "broken.yaml"),
    "ref.yaml": ("- {target: app, ref: main}\n", "has no branches"),
    "none.csv": ("target\napp\nnone\n", "entry 2"),
    "head.csv": ("path\napp\n", "path"),
    "cells.csv": ("target\napp,lib\n", "line 2"),
    "quote.csv": ('target\n"app\n', "CSV"),
    "blank.csv": ("target,name\n,x\n", "names no target"),
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name in ("app", "lib"):
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.mark.parametrize("name", GOOD)
def test_lists(place: Path, name: str) -> None:
    text, names = GOOD[name]
    (place / name).write_text(text, newline="")
    found = targets_of(str(place / name), {"product": "other", "group": "g"})
    assert [one.name for one in found] == names
    assert all(one.group == "g" for one in found)
    for one in found:
        assert one.kind is Kind.GIT or Path(one.location).parent == place


def test_what_a_list_says_stands_over_the_command_line(place: Path) -> None:
    (place / "list.yaml").write_text(GOOD["list.yaml"][0])
    found = targets_of(str(place / "list.yaml"), {"product": "other"})
    assert [one.product for one in found] == ["other", "other", "mail"]


@pytest.mark.parametrize("name", BAD)
def test_a_bad_list_is_one_line_that_says_where(place: Path, name: str) -> None:
    text, said = BAD[name]
    (place / name).write_text(text)
    with pytest.raises(FormatError) as caught:
        targets_of(str(place / name), {})
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
