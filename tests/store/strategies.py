"""Hypothesis strategies for whole scans: any text in any field, edges and findings that may point nowhere."""

from __future__ import annotations

from hypothesis import strategies as st

import licscan.model as m
from licscan.model.package import PackageMetadata
from licscan.model.surface import Judgement, Obligation, Surface

text = st.text(max_size=12)
maybe = st.none() | text
line = st.none() | st.integers(1, 10**9)
some = st.lists(text, max_size=2).map(tuple)
url = st.none() | st.sampled_from(["https://git.example/a.git", "registry", ""])
purl = st.sampled_from([f"pkg:npm/{name}@1" for name in "abcdef"])
location = st.builds(m.Location, text, line, line)
raw = text | text.map(lambda part: part + "long " * 50)


def several(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(strategy, max_size=3).map(tuple)


def by_purl(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(strategy, max_size=4, unique_by=lambda item: item.purl).map(tuple)


claim = st.builds(
    m.Claim, st.sampled_from(m.EvidenceKind), text, raw, st.sampled_from(m.Origin), location, st.booleans()
)
component = st.builds(
    m.Component,
    purl,
    text,
    maybe,
    text,
    st.sampled_from(m.ComponentKind),
    st.booleans(),
    st.builds(m.Source, st.sampled_from(m.SourceKind), url),
    several(st.sampled_from(m.Scope)),
    several(location),
    several(claim),
    some,
    maybe,
    some,
    some,
    maybe,
    st.sampled_from(["", "present", "not-seen"]),
    some,
)
evidence = st.builds(
    m.Evidence,
    st.sampled_from(m.EvidenceKind),
    text,
    raw,
    maybe,
    st.sampled_from(m.Origin),
    location,
    text,
    st.floats(0, 1),
    maybe,
    maybe,
)
copyright_ = st.builds(m.Copyright, text, line, text, text, text, st.booleans())
conclusion = st.builds(
    m.Conclusion, purl, text, maybe, text, text, some, some, some, several(evidence), some, some, some,
    several(copyright_), text,
)  # fmt: skip
finding = st.builds(
    m.Finding,
    text,
    st.sampled_from(m.Severity),
    st.sampled_from(m.Verdict),
    st.none() | purl,
    text,
    text,
    several(st.lists(purl, min_size=1, max_size=3).map(tuple)),
    some,
    several(location),
    text,
    text,
)
group = st.builds(
    m.SourceGroup, text, st.sampled_from(m.SourceGroupKind), text, st.integers(0, 99), st.booleans(),
    maybe, maybe, maybe, st.booleans(), some, some, several(location),
)  # fmt: skip
number = st.integers(0, 10**6)
sources = st.builds(m.Sources, st.booleans(), number, number, number, some, some, several(group))
surface = st.builds(Surface, text, text, text, some, text, some)
obligation = st.builds(Obligation, text, text, text)
judgement = st.builds(Judgement, text, purl, text, text, text, several(obligation), some)
metadata = st.builds(
    PackageMetadata, purl, text, text, some, some, text, text, text, text, some, text, text, text
)  # fmt: skip
dependency = st.builds(m.Dependency, purl, purl, st.sampled_from(m.Scope), maybe)
graph = st.builds(m.Graph, several(purl), by_purl(component), several(dependency))


def scans() -> st.SearchStrategy:
    return st.builds(
        m.Scan,
        text,
        st.builds(m.Project, text, text, text, some, st.just(m.ProjectKind.OWN), text, text),
        graph,
        by_purl(conclusion),
        several(finding),
        several(st.builds(m.Problem, text, text, text, maybe)),
        several(st.builds(m.InputFile, text, text, maybe, st.integers(0, 99), st.integers(0, 99), maybe)),
        st.none() | st.sampled_from(m.Severity),
        several(st.tuples(text, text)),
        sources=st.none() | sources,
        surfaces=several(surface),
        judgements=several(judgement),
        metadata=by_purl(metadata),
    )
