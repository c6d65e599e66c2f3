"""pnpm-lock.yaml: what the case folders do not say."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.base.errors import FormatError
from licscan.base.load import load_yaml
from licscan.resolve.js.pnpm import key_lines
from licscan.resolve.js.pnpm_keys import key_of, parse_key, split_suffix
from licscan.resolve.scopes import scopes_from_graph
from tests.resolve.locks import JUNK, NAMES, PROTOCOLS, damaged_text, places, read, survives, writable
from tests.resolve.test_cases import CASES

LOCK = "pnpm-lock.yaml"
FOLDERS = sorted((CASES / LOCK).glob("*/input"))
REAL = ("zulip__zulip-desktop", "session-foundation__session-desktop")


@pytest.mark.parametrize(
    ("text", "major", "name", "version", "base"),
    [
        ("/a/1.0.0", 5, "a", "1.0.0", "/a/1.0.0"),
        ("/@s/a/1.0.0-rc.1_react@18.2.0", 5, "@s/a", "1.0.0-rc.1", "/@s/a/1.0.0-rc.1"),
        ("/a/1.0.0/b@2.0.0", 5, "a", "1.0.0", "/a/1.0.0"),
        ("mirror.example/@s/a/1.0.0_b@2.0.0", 5, "@s/a", "1.0.0", "mirror.example/@s/a/1.0.0"),
        ("/a@1.0.0(b@2.0.0)(@c/d@3.0.0(b@2.0.0))", 6, "a", "1.0.0", "/a@1.0.0"),
        ("a@1.0.0(b@2.0.0)(@c/d@3.0.0(b@2.0.0))", 9, "a", "1.0.0", "a@1.0.0"),
        ("@s/a@https://h.example/a(1).tgz(b@1.0.0)", 9, "@s/a", None, "@s/a@https://h.example/a(1).tgz"),
        ("a@file:vendor/a", 9, "a", None, "a@file:vendor/a"),
        ("file:vendor/a", 6, None, None, "file:vendor/a"),
    ],
)
def test_keys_are_taken_apart(text: str, major: int, name: str | None, version: str | None, base: str) -> None:
    key = parse_key(text, major)
    assert (key.name, key.version, key.base) == (name, version, base)


@pytest.mark.parametrize(
    ("name", "reference", "major", "key"),
    [
        ("a", "1.0.0_b@2.0.0", 5, "/a/1.0.0_b@2.0.0"),
        ("a", "/b/1.0.0", 5, "/b/1.0.0"),
        ("a", "1.0.0(b@2.0.0)", 6, "/a@1.0.0(b@2.0.0)"),
        ("a", "1.0.0(@s/b@2.0.0)", 6, "/a@1.0.0(@s/b@2.0.0)"),
        ("a", "/b@1.0.0", 6, "/b@1.0.0"),
        ("a", "1.0.0(b@2.0.0)", 9, "a@1.0.0(b@2.0.0)"),
        ("a", "b@1.0.0", 9, "b@1.0.0"),
        ("a", "@s/b@1.0.0(c@1.0.0)", 9, "@s/b@1.0.0(c@1.0.0)"),
        ("a", "https://user@h.example/a.tgz", 9, "a@https://user@h.example/a.tgz"),
        ("a", "file:vendor/a", 9, "a@file:vendor/a"),
    ],
)
def test_references_become_keys(name: str, reference: str, major: int, key: str) -> None:
    assert key_of(name, reference, major) == key


@given(st.text(alphabet="ab()@/:._1", max_size=60), st.integers(5, 9))
def test_any_text_is_a_key(text: str, major: int) -> None:
    head, tail = split_suffix(text)
    assert head + tail == text
    assert parse_key(text, major).base in text or major < 6


def test_many_brackets_cost_linear_time() -> None:
    assert split_suffix("a" + "(" * 200_000 + ")" * 199_999)[0].startswith("a")
    assert split_suffix(")" * 200_000) == (")" * 200_000, "")
    assert split_suffix("a" + "()" * 100_000)[0] == "a"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_lines_are_those_of_the_keys(folder: Path) -> None:
    text = (folder / LOCK).read_text()
    lines = text.splitlines()
    packages = [key for document in load_yaml(text, LOCK) for key in (document.get("packages") or {})]
    numbers = key_lines(text)
    assert sorted(numbers) == sorted(packages)
    assert all(key in lines[number - 1] for key, number in numbers.items())


def test_same_graph_with_windows_line_ends(tmp_path: Path) -> None:
    for folder in FOLDERS:
        copied = tmp_path / folder.parent.name
        shutil.copytree(folder, copied)
        (copied / LOCK).write_bytes((folder / LOCK).read_bytes().replace(b"\n", b"\r\n"))
        assert read(copied, LOCK) == read(folder, LOCK)


@pytest.mark.parametrize("text", ["", "---\n", "- a\n", "a: 1\n", "lockfileVersion: x\n", "lockfileVersion: '99.0'\n"])
def test_what_is_no_lock_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / LOCK).write_text(text)
    with pytest.raises(FormatError):
        read(tmp_path, LOCK)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_damaged_text_gives_one_error_or_problems(tmp_path: Path, folder: Path) -> None:
    shutil.copytree(folder, tmp_path / "p")
    text = (folder / LOCK).read_text()
    for seed in range(60):
        (tmp_path / "p" / LOCK).write_text(damaged_text(text, seed))
        survives(tmp_path / "p", LOCK)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_values_of_other_types_give_one_error_or_problems(tmp_path: Path, folder: Path) -> None:
    shutil.copytree(folder, tmp_path / "p")
    for name in (LOCK, "pnpm-workspace.yaml"):
        documents = load_yaml((folder / name).read_text(), name) if (folder / name).exists() else []
        for index in range(0, sum(1 for _ in places(documents)), 3):
            changed = copy.deepcopy(documents)
            holder, key = list(places(changed))[index]
            holder[key] = JUNK[index % len(JUNK)]
            # JSON is YAML
            text = "".join(f"--- {json.dumps(document)}\n" for document in changed)
            (tmp_path / "p" / name).write_text(text)
            survives(tmp_path / "p", LOCK)


@pytest.mark.parametrize("name", REAL)
def test_real_locks_are_understood_whole(shared: Path, name: str) -> None:
    parsed = read(shared / "im" / "manifests" / name, LOCK)
    assert parsed.seen == parsed.understood > 1000
    assert not parsed.problems
    assert {c.purl for c in parsed.components} == set(scopes_from_graph(parsed.roots, parsed.dependencies))


def test_holds_every_package_that_pnpm_installed(shared: Path) -> None:
    installed = json.loads((shared / "im" / "truth" / "zulip-desktop.pnpm.json").read_text())["packages"]
    parsed = read(shared / "im" / "manifests" / "zulip__zulip-desktop", LOCK)
    known = {(component.name, component.version) for component in parsed.components}
    # code inside another package's archive has no entry of its own
    assert {(p["name"], p["version"]) for p in installed if not p["bundled"]} <= known


@pytest.mark.parametrize("version", ["5.4", "6.0", "9.0"])
def test_hostile_names_and_addresses(tmp_path: Path, version: str) -> None:
    for name in NAMES:
        for address in (protocol + name for protocol in PROTOCOLS):
            lock = {
                "lockfileVersion": version,
                "importers": {name: {"dependencies": {"a": {"specifier": address, "version": address}}}},
                "patchedDependencies": {name: {"hash": name, "path": address}},
                "packages": {
                    f"a@{address}": {"resolution": {"tarball": address}, "version": name, "os": [name]},
                    name: {"resolution": {"directory": name}, "name": name},
                    f"b@{address}": {"resolution": {"repo": address, "commit": name}, "name": "b"},
                },
            }
            (tmp_path / LOCK).write_text(json.dumps(lock))
            assert writable(survives(tmp_path, LOCK))


def test_a_link_to_build_output_is_the_member(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "package.json").write_text('{"name": "lib", "version": "1.0.0"}')
    dependencies = {"lib": {"specifier": "workspace:*", "version": "link:lib/dist"}}
    lock = {"lockfileVersion": "9.0", "importers": {".": {"dependencies": dependencies}, "lib": {}}}
    (tmp_path / LOCK).write_text(json.dumps(lock))
    assert [edge.child for edge in read(tmp_path, LOCK).dependencies] == ["pkg:npm/lib@1.0.0"]
