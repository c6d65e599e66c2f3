"""What goes with each component, and what is missing."""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.attribution.document import Document, document
from licscan.attribution.gather import shipped_components
from licscan.attribution.json_format import to_json
from licscan.attribution.records import Attributions, GapKind, Holdings, Role
from licscan.attribution.reference import text_of
from licscan.attribution.render import render
from licscan.attribution.texts import plain
from licscan.base.escape import visible
from licscan.base.tables import load_json
from licscan.model import ComponentKind
from licscan.model.surface import Obligation
from tests.attribution.made import MIT_TERMS, WEB, attributed, judged, license_file, package, scan_of

MIT = text_of("MIT") or ""
LEFT, RIGHT = package("left"), package("right")


def kinds(told: Attributions) -> list[GapKind]:
    return [gap.kind for gap in told.gaps]


def labels(shown: Document) -> list[str]:
    """Every label in the sections of licenses."""
    groups = [group for section in shown.sections for group in section.groups]
    return [label for group in groups for members in group.members for label in members.labels]


def test_what_is_not_shipped_and_own_projects_stay_out() -> None:
    own = package("own", kind=ComponentKind.PROJECT)
    listed = package("listed", embedded="not-seen")
    judgements = [judged(LEFT, relationship="dev-tool"), judged(own), judged(listed), judged(RIGHT)]
    scan = scan_of([LEFT, RIGHT, own, listed], judgements)
    assert [one.purl for one in shipped_components(scan)] == [RIGHT.purl]


@pytest.mark.parametrize(("deployment", "count"), [("browser", 1), ("internal", 0), ("saas", 0)])
def test_a_notice_counts_only_where_copies_are_given(deployment: str, count: int) -> None:
    scan = scan_of([LEFT], [judged(LEFT, "Unlicense", ())], surfaces=(replace(WEB, deployment=deployment),))
    told = attributed(scan, {LEFT.purl: license_file("Left, by Ada.", role=Role.NOTICE)})
    assert len(told.entries) == count
    assert len(told.silent) == 1 - count


def test_a_component_whose_files_are_gone_is_there_and_said() -> None:
    told = attributed(scan_of([LEFT], [judged(LEFT)]), {LEFT.purl: Holdings(unread=("gone",))})
    assert [entry.purl for entry in told.entries] == [LEFT.purl]
    assert kinds(told) == [GapKind.UNREAD]


def test_a_conflict_and_an_open_license_are_gaps() -> None:
    scan = scan_of([LEFT, RIGHT], [judged(LEFT, ruling="conflict"), judged(RIGHT, "NOASSERTION", ())])
    held = {one.purl: license_file(f"Copyright 2020 Ada\n\n{MIT}") for one in (LEFT, RIGHT)}
    told = attributed(scan, held)
    assert kinds(told) == [GapKind.CONFLICT, GapKind.NO_LICENSE]
    assert len(told.entries) == 2


WORK = Obligation("source-work", "GPL-3.0-only", "5(c), 6")
FILES = Obligation("source-file", "MPL-2.0", "3.2")


@pytest.mark.parametrize(
    ("ruling", "offered", "gaps"),
    [
        ("ok-obligations", ["source-file", "source-work"], []),
        ("review", ["source-file"], [GapKind.UNDECIDED]),
        ("conflict", [], [GapKind.CONFLICT]),
    ],
)
def test_no_source_is_promised_for_a_use_that_is_refused_or_undecided(
    ruling: str, offered: list[str], gaps: list[GapKind]
) -> None:
    """An offer binds whoever makes it: a document of notices must not give away the product's own source."""
    scan = scan_of([LEFT], [judged(LEFT, "GPL-3.0-only", (WORK, FILES), ruling=ruling)])
    held = {LEFT.purl: license_file(f"Copyright 2020 Ada\n\n{MIT}")}
    told = attributed(scan, held, contact="oss@acme.example")
    assert [offer.duty for offer in told.entries[0].offers] == offered
    assert [kind for kind in kinds(told) if kind in (GapKind.UNDECIDED, GapKind.CONFLICT)] == gaps
    assert ("Source code" in render(document(told), "text")) == bool(offered)


def test_what_is_allowed_on_one_surface_is_offered_though_another_refuses_it() -> None:
    app = replace(WEB, name="app")
    judgements = [judged(LEFT, "GPL-3.0-only", (WORK,), ruling="conflict"),
                  replace(judged(LEFT, "GPL-3.0-only", (WORK,), ruling="ok-obligations"), surface="app")]  # fmt: skip
    told = attributed(scan_of([LEFT], judgements, surfaces=(WEB, app)), {LEFT.purl: license_file(MIT)})
    assert [offer.duty for offer in told.entries[0].offers] == ["source-work"]
    assert all("From:" not in render(document(told), form) for form in ("text", "markdown", "html"))


def test_a_text_that_is_no_text_is_said() -> None:
    held = Holdings(((Role.LICENSE, "LICENSE", b"\0\1\2\3" * 500),))
    assert GapKind.UNREAD in kinds(attributed(scan_of([LEFT], [judged(LEFT)]), {LEFT.purl: held}))


def test_the_lesser_license_brings_the_one_that_it_adds_to() -> None:
    duties = (Obligation("license-text", "LGPL-3.0-only", "4(b)"),)
    told = attributed(scan_of([LEFT], [judged(LEFT, "LGPL-3.0-only", duties)]), {LEFT.purl: Holdings()})
    assert [given.licenses for given in told.entries[0].texts] == [("GPL-3.0-only",), ("LGPL-3.0-only",)]


def test_changes_are_told() -> None:
    changed = package("left", patches=("patches/left.patch",), changed=("lib/index.js",))
    told = attributed(scan_of([changed], [judged(changed)]), {changed.purl: license_file(MIT)})
    assert told.entries[0].changes == ("changed by patches/left.patch", "lib/index.js differs from what was published")
    assert "patches/left.patch" in render(document(told), "text")


def test_source_without_a_contact_is_a_gap_that_shows() -> None:
    duties = (Obligation("source-file", "MPL-2.0", "3.2"), Obligation("license-text", "MPL-2.0", "3.2"))
    scan = scan_of([LEFT], [judged(LEFT, "MPL-2.0", duties)])
    told = attributed(scan, {LEFT.purl: license_file(text_of("MPL-2.0") or "")})
    assert kinds(told) == [GapKind.NO_CONTACT]
    for format_ in ("text", "html"):
        assert "[GAP: no contact is given." in render(document(told), format_)
    offered = replace(attributed(scan, {LEFT.purl: Holdings()}, "Ada, Example Street"), contact="Ada, Example Street")
    assert kinds(offered) == []
    assert "Contact: Ada, Example Street" in render(document(offered), "text")


LINE = st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)), max_size=40)
HOLDER = st.sampled_from(
    ["Copyright (c) 2020 Ada", "Copyright 2001-2003 Bob <b@mail.example>", "© Carol", "no statement"]
)
TEXT = st.builds(
    lambda title, holders, rest: "\n".join([title, "", *holders, "", *rest, MIT_TERMS]),
    st.sampled_from(["MIT License", "", "The MIT License (MIT)", "Something else"]),
    st.lists(HOLDER, max_size=3),
    st.lists(LINE, max_size=4),
)
PACKAGES = st.dictionaries(
    st.from_regex(r"[a-z]{1,6}", fullmatch=True), st.lists(TEXT, min_size=1, max_size=2), min_size=1, max_size=6
)


@pytest.mark.slow
@given(PACKAGES)
def test_each_component_is_there_once_and_each_text_whole(texts: dict[str, list[str]]) -> None:
    components = [package(name) for name in texts]
    held = {
        package(name).purl: Holdings(
            tuple((Role.LICENSE, f"LICENSE{n}", text.encode()) for n, text in enumerate(every))
        )
        for name, every in texts.items()
    }
    told = attributed(scan_of(components, [judged(one) for one in components]), held)
    shown = document(told)
    assert sorted(labels(shown)) == sorted(f"{name} 1.0.0" for name in texts)
    page = render(shown, "text")
    lines = {line.strip() for line in page.split("\n")}
    for every in texts.values():
        for text in every:
            wanted_lines = {visible(line).strip() for line in plain(text).split("\n")}
            assert wanted_lines <= lines
    numbers = [
        text.number for section in shown.sections for group in section.groups for text in group.texts if text.first
    ]
    assert numbers == sorted(set(numbers))
    jsonschema_rs.validate(load_json("notices.schema.json"), json.loads(to_json(told)))


def test_many_with_one_text_print_it_once() -> None:
    components = [package(f"p{number}") for number in range(200)]
    held = {one.purl: license_file(f"MIT License\n\nCopyright (c) 2020 {one.name}\n\n{MIT}") for one in components}
    page = render(document(attributed(scan_of(components, [judged(one) for one in components]), held)), "text")
    assert page.count("Permission is hereby granted") == 1
    assert len(page) < 200 * 60 + len(MIT) + 2_000


def test_the_order_of_what_comes_in_makes_no_difference() -> None:
    held = {one.purl: license_file(f"Copyright 2020 {one.name}\n\n{MIT}") for one in (LEFT, RIGHT)}
    one = scan_of([LEFT, RIGHT], [judged(LEFT), judged(RIGHT)])
    other = scan_of([RIGHT, LEFT], [judged(RIGHT), judged(LEFT)])
    for format_ in ("text", "markdown", "html"):
        assert render(document(attributed(one, held)), format_) == render(document(attributed(other, held)), format_)
