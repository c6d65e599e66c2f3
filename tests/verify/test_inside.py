"""Every kind of evidence: what it shows, and that damaged or hostile files end in one line each."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licscan.verify.inside import EvidenceSources, document_of, inspect_artifact
from licscan.verify.inside.bundlers import bundler_report
from licscan.verify.inside.code import banner_of
from licscan.verify.inside.kinds import is_notice
from licscan.verify.inside.sourcemaps import sources_of
from licscan.verify.paths import PackagePath, package_of
from licscan.verify.records import ArtifactContents, Kind, Sure
from licscan.verify.words import words
from tests.growth import assert_linear

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
MINIFIED = "(()=>{" + "var a=1;" * 400 + "})();\n"


@dataclass
class InMemory:
    path: str
    data: bytes

    @property
    def size(self) -> int:
        return len(self.data)

    def read(self, limit: int) -> bytes:
        assert len(self.data) <= limit
        return self.data

    @property
    def sha256(self) -> str:
        import hashlib

        return hashlib.sha256(self.data).hexdigest()


def seen_in(files: dict[str, str | bytes], asked: EvidenceSources | None = None) -> ArtifactContents:
    entries = [InMemory(name, text if isinstance(text, bytes) else text.encode()) for name, text in files.items()]
    return inspect_artifact(sorted(entries, key=lambda entry: entry.path), asked or EvidenceSources())


def names(inside: ArtifactContents) -> set[tuple[str, str, Kind]]:
    return {(one.name, one.version, one.kind) for one in inside.seen}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("node_modules/a/x.js", PackagePath("a", "", "node_modules/a")),
        ("../../node_modules/@s/b/lib/x.js", PackagePath("@s/b", "", "node_modules/@s/b")),
        ("node_modules/a/node_modules/b/x.js", PackagePath("b", "", "node_modules/a/node_modules/b")),
        ("webpack://app/./node_modules/a/x.js?1a2b", PackagePath("a", "", "node_modules/a")),
        ("webpack:///node_modules/babel-loader/lib!./node_modules/a/x.vue", PackagePath("a", "", "node_modules/a")),
        ("node_modules/.pnpm/a@1.2.3_react@18.0.0/node_modules/a/x.js",
         PackagePath("a", "1.2.3", "node_modules/.pnpm/a@1.2.3_react@18.0.0/node_modules/a")),
        ("node_modules/.pnpm/@s+b@2.0.0-rc.1/node_modules/@s/b/x.js",
         PackagePath("@s/b", "2.0.0-rc.1", "node_modules/.pnpm/@s+b@2.0.0-rc.1/node_modules/@s/b")),
        ("node_modules/.pnpm/a@1.0.0/node_modules/other/x.js",
         PackagePath("other", "", "node_modules/.pnpm/a@1.0.0/node_modules/other")),
        (".yarn/cache/lodash-npm-4.17.21-6382451519-eb835a2e51.zip/node_modules/lodash/x.js",
         PackagePath("lodash", "4.17.21", "node_modules/lodash")),
        (".yarn/cache/@s-b-npm-1.0.0-aaaaaaaaaa-bbbbbbbbbb.zip/node_modules/@s/b/x.js",
         PackagePath("@s/b", "1.0.0", "node_modules/@s/b")),
        (".yarn/unplugged/a-npm-1.0.0-aaaaaaaaaa/node_modules/a/x.js", PackagePath("a", "1.0.0", "node_modules/a")),
        ("\0commonjsHelpers.js", None), ("src/index.ts", None), ("node_modules/", None), ("node_modules/@s", None),
        ("my_node_modules/a/x.js", None), ("node_modules/../../etc/passwd", None), ("node_modules/.bin/x", None),
        ("a" * 100_000, None), ("C:\\app\\node_modules\\a\\x.js", PackagePath("a", "", "node_modules/a")),
    ],
)  # fmt: skip
def test_packages_of_paths(path: str, expected: PackagePath | None) -> None:
    assert package_of(path) == expected


def vlq(number: int) -> str:
    value, signs = (abs(number) << 1) | (number < 0), ""
    while True:
        value, digit = value >> 5, value & 31
        signs += DIGITS[digit | (32 if value else 0)]
        if not value:
            return signs


@settings(max_examples=200)
@given(
    st.lists(st.lists(st.tuples(st.integers(0, 99), st.one_of(st.none(), st.integers(0, 70))), max_size=6), max_size=6)
)
def test_the_sources_that_mappings_lead_to(lines: list[list[tuple[int, int | None]]]) -> None:
    previous, used, out = 0, set(), []
    for line in lines:
        segments = []
        for column, source in line:
            if source is None:
                segments.append(vlq(column))
                continue
            segments.append(vlq(column) + vlq(source - previous) + vlq(0) + vlq(column))
            previous = source
            used.add(source)
        out.append(",".join(segments))
    sources = [f"node_modules/p{number}/x.js" for number in range(71)]
    document = {"version": 3, "sources": sources, "mappings": ";".join(out)}
    assert set(sources_of(document, "x.map")) == {sources[number] for number in used}


def source_map(*sources: str) -> dict[str, Any]:
    mappings = ",".join(["AAAA", *["ACAA"] * (len(sources) - 1)])
    return {"version": 3, "sources": list(sources), "mappings": mappings}


def test_source_maps_beside_inline_and_in_sections() -> None:
    inline = base64.b64encode(json.dumps(source_map("node_modules/b/x.js")).encode()).decode()
    sections = {
        "sections": [
            {"map": source_map("node_modules/c/x.js")},
            {"map": {"sections": [{"map": source_map("node_modules/d/x.js")}]}},
        ]
    }
    found = seen_in(
        {
            "a.js": MINIFIED, "a.js.map": json.dumps(source_map("webpack://x/./node_modules/a/x.js", "src/own.js")),
            "b.js": f"{MINIFIED}//# sourceMappingURL=data:application/json;charset=utf-8;base64,{inline}",
            "c.js": MINIFIED, "c.js.map": ")]}'\n" + json.dumps(sections), "lonely.js": MINIFIED,
            "e.css": ".a{}" + "b" * 5_000 + "/*# sourceMappingURL=data:application/json,"
            + json.dumps(source_map("node_modules/e/x.css")).replace('"', "%22").replace(" ", "") + " */",
        }
    )  # fmt: skip
    assert names(found) == {(name, "", Kind.SOURCE_MAP) for name in "abcde"}
    assert [one.file for one in found.unknown] == ["lonely.js"]
    assert found.problems == ()


WEBPACK = {
    "assets": [{"name": "main.js"}],
    "modules": [
        {"name": "./node_modules/a/i.js", "chunks": [1], "size": 9},
        {"name": "./src/i.js + 2 modules", "chunks": [1], "modules": [{"name": "./node_modules/b/i.js"}]},
        {"name": "./node_modules/shaken/i.js", "chunks": []},
        {"name": "css ./node_modules/c/x.css", "nameForCondition": "/app/node_modules/c/x.css", "chunks": [1]},
    ],
    "children": [{"modules": [{"name": "./node_modules/d/x.js", "chunks": [0]}]}],
}
VISUALIZER = {
    "version": 2, "tree": {"name": "root", "children": []},
    "nodeParts": {"p1": {"renderedLength": 5}, "p2": {"renderedLength": 0}},
    "nodeMetas": {"m1": {"id": "/node_modules/a/i.js", "moduleParts": {"main.js": "p1"}},
                  "m2": {"id": "/node_modules/shaken/i.js", "moduleParts": {"main.js": "p2"}}},
}  # fmt: skip
MANIFEST = {"node_modules/a/i.js": {"file": "assets/main.js", "src": "node_modules/a/i.js", "isEntry": True}}


@pytest.mark.parametrize(
    ("document", "kind", "expected"),
    [
        ({"inputs": {}, "outputs": {"main.js": {"inputs": {"node_modules/a/i.js": {"bytesInOutput": 2},
          "node_modules/shaken/i.js": {"bytesInOutput": 0}}}, "main.js.map": {"inputs": {}}}}, Kind.METAFILE, {"a"}),
        (WEBPACK, Kind.WEBPACK, {"a", "b", "c", "d"}),
        (VISUALIZER, Kind.ROLLUP, {"a"}),
        (MANIFEST, Kind.MANIFEST, {"a"}),
        ({"main.js": {"fileName": "main.js", "modules": {"/x/node_modules/a/i.js": {"renderedLength": 7},
          "/x/node_modules/shaken/i.js": {"renderedLength": 0}}}}, Kind.ROLLUP, {"a"}),
    ],
)  # fmt: skip
def test_accounts_of_bundlers(document: Any, kind: Kind, expected: set[str]) -> None:
    told = bundler_report(document)
    assert told is not None
    assert (told.kind, {one.name for one in told.packages}) == (kind, expected)
    assert "main.js" in told.outputs


@pytest.mark.parametrize("document", [{}, [], None, 3, {"name": "x", "version": "1"}, {"inputs": [], "outputs": {}}])
def test_other_json_is_no_account(document: Any) -> None:
    assert bundler_report(document) is None


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.sampled_from(["", "node_modules/a/x.js", "AAAA"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from([
            "inputs", "outputs", "modules", "children", "assets", "chunks", "nodeParts", "nodeMetas", "moduleParts",
            "sources", "sections", "map", "mappings", "file", "src", "name", "id", "main.js", "__proto__", "fileName",
            "bytesInOutput", "renderedLength", "size", "sourceRoot",
        ]), inner, max_size=5),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=300)
@given(_JSON)
def test_wrong_types_are_no_crash(document: Any) -> None:
    text = json.dumps(document)
    found = seen_in({"stats.json": text, "a.js.map": text, "node_modules/a/package.json": text})
    assert len(found.problems) <= 2


@pytest.mark.parametrize("text", ["{", "[" * 200_000, '{"a":' * 200_000, "\0", "nonsense", '{"sections": 3}', ""])
def test_damaged_files_are_one_line_each(text: str) -> None:
    found = seen_in({"a.js.map": text, "meta.json": text, "node_modules/a/package.json": text, "ok.js": "1;\n"})
    assert len(found.problems) <= 3
    assert all("\n" not in f"{one.subject}{one.message}" for one in found.problems)
    if text not in ('{"sections": 3}',):
        assert [one.subject for one in found.problems] == ["a.js.map", "meta.json", "node_modules/a/package.json"]


HOSTILE: dict[str, Callable[[int], str]] = {
    "deep.map": lambda n: '{"sections": [{"map": ' * (n // 3_000) + "{}" + "}]}" * (n // 3_000),
    "wide.map": lambda n: json.dumps({"sections": [{"map": source_map("node_modules/a/x")}] * (n // 20)}),
    "long.map": lambda n: json.dumps({"sources": ["node_modules/a/x"], "mappings": "g" * 3 * n}),
    "open.js": lambda n: "/*" * n,
    "slashes.js": lambda n: "//" * n,
    "spaces.js": lambda n: " " * 2 * n + "/*! a",
    "paths.js": lambda n: '"' + "node_modules/" * (n // 5),
    "urls.js": lambda n: "sourceMappingURL=data:" * (n // 10),
    "lines.js": lambda n: "// license\n" * (n // 5),
    "tags.html": lambda n: "<" * n,
    "licenses.html": lambda n: "<a " * (n // 2),
    "NOTICE": lambda n: "a 1 " * (n // 2),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_with_the_size(name: str) -> None:
    def work(size: int) -> Callable[[], object]:
        text = HOSTILE[name](size)
        return lambda: seen_in({name: text})

    assert_linear(work, 1_000_000)


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("! jQuery JavaScript Library v3.7.1 | (c) x ", ("jQuery", "3.7.1")),
        ("!\n * lodash v4.17.21\n", ("lodash", "4.17.21")),
        ("! @license DOMPurify 3.1.5 | (c) Cure53 ", ("DOMPurify", "3.1.5")),
        ("*\n * @license React\n * x.production.min.js", ("React", "")),
        ("! For license information please see main.js.LICENSE.txt ", None),
        ("! Copyright 2020 Somebody ", None),
        (" eslint-disable ", None),
    ],
)
def test_banners(comment: str, expected: tuple[str, str] | None) -> None:
    assert banner_of(comment) == expected


def test_modules_that_builds_name() -> None:
    code = (
        "// node_modules/a/x.js\nvar a;\n/*!***!*\\\n  !*** ./node_modules/@s/b/x.js ***!\n"
        '"./node_modules/c/x.js": function() {},\neval("x//# sourceURL=webpack://y/./node_modules/d/x.js?")\n'
        'throw new Error("look into node_modules/nothing/x.js");\n'
    )
    found = seen_in({"main.js": code})
    assert names(found) == {(name, "", Kind.COMMENT) for name in ("a", "@s/b", "c", "d")}
    assert {one.sure for one in found.seen} == {Sure.LIKELY}


def test_installed_packages_and_what_is_in_them() -> None:
    found = seen_in(
        {
            "app/node_modules/a/package.json": '{"name": "a", "version": "1.0.0"}',
            "app/node_modules/a/dist/a.min.js": MINIFIED,
            "app/node_modules/a/lib/package.json": '{"type": "module"}',
            "lib/site-packages/x_y-2.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: X.y\nVersion: 2.0\n\n",
            "lib/site-packages/x_y/static/lib.min.js": MINIFIED,
            "lib/site-packages/pip/_vendor/rich/__init__.py": "",
            "own/_vendor/six.py": "", "own/_vendor/attr/__init__.py": "", "own/_vendor/vendor.txt": "attr==23.1\n",
        }
    )  # fmt: skip
    assert names(found) == {
        ("a", "1.0.0", Kind.NODE_MODULES), ("X.y", "2.0", Kind.DIST_INFO),
        ("six", "", Kind.VENDORED), ("attr", "23.1", Kind.VENDORED),
    }  # fmt: skip
    assert found.unknown == ()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("LICENSE", True), ("assets/main.js.LICENSE.txt", True), ("3rdpartylicenses.txt", True),
        ("oss-licenses.json", True),
        ("main.js.LEGAL.txt", True), ("THIRD-PARTY-NOTICES.md", True), ("res/raw/third_party_licenses", True),
        ("Settings.bundle/Acknowledgements.plist", True), ("x-1.0.dist-info/licenses/COPYING.LESSER", True),
        ("static/licenses.html", True), ("credits.html", True), ("node_modules/a/license.md", True),
        ("licenses/a/b.txt", False),
        ("license-checker.js", False), ("licenses.js.map", False), ("main.js", False), ("index.html", False),
        ("logo.svg", False),
    ],
)  # fmt: skip
def test_names_of_notices(path: str, expected: bool) -> None:
    assert is_notice(path) is expected


def test_documents_of_every_format_give_their_words() -> None:
    for name, data in (
        ("NOTICE", "Copyright © 2020 Ada & Co".encode("utf-16")),
        ("a.html", b"<p>Copyright <b>2020</b> Ada &amp; Co</p>"),
        ("a.json", json.dumps([{"x": "Copyright\n2020"}, ["Ada & Co"]]).encode()),
        ("a.md", b"Copyright 2020 \\*Ada\\* & Co"),
        ("LICENSE", "Copyright 2020 Ada & Co \xe9".encode("latin-1")),
        ("a.plist", b"<string>Copyright 2020 Ada &amp; Co</string>"),
    ):
        said = f" {' '.join(words(document_of(name, data).text))} "
        assert "copyright 2020 ada co " in said.replace(" x ", " "), name
