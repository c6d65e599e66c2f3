"""Trees of dependencies, and everything known of one component."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from licscan.base.errors import InputError
from licscan.export import show, tree
from licscan.model import Component, Dependency, Graph, Scope
from tests.factories import COPYLEFT, LEFT, LOOSE, ROOT, empty_scan, rich_scan, synthetic_scan
from tests.growth import assert_linear


def purl(name: str) -> str:
    return f"pkg:npm/{name}@1"


def graph(edges: str, roots: str = "r") -> Graph:
    """`r>a r>b a>b`, by one-word names."""
    pairs = [edge.split(">") for edge in edges.split()]
    names = sorted({name for pair in pairs for name in pair})
    return Graph(
        tuple(map(purl, roots.split())),
        tuple(Component(purl(name), name, "1", "npm") for name in names),
        tuple(Dependency(purl(parent), purl(child)) for parent, child in pairs),
    )


def printed(render, *arguments, width: int = 80, encoding: str = "utf-8", **settings) -> list[str]:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    render(*arguments, Console(file=file, width=width, highlight=False), **settings)
    file.flush()
    return file.buffer.getvalue().decode(encoding).splitlines()


class TestTree:
    def test_labels_scopes_and_repeated_packages(self):
        scan = rich_scan()
        assert printed(tree.render_tree, scan.graph, ROOT, labels=tree.labels_of(scan)) == [
            "chat-server 1.0.0",
            "├─ @deep/copyleft 3.0.0 [GPL-3.0-only or GPL-3.0-or-later?] ! (dev)",
            "├─ left 2.1.0 [MIT]",
            "│  └─ @deep/copyleft 3.0.0 [GPL-3.0-only or GPL-3.0-or-later?] !",
            "├─ loose [unknown] ? (optional)",
            "└─ mystery 0.1 [none given] (dev)",
        ]

    def test_a_subtree_is_shown_once(self):
        shown = printed(tree.render_tree, graph("r>a r>b a>c b>c c>d"), purl("r"))
        assert shown == ["r 1", "├─ a 1", "│  └─ c 1", "│     └─ d 1", "└─ b 1", "   └─ c 1 (…)"]

    def test_cycles_are_marked(self):
        shown = printed(tree.render_tree, graph("r>a a>b b>a r>c c>a"), purl("r"))
        assert shown == ["r 1", "├─ a 1", "│  └─ b 1", "│     └─ a 1 (cycle)", "└─ c 1", "   └─ a 1 (…)"]

    def test_one_that_needs_itself(self):
        assert printed(tree.render_tree, graph("r>r"), purl("r")) == ["r 1", "└─ r 1 (cycle)"]

    def test_depth(self):
        assert printed(tree.render_tree, graph("r>a a>b"), purl("r"), depth=1) == ["r 1", "└─ a 1 (…)"]

    def test_a_terminal_that_is_not_utf8(self):
        shown = printed(tree.render_tree, graph("r>a r>b a>c"), purl("r"), encoding="ascii", depth=1)
        assert shown == ["r 1", "+- a 1 (...)", "`- b 1"]

    def test_deep_chains_and_many_ways_cost_no_more_than_their_edges(self):
        chain = graph(" ".join(f"n{n}>n{n + 1}" for n in range(20_000)), "n0")
        diamonds = graph(" ".join(f"n{n}>a{n} n{n}>b{n} a{n}>n{n + 1} b{n}>n{n + 1}" for n in range(400)), "n0")
        assert len(printed(tree.render_tree, chain, purl("n0"))) == 20_001
        assert len(printed(tree.render_tree, diamonds, purl("n0"))) == 1601
        assert max(map(len, printed(tree.render_tree, chain, purl("n0")))) <= 80
        assert printed(tree.render_why, chain, purl("n20000"))
        assert printed(tree.render_why, diamonds, purl("n400"))[-4] == "  … and other paths of the same length"

    def test_work_grows_with_the_edges(self):
        def on_a_chain(size):
            chain = graph(" ".join(f"n{n}>n{n + 1}" for n in range(size)), "n0")
            return lambda: (
                printed(tree.render_tree, chain, purl("n0")), printed(tree.render_why, chain, purl(f"n{size}"))
            )  # fmt: skip

        def on_diamonds(size):
            edges = " ".join(f"n{n}>a{n} n{n}>b{n} a{n}>n{n + 1} b{n}>n{n + 1}" for n in range(size))
            diamonds = graph(edges, "n0")
            return lambda: (
                printed(tree.render_tree, diamonds, purl("n0")), printed(tree.render_why, diamonds, purl(f"n{size}"))
            )  # fmt: skip

        assert_linear(on_a_chain, 8_000)
        assert_linear(on_diamonds, 400)


class TestWhy:
    def test_all_shortest_paths_from_each_root(self):
        both = graph("r>a r>b a>x b>x r>c c>d d>x s>x", "r s")
        assert printed(tree.render_why, both, purl("x")) == [
            "x 1",
            "  r 1 › a 1 › x 1",
            "  r 1 › b 1 › x 1",
            "  s 1 › x 1",
            "  Needed by 4 components",
            "    a 1  runtime",
            "    b 1  runtime",
            "    d 1  runtime",
            "    s 1  runtime",
        ]

    def test_scope_and_requirement(self):
        shown = printed(tree.render_why, rich_scan().graph, LOOSE)
        assert shown[-1] == "    chat-server 1.0.0  optional  *"

    def test_roots_and_orphans(self):
        assert "is a root" in printed(tree.render_why, rich_scan().graph, ROOT)[1]
        orphan = Graph(components=(Component(purl("o"), "o", "1", "npm"),))
        assert printed(tree.render_why, orphan, purl("o")) == ["o 1", "  no component that was read needs it"]

    def test_cycles(self):
        assert printed(tree.render_why, graph("r>a a>b b>a"), purl("b"))[1] == "  r 1 › a 1 › b 1"


class TestShow:
    def test_everything_known(self):
        text = show.to_text(rich_scan(), COPYLEFT)
        for part in (
            "@deep/copyleft 3.0.0\n  pkg:npm/%40deep/copyleft@3.0.0\n",
            "concluded:  unknown",
            "because:    two readings of one statement",
            "candidate:  GPL-3.0-or-later",
            "doubt:      GPL has several readings",
            "disagrees:  package.json says MIT, setup says GPL",
            '"GPL 3", not understood',
            "source:     git https://git.example/deep/copyleft.git",
            "only if:    os=linux cpu=x64",
            "found in:   package-lock.json:30",
            "patched by: patches/copyleft.patch",
            "chat-server 1.0.0 › left 2.1.0 › @deep/copyleft 3.0.0",
            "Error: copyleft-shipped",
            "GPL-3.0 section 5(c)",
            "Remedy: replace the package",
        ):
            assert part in text

    def test_evidence_with_places(self):
        text = show.to_text(rich_scan(), LEFT)
        assert 'declared license: "MIT", read as MIT\n    node_modules/left/package.json:5 (installed;' in text
        assert "read by text, score 0.97)\n    one paragraph more" in text
        assert "  lib/vendor/LICENSE.txt" in text

    def test_problems_about_it(self):
        assert show.to_text(rich_scan(), LOOSE).endswith(
            "What could not be done\n  not installed\n\nThis report is evidence for a decision, not legal advice.\n"
        )

    def test_a_project_without_a_conclusion(self):
        assert "nothing was concluded" in show.to_text(rich_scan(), ROOT)

    def test_an_unknown_component(self):
        with pytest.raises(InputError, match="has no component"):
            show.to_text(rich_scan(), "pkg:npm/other@1")

    def test_hostile_text(self):
        name = "[red]x\x1b[2J\u202e"
        component = Component(purl("x"), name, name, "npm", condition=name, patches=(name,), scopes=(Scope.DEV,))
        scan = replace(empty_scan(), graph=Graph(components=(component,)))
        text = "\n".join(printed(show.render_component, scan, purl("x")))
        assert "[red]x\\u001b[2J\\u202e" in text
        assert not set(text) & set("\x1b\u202e")

    def test_prints_what_the_text_says(self):
        scan = synthetic_scan(30)
        shown = printed(show.render_component, scan, scan.graph.components[9].purl, width=100)
        assert "\n".join(shown) + "\n" == show.to_text(scan, scan.graph.components[9].purl)


def test_paths_go_where_the_scope_holds() -> None:
    """A shorter way through a development dependency does not tell why a package ships."""
    edges = (
        Dependency(purl("r"), purl("tool"), Scope.DEV),
        Dependency(purl("tool"), purl("x"), Scope.RUNTIME),
        Dependency(purl("r"), purl("a"), Scope.RUNTIME),
        Dependency(purl("a"), purl("b"), Scope.RUNTIME),
        Dependency(purl("b"), purl("x"), Scope.RUNTIME),
        Dependency(purl("s"), purl("x"), Scope.DEV),
    )
    names = ("r", "s", "tool", "a", "b", "x")
    components = tuple(Component(purl(name), name, "1", "npm") for name in names)
    made = Graph((purl("r"), purl("s")), components, edges)
    way = tuple(purl(name) for name in ("r", "a", "b", "x"))
    assert made.paths_to(purl("x")) == (way,)
    assert made.paths_to(purl("x"), [purl("s")]) == ((purl("s"), purl("x")),)
    assert tree.shortest_paths(made, purl("x"), 5) == ([way], False)
