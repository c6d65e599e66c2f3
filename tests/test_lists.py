"""A bare list of requirements is whole where all that its packages need stands in it; what is unknown is said."""

from __future__ import annotations

import pytest

from licscan.compose.lists import check_lists
from licscan.model import Component, Dependency, Graph, InputFile, Origin, PackageFiles, Scope
from licscan.packages.core_metadata import read_headers, requires_of

LIST = InputFile("requirements.txt", "requirements.txt", None, 2, 2, "0" * 64)
LOCK = InputFile("uv.lock", "uv.lock", None, 2, 2, "1" * 64)


def package(name: str, **more: object) -> Component:
    purl = f"pkg:pypi/{name}@1"
    return Component(purl, name, "1", "pypi", scopes=(Scope.RUNTIME,), **more)  # type: ignore[arg-type]


def files(**needs: tuple[str, ...] | None) -> dict[str, tuple[PackageFiles, ...]]:
    return {f"pkg:pypi/{name}@1": (PackageFiles(Origin.CACHE, name, requires=told),) for name, told in needs.items()}


APP, LIB = package("app"), package("lib")
GRAPH = Graph(components=(APP, LIB))


@pytest.mark.parametrize(
    ("needs", "absent"),
    [
        (("lib>=1",), ""),
        (("Lib[fast]",), ""),
        (("other",), "other (for app)"),
        (("Other_Thing>=2,<3",), "other-thing (for app)"),
        (("b", "a"), "a (for app), b (for app)"),
        (("extra-thing; extra == 'fast'",), ""),
        (("backport; python_version < '3.8'",), ""),
        (("always; python_version >= '2.0'",), "always (for app)"),
        (("not a requirement !!",), ""),
    ],
)  # fmt: skip
def test_what_is_needed_and_not_listed_is_asked_for(needs: tuple[str, ...], absent: str) -> None:
    found = check_lists(GRAPH, [LIST], files(app=needs, lib=()))
    assert [one.message.partition(": ")[2] for one in found.problems] == ([absent] if absent else [])
    assert {(one.subject, one.code) for one in found.problems} <= {("requirements.txt", "dependency-unresolved")}
    assert found.assumptions == ()


def test_a_package_whose_needs_are_unknown_leaves_an_assumption() -> None:
    found = check_lists(GRAPH, [LIST], files(app=None, lib=()))
    assert found.problems == ()
    assert found.assumptions == (
        "requirements.txt is treated as the whole list: the dependencies of 1 package in it are unknown.",
    )


def test_what_says_more_than_a_list_is_believed() -> None:
    told = files(app=("other",), lib=())
    edges = (Dependency(APP.purl, LIB.purl, Scope.RUNTIME),)
    for graph, inputs in (
        (GRAPH, [LIST, LOCK]),
        (GRAPH, [LOCK]),
        (Graph(components=(APP, LIB), dependencies=edges), [LIST]),
        (Graph(components=(package("app", installed_at=("site",)), LIB)), [LIST]),
    ):
        assert check_lists(graph, inputs, told).problems == ()


@pytest.mark.parametrize(
    ("text", "built", "expected"),
    [
        ("Metadata-Version: 2.1\nRequires-Dist: left>=1\n", True, ("left>=1",)),
        ("Metadata-Version: 2.1\n", True, ()),
        ("Metadata-Version: 2.1\nRequires-Dist: left\n", False, None),
        ("Metadata-Version: 2.2\nRequires-Dist: left\n", False, ("left",)),
        ("Metadata-Version: 2.4\n", False, ()),
        ("Metadata-Version: 2.2\nDynamic: Requires-Dist\n", False, None),
        ("Metadata-Version: x\n", False, None),
    ],
)
def test_needs_count_where_no_build_can_change_them(text: str, built: bool, expected: tuple[str, ...] | None) -> None:
    assert requires_of(read_headers(text.encode()), built=built) == expected
