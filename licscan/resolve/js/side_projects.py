"""What projects in folders of examples, tests and docs are taken for: parts of the product, until left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from licscan.base.messages import _
from licscan.base.tree import folder_of
from licscan.model import Graph
from licscan.resolve.assemble import listed

_SIDE = frozenset(
    {
        "example", "examples", "sample", "samples", "demo", "demos", "test", "tests", "__tests__", "e2e", "spec",
        "fixture", "fixtures", "__fixtures__", "testdata", "docs", "doc", "website", "benchmark", "benchmarks",
        "playground", "template", "templates",
    }
)  # fmt: skip
"""Names of folders that mostly hold what is beside a product."""


def side_projects(graph: Graph) -> tuple[str, ...]:
    """The folders of roots that stand in such a folder, sorted."""
    manifests = (c.manifest for purl in graph.roots if (c := graph.by_purl.get(purl)) and c.manifest)
    folders = {folder_of(manifest) for manifest in manifests}
    return tuple(sorted(folder for folder in folders if not _SIDE.isdisjoint(folder.lower().split("/"))))


def side_assumptions(folders: Iterable[str]) -> Iterator[str]:
    """The sentence that says so."""
    if names := list(folders):
        said = _(
            "{names}: judged as parts of the product, though they look like examples, tests or docs; "
            "leave out what is not passed on with --exclude."
        )
        yield said.format(names=listed(names))
