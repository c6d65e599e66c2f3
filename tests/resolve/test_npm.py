"""npm's locks, bun.lock, deno.lock and package.json: real projects, hostile files, and the rules in small."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nodesemver
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from licscan.base.errors import FormatError, InputError
from licscan.base.tree import Tree
from licscan.compose.options import Options
from licscan.compose.scan import scan
from licscan.model import SourceKind
from licscan.resolve.builder import Parsed
from licscan.resolve.formats import FORMATS
from licscan.resolve.js.bun import split_key
from licscan.resolve.js.forced import name_of
from licscan.resolve.js.manifest import expand_workspaces, integrity_hashes, manifest_of, source_of
from licscan.resolve.js.requests import same_spec, satisfies
from licscan.resolve.js.workspaces import is_member
from tests.growth import assert_linear

CASES = Path(__file__).resolve().parents[1] / "cases" / "resolve"
NAMES = ("package-lock.json", "npm-shrinkwrap.json", "package.json", "bun.lock", "deno.lock")


def parse(tree: Path, name: str, path: str | None = None) -> Parsed:
    return FORMATS[name].parser()(Tree(tree), path or name)


def test_every_real_lock_is_understood(shared: Path) -> None:
    locks = sorted((shared / "im" / "manifests").rglob("package-lock.json"))
    assert locks
    for lock in locks:
        parsed = parse(lock.parent, "package-lock.json")
        assert parsed.seen == parsed.understood > 0
        packages = [component for component in parsed.components if component.kind == "package"]
        assert all(component.version for component in packages if component.resolved)


def test_every_installed_package_is_in_the_lock(shared: Path) -> None:
    truth = json.loads((shared / "im" / "truth" / "converse.npm.json").read_text())
    parsed = parse(shared / "im" / "installable" / "converse", "package-lock.json")
    found = {(component.name, component.version) for component in parsed.components}
    assert {(package["name"], package["version"]) for package in truth["packages"]} <= found


def test_a_lock_of_the_same_checkout_is_not_called_out_of_date(shared: Path) -> None:
    folder = shared / "im" / "manifests" / "conversejs__converse.js"
    assert parse(folder, "package-lock.json").problems == ()


@pytest.mark.slow
def test_time_grows_with_the_number_of_packages_only(tmp_path: Path) -> None:
    def work(packages: int) -> Callable[[], object]:
        entries: dict[str, Any] = {"": {"name": "big", "dependencies": {"p0": "*"}}}
        for index in range(packages):
            entries[f"node_modules/p{index}"] = {
                "version": "1.0.0",
                "dependencies": {f"p{(index + 1) % packages}": "*"},
            }
        (tmp_path / "package-lock.json").write_text(json.dumps({"lockfileVersion": 3, "packages": entries}))
        return lambda: parse(tmp_path, "package-lock.json")

    work(8_000)
    assert parse(tmp_path, "package-lock.json").understood == 8_000
    assert_linear(work, 8_000)


def test_nesting_does_not_recurse(tmp_path: Path) -> None:
    nested: dict[str, Any] = {}
    for _depth in range(90):
        nested = {"dependencies": {"a": {"version": "1.0.0", **nested}}}
    (tmp_path / "package-lock.json").write_text(json.dumps({"lockfileVersion": 1, **nested}))
    assert parse(tmp_path, "package-lock.json").understood == 90
    (tmp_path / "package-lock.json").write_text('{"a":' * 100_000)
    with pytest.raises(FormatError):
        parse(tmp_path, "package-lock.json")


def test_lines_are_those_of_the_entries() -> None:
    for name in ("v1", "v2", "v3"):
        folder = CASES / "package-lock.json" / name / "input"
        lines = (folder / "package-lock.json").read_text().splitlines()
        parsed = parse(folder, "package-lock.json")
        packages = [component for component in parsed.components if component.kind == "package"]
        for location in [place for component in packages for place in component.found_in]:
            assert location.start_line is not None
            assert lines[location.start_line - 1].endswith('": {')


def values() -> st.SearchStrategy[Any]:
    return st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("\ud800"),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=6), inner, max_size=2),
        max_leaves=4,
    )


def inputs() -> list[Path]:
    return [path for name in NAMES for path in sorted((CASES / name).glob(f"*/input/{name}"))]


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(place for key, value in items for place in places(value, (*path, key)))]


def load(path: Path) -> Any:
    import pyjson5

    return pyjson5.decode(path.read_text())


def damaged(data: st.DataObject, whole: Any) -> str:
    """The file cut short, or with one of its values replaced, or one more value put in."""
    if data.draw(st.booleans()):
        text = json.dumps(whole)
        return text[: data.draw(st.integers(0, len(text)))]
    *way, last = ("file", *data.draw(st.sampled_from(places(whole))))
    box: Any = {"file": whole}
    holder = box
    for key in way:
        holder = holder[key]
    holder[last] = data.draw(values())
    if isinstance(holder, dict) and data.draw(st.booleans()):
        holder[data.draw(st.text(max_size=12) | st.just("__proto__"))] = holder[last]
    return json.dumps(box["file"])


@pytest.mark.slow
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_gives_no_other_error(data: st.DataObject, tmp_path: Path) -> None:
    source = data.draw(st.sampled_from(inputs()))
    (tmp_path / source.name).write_text(damaged(data, load(source)))
    try:
        parsed = parse(tmp_path, source.name)
    except InputError:
        return
    assert parsed.understood <= parsed.seen
    known = {component.purl for component in parsed.components}
    assert known.issuperset(parsed.roots)
    assert all({edge.parent, edge.child} <= known for edge in parsed.dependencies)
    "".join(known).encode()


@pytest.mark.parametrize(
    ("text", "kind", "url"),
    [
        ("^1.0.0", SourceKind.REGISTRY, None),
        ("npm:other@^2", SourceKind.REGISTRY, None),
        ("https://npm.example/@s/a/-/a-1.0.0.tgz", SourceKind.REGISTRY, "https://npm.example/@s/a/-/a-1.0.0.tgz"),
        ("https://mirror.example/a/download/a-1.0.0.tgz", SourceKind.REGISTRY, "https://mirror.example/a/download/a-1.0.0.tgz"),
        ("https://x:y@files.example/a.tgz", SourceKind.URL, "https://files.example/a.tgz"),
        ("git+ssh://git@git.example/o/r.git#abc", SourceKind.GIT, "git+ssh://git@git.example/o/r.git@abc"),
        ("git@git.example:o/r.git", SourceKind.GIT, "git+ssh://git@git.example/o/r.git"),
        ("o/r#semver:^1", SourceKind.GIT, "git+https://github.com/o/r.git"),
        ("gitlab:o/r#v1", SourceKind.GIT, "git+https://gitlab.com/o/r.git@v1"),
        ("file:../x", SourceKind.PATH, "../x"),
        ("file:x", SourceKind.PATH, "x"),
        ("workspace:^", SourceKind.PATH, None),
        ("workspace:../x", SourceKind.PATH, "../x"),
    ],
)  # fmt: skip
def test_where_a_package_comes_from(text: str, kind: SourceKind, url: str | None) -> None:
    assert (source_of(text).kind, source_of(text).url) == (kind, url)


def test_hashes_are_read_and_others_left_out() -> None:
    one, two = "sha1-" + "A" * 26 + "A=", "sha512-" + "A" * 86 + "=="
    assert integrity_hashes(f"{two} {one}") == ("sha1:" + "0" * 40, "sha512:" + "0" * 128)
    assert integrity_hashes("sha512-short md4-AAAA nonsense sha512-!") == ()


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("^1", "^1", True),
        ("", "*", True),
        ("^1", "^2", False),
        ("github:o/r#v1", "git+ssh://git@github.com/o/r.git#v1", True),
        ("o/r#v1", "github:o/r#v2", False),
        ("file:./a/", "file:a", True),
        ("^1", "github:o/r", False),
    ],
)
def test_specs_that_mean_the_same(first: str, second: str, same: bool) -> None:
    assert same_spec(first, second) is same


def test_ranges() -> None:
    assert satisfies("1.2.3", "^1.0.0 || 3.x") is True
    assert satisfies("2.0.0", "~1.0") is False
    assert satisfies("2.0.0", "") is True
    assert satisfies("2.0.0", "latest") is None
    assert satisfies("2.0.0", "1" * 5000) is None
    assert satisfies("not a version", "^1") is not True


def test_workspace_globs(tmp_path: Path) -> None:
    for folder in ("a", "libs/x", "libs/deep/y", "libs/.hidden", "libs/x/node_modules/z", "apps/one", "apps/two", "no"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "package.json").write_text("{}")
    (tmp_path / "libs" / "loop").symlink_to(tmp_path / "libs")
    tree = Tree(tmp_path)

    def found(*globs: str) -> list[str]:
        return [path.removesuffix("/package.json") for path in expand_workspaces(tree, "", globs)]

    assert found("a", "missing", "../outside", ".") == ["a"]
    assert found("./libs/*/") == ["libs/x"]
    assert found("libs/**") == ["libs/deep/y", "libs/x"]
    assert found("apps/{one,two}", "!apps/two") == ["apps/one"]
    assert found("**", "!**/deep/**", "!no") == ["a", "apps/one", "apps/two", "libs/x"]
    assert found("{" * 50 + "a,b" + "}" * 50) == []


def test_members_by_path_alone() -> None:
    assert is_member("packages/a", ["packages/*"])
    assert not is_member("packages/a/b", ["packages/*"])
    assert not is_member("packages/a", ["packages/**", "!packages/a"])
    assert is_member("packages/a", ["./packages/{a,b}/"])


def test_keys_of_bun_are_paths_of_names() -> None:
    assert split_key("a/@s/b/c") == ("a", "@s/b", "c")
    assert split_key("@s") is None or split_key("@s") == ("@s",)
    assert split_key("a//b") is None


def test_overrides_and_bundles_of_a_manifest() -> None:
    manifest = manifest_of(
        {
            "overrides": {"a": {".": "1", "b": "2"}},
            "resolutions": {"c/**/d": "3"},
            "bundledDependencies": ["x", 1],
            "packageManager": "pnpm@9.0.0",
        },
        "package.json",
    )
    assert manifest.overrides == (("a>.", "1"), ("a>b", "2"))
    assert manifest.resolutions == (("c/**/d", "3"),)
    assert (manifest.bundled, manifest.package_manager) == (("x",), "pnpm@9.0.0")


@pytest.mark.parametrize("place", ["a\0b", "node_modules/a\0b", "node_modules/x"])
def test_a_place_that_no_file_can_have_is_no_place(tmp_path: Path, place: str) -> None:
    entries = {"": {"name": "chat", "version": "1.0.0"}, place: {"version": "1.0.0", "resolved": "a\0c", "link": True}}
    (tmp_path / "package-lock.json").write_text(json.dumps({"lockfileVersion": 3, "packages": entries}))
    (tmp_path / "package.json").write_text('{"name": "chat", "version": "1.0.0"}')
    found = scan(Options((tmp_path,), offline=True))
    assert not [one for one in found.graph.components if "\0" in (one.manifest or "") + "".join(one.installed_at)]


NUMBERS = st.tuples(*[st.integers(0, 3)] * 3).map(lambda parts: ".".join(map(str, parts)))


@given(NUMBERS, st.sampled_from(["", "^", "~", ">="]), NUMBERS)
def test_plain_ranges_mean_what_they_mean_to_npm(version: str, sign: str, least: str) -> None:
    assert satisfies(version, sign + least) is bool(nodesemver.satisfies(version, sign + least, loose=True))


@pytest.mark.parametrize(
    ("selector", "name"),
    [
        ("a", "a"),
        ("a@^2", "a"),
        ("@s/a", "@s/a"),
        ("@s/a@1", "@s/a"),
        ("a>b@^2", "b"),
        ("a>.", "a"),
        ("a@1>.", "a"),
        ("**/b", "b"),
        ("a/**/@s/b", "@s/b"),
        ("@s/a/b", "b"),
    ],
)
def test_what_an_override_is_about(selector: str, name: str) -> None:
    assert name_of(selector) == name
