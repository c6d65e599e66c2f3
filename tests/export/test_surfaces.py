"""What is printed of surfaces: the table, one component, the checklist, explanations."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from rich.cells import cell_len

from licscan.base.errors import InputError
from licscan.base.tables import load_toml
from licscan.export import duties, explain, show, why
from licscan.export.page import Page
from licscan.export.surfaces import merged
from licscan.export.table import to_text, write
from licscan.law.terms import CLASSES
from licscan.law.vocabulary import FLAGS
from licscan.law.words import class_words, flag_words
from licscan.model import Finding, Severity, Verdict
from licscan.model.surface import Judgement, Obligation
from licscan.report import render
from licscan.report.owed import duties as report_duties
from tests.factories import COPYLEFT, LEFT, rich_scan


def component(purl: str):
    return rich_scan().graph.by_purl[purl]


def test_the_table_names_each_surface_with_what_was_assumed() -> None:
    text = to_text(rich_scan())
    assert "server (installed at customers, outbound Apache-2.0): must not be used: 1" in text
    assert "chat-server: taken as a server." in text
    assert "web (loaded by browsers, outbound proprietary): may be used: 1" in text


@pytest.mark.parametrize("width", [80, 120])
def test_nothing_is_wider_than_the_page_but_one_word(width: int) -> None:
    page = Page(width, cuts=True)
    write(rich_scan(), page)
    lines = page.plain + why.to_text(rich_scan(), component(LEFT), width)
    lines += duties.to_text(rich_scan(), rich_scan().surfaces, width) + explain.to_text("AGPL-3.0-only", width)
    wide = [line.split() for line in lines.splitlines() if cell_len(line) > width]
    # a digest stands beside its name
    assert all(len(words[words[0].endswith(":") :]) == 1 for words in wide), wide


def test_one_finding_on_several_surfaces_is_told_once() -> None:
    first = Finding("c", Severity.ERROR, Verdict.VIOLATION, LEFT, "left is bad", surface="web", paths=((LEFT,),))
    second = replace(first, surface="server", paths=())
    (told,) = merged([first, second, second])
    assert told.surface == "server, web"
    assert told.paths == ((LEFT,),)


def test_why_tells_what_follows_on_each_surface() -> None:
    text = why.to_text(rich_scan(), component(LEFT))
    assert "On server (installed at customers): may be used, with duties beyond notices" in text
    assert "On web (loaded by browsers): may be used" in text
    assert "Duty: replaceable library (MIT, 6). Let users put a changed version of left in place" in text
    assert "not legal advice" in text
    assert "It is one work. [GPL-3.0 5(c)]" in why.to_text(rich_scan(), component(COPYLEFT))
    assert "On web (loaded by browsers)" in show.to_text(rich_scan(), LEFT)


def test_the_checklist_names_each_duty_once() -> None:
    scan = rich_scan()
    text = duties.to_text(scan, scan.surfaces)
    assert text.count("replaceable library") == 1
    assert text.count("copyright notices: Reproduce") == 1, "once, whatever the surfaces"
    assert "1 component must not be used (license-conflict); its duties are not listed." in text
    assert "1 component awaits a decision" in text
    document = json.loads(duties.to_json(scan, scan.surfaces))
    server, web = document["surfaces"]
    assert [duty["name"] for duty in server["duties"]] == ["copyright-notice", "license-text", "relink"]
    assert [duty["components"] for duty in web["duties"]] == [[LEFT], [LEFT]]
    assert COPYLEFT in server["undecided"] + server["refused"]
    assert not set(server["undecided"]) & set(server["refused"])


def test_surfaces_that_owe_the_same_are_told_together_and_apart_what_one_owes_alone() -> None:
    scan = rich_scan()
    both, *alone = duties.sections(scan, scan.surfaces)
    assert [one.name for one in both.surfaces] == ["server", "web"]
    assert {item.name for item in both.items} == {"copyright-notice", "license-text"}
    assert [[one.name for one in section.surfaces] for section in alone] == [["server"]]
    assert [item.name for item in alone[0].items] == ["relink"]
    every = [
        (one.name, item.name, item.license, purl)
        for section in (both, *alone)
        for one in section.surfaces
        for item in section.items
        for purl in item.purls
    ]
    told = [
        (one.name, item.name, item.license, purl)
        for one in scan.surfaces
        for item in duties.items(scan, one)
        for purl in item.purls
    ]
    assert sorted(every) == sorted(told), "nothing is lost, and nothing is told twice"


def test_a_clause_of_one_surface_names_it() -> None:
    scan = rich_scan()
    judgements = tuple(
        replace(one, duties=tuple(replace(duty, clause="9 of web") for duty in one.duties))
        if one.surface == "web"
        else one
        for one in scan.judgements
    )
    text = duties.to_text(replace(scan, judgements=judgements), scan.surfaces, 200)
    assert "9 of web (web)" in text


def test_the_checklist_in_markdown_names_all_and_nothing_in_it_is_markup() -> None:
    scan = rich_scan()
    evil = replace(scan.graph.by_purl[LEFT], name="l[e](x)<b>")
    graph = replace(scan.graph, components=tuple(evil if c.purl == LEFT else c for c in scan.graph.components))
    text = duties.to_markdown(replace(scan, graph=graph), scan.surfaces)
    assert "- [ ] license text: Include the full text of MIT" in text
    assert r"l\[e\](x)\<b\> 2.1.0" in text


def test_only_the_surfaces_that_are_asked_for() -> None:
    assert [one.name for one in duties.chosen(rich_scan(), ["web"])] == ["web"]
    assert [one.name for one in duties.chosen(rich_scan(), [])] == ["server", "web"]


@pytest.mark.parametrize("code", load_toml("findings.toml"))
def test_every_code_is_explained(code: str) -> None:
    text = explain.to_text(code)
    assert load_toml("findings.toml")[code]["title"] in text.replace("\n  ", " ")
    for part in ("Why it matters", "What to do", "To waive it", "not legal advice"):
        assert part in text


def test_all_codes_are_listed() -> None:
    lines = explain.to_text(None, 120)
    assert all(code in lines for code in load_toml("findings.toml"))


def test_a_license_is_explained_for_each_deployment() -> None:
    text = explain.to_text("gpl-2.0")
    assert text.startswith("GPL-2.0-only\n")
    assert "on-premise (installed at customers): must not be used." in text
    assert "saas (offered as a service): may be used." in text


@pytest.mark.parametrize("word", ["license-conflit", "no such thing", ""])
def test_what_is_neither_is_an_error_with_a_way_out(word: str) -> None:
    with pytest.raises(InputError) as caught:
        explain.to_text(word)
    assert caught.value.remedy


@pytest.mark.parametrize("flag", FLAGS)
def test_every_flag_has_words(flag: str) -> None:
    assert flag_words(flag) != flag


@pytest.mark.parametrize("name", sorted({*CLASSES, "unknown"}))
def test_every_class_has_words(name: str) -> None:
    assert class_words(name)
    assert "-" not in class_words(name)


def test_what_goes_beyond_notices_for_an_undecided_use_is_no_plain_duty() -> None:
    """Notices are given anyway; the source of one's own work only once it is decided that the component may be used."""
    scan = rich_scan()
    server = scan.surfaces[0]
    work, text = Obligation("source-work", "AGPL-3.0-only", "5(c), 6"), Obligation("license-text", "AGPL-3.0-only", "4")
    judged = [Judgement(server.name, purl, "dependency", ruling, "AGPL-3.0-only", (work, text), ())
              for purl, ruling in ((LEFT, "ok-obligations"), (COPYLEFT, "review"))]  # fmt: skip
    scan = replace(scan, surfaces=(server,), judgements=tuple(judged))
    owed = [(one.name, one.undecided, one.purls) for one in duties.items(scan, server)]
    assert owed == [
        ("license-text", False, tuple(sorted((LEFT, COPYLEFT)))),
        ("source-work", False, (LEFT,)),
        ("source-work", True, (COPYLEFT,)),
    ]
    assert duties.to_text(scan, scan.surfaces, 500).count("Only if it may be used, which is undecided.") == 1
    assert duties.to_markdown(scan, scan.surfaces).count("Only if it may be used, which is undecided.") == 1
    (told,) = json.loads(duties.to_json(scan, scan.surfaces))["surfaces"]
    assert [one["undecided"] for one in told["duties"]] == [False, False, True]
    (_text, source) = report_duties(scan)
    assert ["undecided" in one.what.en for one in source.owed] == [False, True]


@pytest.mark.parametrize(("ruling", "lines"), [("ok-obligations", 2), ("review", 2), ("conflict", 0)])
def test_of_one_component_no_duty_is_told_for_a_use_that_is_refused(ruling: str, lines: int) -> None:
    scan = rich_scan()
    owed = (Obligation("source-work", "AGPL-3.0-only", "5(c), 6"), Obligation("license-text", "AGPL-3.0-only", "4"))
    judged = (Judgement(scan.surfaces[0].name, LEFT, "dependency", ruling, "AGPL-3.0-only", owed, ()),)
    text = why.to_text(replace(scan, judgements=judged), component(LEFT), 200)
    assert text.count("Duty: ") == lines
    assert text.count("Only if it may be used, which is undecided.") == (ruling == "review")
    page = render(replace(scan, judgements=judged))
    assert ("source of the whole work (only if it may be used)" in page) == (ruling == "review")
    assert ("source of the whole work" in page) == (ruling != "conflict")
