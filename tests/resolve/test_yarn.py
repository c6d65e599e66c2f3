"""yarn.lock, both formats: what the case folders do not say."""

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
from licscan.resolve.js.yarn_berry import key_lines
from licscan.resolve.js.yarn_locators import condition_of, locator_of
from licscan.resolve.js.yarn_v1 import parse_blocks
from licscan.resolve.scopes import scopes_from_graph
from tests.resolve.locks import JUNK, NAMES, PROTOCOLS, damaged_text, places, read, survives, writable
from tests.resolve.test_cases import CASES

LOCK = "yarn.lock"
FOLDERS = sorted((CASES / LOCK).glob("*/input"))
BERRY = [folder for folder in FOLDERS if "__metadata" in (folder / LOCK).read_text()]
V1 = [folder for folder in FOLDERS if folder not in BERRY]


def test_blocks_of_the_classic_format() -> None:
    text = '"@s/a@^1.0.0, weird", "@s/a@1 || 2":\n  version "1.0.0"\n  dependencies:\n    "b" "^2 \\"x\\""\n    c 3\n'
    (block,) = parse_blocks(text, LOCK)
    assert block.descriptors == ["@s/a@^1.0.0, weird", "@s/a@1 || 2"]
    assert block.fields == {"version": "1.0.0"}
    assert block.tables == {"dependencies": {"b": '^2 "x"', "c": "3"}}
    assert block.line == 1


@pytest.mark.parametrize("mark", ["<<<<<<< HEAD", "=======", ">>>>>>> other"])
@pytest.mark.parametrize("folder", [V1[0], BERRY[0]], ids=["v1", "berry"])
def test_merge_conflicts_are_named_with_their_line(tmp_path: Path, folder: Path, mark: str) -> None:
    shutil.copytree(folder, tmp_path / "p")
    lines = (folder / LOCK).read_text().split("\n")
    lines.insert(20, mark)
    (tmp_path / "p" / LOCK).write_text("\n".join(lines))
    with pytest.raises(FormatError) as caught:
        read(tmp_path / "p", LOCK)
    assert "21" in (caught.value.place or "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("os=darwin & cpu=arm64", "os=darwin cpu=arm64"),
        ("(os=darwin | os=linux) & cpu=x64 & libc=musl", "os=darwin,linux cpu=x64 libc=musl"),
        ("os=!win32", "os=!win32"),
        ("", None),
        ("&|()", None),
    ],
)
def test_conditions(text: str, said: str | None) -> None:
    assert condition_of(text) == said


def test_patches_and_virtual_instances_are_taken_off() -> None:
    inner = "a@npm%3A1.0.0#~/p.patch&./q.patch&optional!builtin<compat/a>"
    found = locator_of(f"a@virtual:abc#patch:{inner}::version=1.0.0&locator=m%40workspace%3Apackages%2Fm", "web")
    assert found.reference == "npm:1.0.0"
    assert found.patches == ("builtin<compat/a>", "web/p.patch", "web/packages/m/q.patch")


@given(st.text(alphabet="ab@:#%&=patchvirtual/<>~!.0", max_size=80))
def test_any_text_is_a_locator(text: str) -> None:
    assert isinstance(locator_of(text, "").reference, str)


@pytest.mark.parametrize("folder", BERRY, ids=lambda folder: folder.parent.name)
def test_lines_are_those_of_the_keys(folder: Path) -> None:
    text = (folder / LOCK).read_text()
    lines = text.split("\n")
    numbers = key_lines(text)
    assert sorted(numbers) == sorted(load_yaml(text, LOCK)[0])
    assert all(key in lines[number - 1] for key, number in numbers.items())


def test_same_graph_with_windows_line_ends(tmp_path: Path) -> None:
    for folder in FOLDERS:
        copied = tmp_path / folder.parent.name
        shutil.copytree(folder, copied)
        (copied / LOCK).write_bytes((folder / LOCK).read_bytes().replace(b"\n", b"\r\n"))
        assert read(copied, LOCK) == read(folder, LOCK)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_damaged_text_gives_one_error_or_problems(tmp_path: Path, folder: Path) -> None:
    shutil.copytree(folder, tmp_path / "p")
    text = (folder / LOCK).read_text()
    for seed in range(60):
        (tmp_path / "p" / LOCK).write_text(damaged_text(text, seed))
        survives(tmp_path / "p", LOCK)


@pytest.mark.parametrize("folder", BERRY, ids=lambda folder: folder.parent.name)
def test_values_of_other_types_give_one_error_or_problems(tmp_path: Path, folder: Path) -> None:
    shutil.copytree(folder, tmp_path / "p")
    data = load_yaml((folder / LOCK).read_text(), LOCK)[0]
    for index in range(0, sum(1 for _ in places(data)), 3):
        changed = copy.deepcopy(data)
        holder, key = list(places(changed))[index]
        holder[key] = JUNK[index % len(JUNK)]
        metadata = json.dumps(changed.pop("__metadata", None))
        (tmp_path / "p" / LOCK).write_text(
            f"__metadata: {metadata}\n" + "".join(f"? {json.dumps(k)}\n: {json.dumps(v)}\n" for k, v in changed.items())
        )
        survives(tmp_path / "p", LOCK)


def test_a_real_lock_is_understood_whole(shared: Path) -> None:
    parsed = read(shared / "im" / "manifests" / "RocketChat__Rocket.Chat.Electron", LOCK)
    assert parsed.seen == parsed.understood > 1500
    assert not parsed.problems
    assert {c.purl for c in parsed.components} == set(scopes_from_graph(parsed.roots, parsed.dependencies))


def test_hostile_names_and_addresses(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"name": "x", "version": "1.0.0", "dependencies": {"a": "1"}}')
    for name in NAMES:
        for address in (protocol + name for protocol in PROTOCOLS):
            quoted, target = json.dumps(name), json.dumps(address)
            for key in (json.dumps(f"a@{address}"), json.dumps(f"{name}@{address}")):
                fields = f"  version {quoted}\n  resolved {target}\n  dependencies:\n    {quoted} {target}\n"
                (tmp_path / LOCK).write_text(f"# yarn lockfile v1\n\n{key}:\n{fields}")
                assert writable(survives(tmp_path, LOCK))
                fields = f"version: {quoted}, resolution: {key}, conditions: {quoted}, checksum: {quoted}"
                entry = f"{{{fields}, dependencies: {{{quoted}: {target}}}}}"
                (tmp_path / LOCK).write_text(f"__metadata: {{version: 8}}\n{key}: {entry}\n")
                assert writable(survives(tmp_path, LOCK))
