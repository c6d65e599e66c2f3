"""Twelve real instant-messaging projects, read whole: their manifests and locks stand in the companion folder."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pytest

from licscan.compose.options import Options
from licscan.compose.scan import scan
from licscan.model import Component, ComponentKind, Scan, Scope, SourceKind
from tests.homes import move_in
from tests.raw_locks import Berry, Label, Npm, Pnpm, poetry_groups, uv_closure

pytestmark = pytest.mark.slow

GENUINE = ("several-locks", "lock-out-of-date", "dependency-unresolved", "ecosystem-not-read")


@dataclass(frozen=True)
class Real:
    """What a project's files say, read by eye: entries of each lock, roots, and what is truly amiss."""

    roots: tuple[str, ...]
    locks: tuple[tuple[str, str, str | None, int], ...] = ()
    amiss: tuple[tuple[str, str, str], ...] = ()


PROJECTS = {
    "RocketChat__Rocket.Chat.Electron": Real(
        ("@rocket.chat/desktop-release-action@1.0.0", "rocketchat@4.16.0-alpha.1"),
        (("yarn.lock", "yarn.lock", "8", 1635),),
    ),
    # headless is a member of the workspace: npm never reads the lock that was left in it
    "conversejs__converse.js": Real(
        ("@converse/headless@14.0.0", "@converse/log@0.0.1", "converse.js@14.0.0"),
        (
            ("docs/package-lock.json", "package-lock.json", "3", 430),
            ("package-lock.json", "package-lock.json", "3", 517),
        ),
        (("several-locks", "src/headless/package-lock.json", "package-lock.json at the root of its workspace"),),
    ),
    "element-hq__synapse": Real(
        ("matrix-synapse@1.157.1",),
        (("poetry.lock", "poetry.lock", "2.1", 135),),
        (("ecosystem-not-read", "Cargo.toml", "Rust"),),
    ),
    "errbotio__errbot": Real(("errbot",)),
    "gajim__gajim": Real(("gajim",)),
    "maxim-top__lanying-connector": Real(("project",), (("requirements.txt", "requirements.txt", None, 46),)),
    "maxim-top__lanying-im-web": Real(("lanying-im-web@3.0.18",), (("package.json", "package.json", None, 64),)),
    "poezio__poezio": Real(("project",), (), (("ecosystem-not-read", "tools/sticker-picker/Cargo.toml", "Rust"),)),
    "python-telegram-bot__python-telegram-bot": Real(("python-telegram-bot",), (("uv.lock", "uv.lock", "1.3", 102),)),
    "session-foundation__session-desktop": Real(
        ("session-desktop@1.17.17",), (("pnpm-lock.yaml", "pnpm-lock.yaml", "9.0", 1307),)
    ),
    # the lock's own copy of the manifest says ^0.25.1
    "tinode__webapp": Real(
        ("tinode-webapp@0.25.2",),
        (("package-lock.json", "package-lock.json", "3", 710),),
        (("lock-out-of-date", "package-lock.json", "tinode-sdk ^0.25.2 is ^0.25.1 in the lockfile"),),
    ),
    "zulip__zulip-desktop": Real(("zulip@5.12.4",), (("pnpm-lock.yaml", "pnpm-lock.yaml", "9.0", 1013),)),
}


@pytest.fixture(autouse=True, scope="module")
def nobodys_home(tmp_path_factory: pytest.TempPathFactory, shared_index: Path) -> Iterator[None]:
    """No caches, no settings: what is read are the projects alone."""
    with pytest.MonkeyPatch.context() as patch:
        move_in(patch, tmp_path_factory.mktemp("home"), shared_index)
        yield


@functools.cache
def scanned(path: Path) -> Scan:
    return scan(Options(paths=(path,), offline=True))


def project(shared: Path, name: str) -> Path:
    return shared / "im" / "manifests" / name


@pytest.mark.parametrize("name", PROJECTS)
def test_every_entry_is_understood(shared: Path, name: str) -> None:
    result = scanned(project(shared, name))
    assert [(i.path, i.seen) for i in result.inputs if i.seen != i.understood] == []
    read = {(i.path, i.format, i.version, i.seen) for i in result.inputs}
    assert set(PROJECTS[name].locks) <= read


def test_all_the_projects_are_named_here(shared: Path) -> None:
    assert sorted(path.name for path in (shared / "im" / "manifests").iterdir()) == sorted(PROJECTS)


@pytest.mark.parametrize("name", PROJECTS)
def test_the_roots_are_the_projects_own(shared: Path, name: str) -> None:
    result = scanned(project(shared, name))
    roots = [result.graph.by_purl[purl] for purl in result.graph.roots]
    assert [unquote(root.purl.partition("/")[2]) for root in roots] == list(PROJECTS[name].roots)
    assert all(root.kind is ComponentKind.PROJECT and root.manifest for root in roots)


@pytest.mark.parametrize("name", PROJECTS)
def test_what_is_amiss_is_what_is_truly_amiss(shared: Path, name: str) -> None:
    problems = [p for p in scanned(project(shared, name)).problems if p.stage == "resolve"]
    expected = PROJECTS[name].amiss
    assert len(problems) == len(expected), problems
    for code, subject, words in expected:
        assert code in GENUINE
        assert [p for p in problems if (p.code, p.subject) == (code, subject) and words in p.message]


@pytest.mark.parametrize("name", PROJECTS)
def test_a_root_reaches_every_package(shared: Path, name: str) -> None:
    graph = scanned(project(shared, name)).graph
    assert [c.purl for c in graph.components if not c.scopes and c.kind is ComponentKind.PACKAGE] == []
    known = set(graph.by_purl)
    assert all(edge.parent in known and edge.child in known for edge in graph.dependencies)


LOCKED = sorted({*PROJECTS} - {"errbotio__errbot", "gajim__gajim", "maxim-top__lanying-im-web", "poezio__poezio"})


@pytest.mark.parametrize("name", LOCKED)
def test_a_lock_leaves_no_version_open(shared: Path, name: str) -> None:
    """What converse's inner lock does not have, the lock of the whole repository does."""
    assert [c.purl for c in scanned(project(shared, name)).graph.components if not c.resolved] == []


# -- scopes, against a second reading of the raw locks -----------------------------------------------------------------


def packages_of(result: Scan) -> list[Component]:
    return [c for c in result.graph.components if c.kind is ComponentKind.PACKAGE and c.resolved]


def labels(components: list[Component], *wanted: Scope) -> set[Label]:
    """The packages that have one of the scopes (all, without any named)."""
    return {(c.name, c.version) for c in components if not wanted or set(wanted) & set(c.scopes)}


NOT_DEV = (Scope.RUNTIME, Scope.PEER, Scope.OPTIONAL)
NEEDED = (Scope.RUNTIME, Scope.PEER)

NPM_LOCKS = (
    "conversejs__converse.js/package-lock.json",
    "conversejs__converse.js/docs/package-lock.json",
    "conversejs__converse.js/src/headless/package-lock.json",
    "tinode__webapp/package-lock.json",
)


@pytest.mark.parametrize("lock", NPM_LOCKS)
def test_npm_scopes_are_those_of_a_second_reading(shared: Path, lock: str) -> None:
    path = project(shared, lock)
    found, raw = packages_of(scanned(path)), Npm(path)
    assert labels(found) == raw.every()
    assert labels(found, *NOT_DEV) == raw.production(optional=True)
    assert labels(found, *NEEDED) == raw.production(optional=False)


@pytest.mark.parametrize("lock", NPM_LOCKS)
def test_npm_scopes_agree_with_npms_own_flags(shared: Path, lock: str) -> None:
    """`dev`: development alone. `optional`: never without an optional edge. `devOptional`: both, and nothing else."""
    path = project(shared, lock)
    scopes = {(c.name, c.version): set(c.scopes) for c in packages_of(scanned(path))}
    for label, places in Npm(path).flagged().items():
        here = scopes[label]
        assert (here == {Scope.DEV}) == all("dev" in flags for flags in places), label
        assert (not here & set(NEEDED)) == all(flags & {"dev", "optional", "devOptional"} for flags in places), label
        if any("devOptional" in flags for flags in places):
            assert here == {Scope.OPTIONAL, Scope.DEV}, label


@pytest.mark.parametrize("name", ["zulip__zulip-desktop", "session-foundation__session-desktop"])
def test_pnpm_scopes_are_those_of_a_second_reading(shared: Path, name: str) -> None:
    path = project(shared, name) / "pnpm-lock.yaml"
    found, raw = packages_of(scanned(path)), Pnpm(path)
    assert labels(found) == raw.every()
    assert labels(found, *NOT_DEV) == raw.production(optional=True)
    assert labels(found, *NEEDED) == raw.production(optional=False)


def test_yarn_scopes_are_those_of_a_second_reading(shared: Path) -> None:
    path = project(shared, "RocketChat__Rocket.Chat.Electron") / "yarn.lock"
    found, raw = packages_of(scanned(path.parent)), Berry(path)
    assert labels(found) == raw.every()
    production = raw.production(optional=True)
    assert production <= labels(found, *NOT_DEV)
    by_peers = labels(found, *NOT_DEV) - production
    assert {name for name, _version in by_peers} <= raw.peers_of(production)
    assert by_peers == {("typescript", "5.7.3"), ("@types/react", "19.2.17")}, "peers from the root's development"


def test_poetry_scopes_are_the_locks_groups(shared: Path) -> None:
    path = project(shared, "element-hq__synapse") / "poetry.lock"
    found = {(c.name, c.version): set(c.scopes) for c in packages_of(scanned(path.parent))}
    groups = poetry_groups(path)
    assert set(found) == set(groups)
    # its extra `test` is for development by its name, and alone in asking for this one
    groups["parameterized", "0.9.0"][0].remove("main")
    for label, (names, optional) in groups.items():
        assert (Scope.DEV in found[label]) == bool(names - {"main"}), label
        assert bool(found[label] & set(NOT_DEV)) == ("main" in names), label
        if optional and names == {"main"}:
            assert found[label] == {Scope.OPTIONAL}, label


def test_uv_scopes_are_those_of_a_second_reading(shared: Path) -> None:
    path = project(shared, "python-telegram-bot__python-telegram-bot") / "uv.lock"
    every, plain, with_extras = uv_closure(path)
    found = packages_of(scanned(path.parent))
    assert labels(found) == every
    assert labels(found, Scope.RUNTIME) == plain
    assert labels(found, *NOT_DEV) == with_extras


# -- what does not come from a registry as it was published ------------------------------------------------------------


def named(shared: Path, name: str) -> dict[str, Component]:
    return {c.name: c for c in scanned(project(shared, name)).graph.components}


@pytest.mark.parametrize(
    ("name", "package", "url"),
    [
        (
            "RocketChat__Rocket.Chat.Electron",
            "@electron/node-gyp",
            "git+https://github.com/electron/node-gyp.git@06b29aafb7708acef8b3669835c8a7857ebc92d2",
        ),
        (
            "conversejs__converse.js/src/headless/package-lock.json",
            "strophe.js",
            "git+ssh://git@github.com/strophe/strophejs.git@fb70dcb4e202f632bc9932915b4522f70ad4d47c",
        ),
        (
            "python-telegram-bot__python-telegram-bot",
            "sphinx-build-compatibility",
            "git+https://github.com/readthedocs/sphinx-build-compatibility.git@58aabc5f207c6c2421f23d3578adc0b14af57047",
        ),
        (
            "session-foundation__session-desktop",
            "curve25519-js",
            "git+https://github.com/session-foundation/curve25519-js.git@102f8c0a31b5c58bad8606979036cf763be9f4f6",
        ),
        ("poezio__poezio", "slixmpp", "git+https://lab.louiz.org/poezio/slixmpp.git/"),
    ],
)
def test_git_dependencies_say_their_repository(shared: Path, name: str, package: str, url: str) -> None:
    component = named(shared, name)[package]
    assert (component.source.kind, component.source.url) == (SourceKind.GIT, url)
    assert "vcs_url=" in component.purl


def test_archives_from_elsewhere_say_their_address(shared: Path) -> None:
    result = scanned(project(shared, "session-foundation__session-desktop"))
    archives = {c.name: c.source.url or "" for c in result.graph.components if c.source.kind is SourceKind.URL}
    assert len(archives) == 17
    assert all("/releases/download/" in url and url.endswith("gz") for url in archives.values())
    assert archives["libsession_util_nodejs"].endswith("/v0.6.17/libsession_util_nodejs-v0.6.17.tar.gz")


@pytest.mark.parametrize(
    ("name", "patches"),
    [
        (
            "zulip__zulip-desktop",
            {"gatemaker@1.0.0": "patches/gatemaker.patch", "i18n@0.15.3": "patches/i18n.patch"},
        ),
        (
            "RocketChat__Rocket.Chat.Electron",
            {
                "@ewsjs/xhr@2.0.2": ".yarn/patches/@ewsjs-xhr-npm-2.0.2-77506b0a6c.patch",
                "fsevents@2.3.3": "builtin<compat/fsevents>",
                "resolve@1.22.11": "builtin<compat/resolve>",
                "resolve@2.0.0-next.5": "builtin<compat/resolve>",
                "typescript@5.7.3": "builtin<compat/typescript>",
                "typescript@5.9.3": "builtin<compat/typescript>",
            },
        ),
    ],
)
def test_patched_packages_name_their_patches(shared: Path, name: str, patches: dict[str, str]) -> None:
    components = scanned(project(shared, name)).graph.components
    assert {f"{c.name}@{c.version}": ", ".join(c.patches) for c in components if c.patches} == patches


def test_an_override_that_removes_a_package_is_no_gap(shared: Path) -> None:
    found = named(shared, "zulip__zulip-desktop")
    assert "i18n" in found
    assert "@messageformat/core" not in found


def test_workspace_members_are_first_party(shared: Path) -> None:
    graph = scanned(project(shared, "conversejs__converse.js")).graph
    members = {c.name: c.manifest for c in graph.components if c.kind is ComponentKind.PROJECT}
    assert members == {
        "@converse/headless": "src/headless/package.json",
        "@converse/log": "src/log/package.json",
        "converse-docs": "docs/package.json",
        "converse.js": "package.json",
    }
    asked = {(e.parent, e.child) for e in graph.dependencies}
    assert ("pkg:npm/%40converse/headless@14.0.0", "pkg:npm/%40converse/log@0.0.1") in asked
