"""Any model, hostile ones above all, gives a document of the right structure in each format."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from licscan.model import Component, Conclusion, Copyright, Dependency, Graph, Project, Scan, Source, SourceKind
from licscan.packages.purls import npm
from licscan.sbom.from_scan import SbomOptions, bom_of
from licscan.sbom.write import write
from tests.sbom.test_write import ALL, complaints

pytestmark = pytest.mark.slow

HOSTILE = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "",
            "\x00\x1b[2J",
            "</text>",
            "]]>",
            "a" * 5_000,
            "\ud800",
            "<!ENTITY x>",
            "__proto__",
            "名前",
            "Name: x\nFoo: y",
        ]
    ),
)
# no `Apache-2.0+`: SPDX has the +, and spdx-tools does not know it
EXPRESSIONS = st.sampled_from(
    [
        "MIT", "NOASSERTION", "NONE", "MIT OR Apache-2.0", "LicenseRef-scancode-commons-clause AND MIT", "nonsense ((",
        "GPL-2.0-only WITH Classpath-exception-2.0", "LicenseRef-x", "DocumentRef-a:LicenseRef-b",
        "MIT WITH AdditionRef-more",
    ]
)  # fmt: skip
URLS = st.one_of(HOSTILE, st.sampled_from(["https://files.example/a-1.tgz", "http://[", "https://x.example/a b%zz#c"]))


@st.composite
def scans(draw: st.DrawFn) -> Scan:
    names = draw(st.lists(HOSTILE, min_size=1, max_size=5, unique=True))
    components, conclusions = {}, []
    for name in names:
        purl = npm(name, draw(HOSTILE) or None)
        hashes = (f"sha512:{'ab' * 64}", f"md9:{draw(HOSTILE)}", f"sha1:{draw(HOSTILE)}")
        source = Source(SourceKind.REGISTRY, draw(URLS))
        components[purl] = Component(purl, name, draw(HOSTILE) or None, "npm", source=source, hashes=hashes)
        holders = (Copyright(draw(HOSTILE), None, draw(HOSTILE)),)
        conclusions.append(
            Conclusion(purl, draw(EXPRESSIONS), None, draw(EXPRESSIONS), draw(HOSTILE), copyrights=holders)
        )
    purls = sorted(components)
    edges = tuple(Dependency(one, other) for one in purls for other in purls if draw(st.booleans()))
    graph = Graph(tuple(purls[: draw(st.integers(0, 2))]), tuple(components[purl] for purl in purls), edges)
    return Scan("0", Project(draw(HOSTILE), ".", "MIT"), graph, tuple(conclusions))


@pytest.mark.parametrize(("format_", "ending"), ALL)
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(scan=scans())
def test_any_scan_gives_a_valid_document(format_: str, ending: str, scan: Scan) -> None:
    text = write(bom_of(scan, SbomOptions(created="2026-01-02T03:04:05Z")), format_, ending)
    with TemporaryDirectory() as folder:
        assert complaints(text, Path(folder)) == []
