"""The rules about fonts, pictures, sounds and models among a project's own files: one finding a group and question."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from licscan.artsets import art_sets, package_art
from licscan.base.escape import one_line
from licscan.base.listing import listed
from licscan.base.messages import _, ngettext
from licscan.judge.case import Case
from licscan.judge.findings import MAX_PATHS, texts_of
from licscan.judge.queries import display_name
from licscan.judge.works import JudgedSurface
from licscan.law.terms import terms_of
from licscan.law.vocabulary import Deployment
from licscan.licenses.statements import licenses_of
from licscan.model import (
    NOASSERTION,
    NONE,
    SEVERITY_RANK,
    Component,
    ComponentKind,
    Finding,
    Graph,
    Location,
    Severity,
    Verdict,
)
from licscan.model.content import Content, ContentFile, Question, Speaker

MAX_PLACES = 10
_VIOLATIONS = frozenset({Question.UNLICENSED, Question.PACKAGE_ART, Question.NONCOMMERCIAL})
_OWED = frozenset({Question.TEXT_MISSING, Question.ATTRIBUTION, Question.SHARE_ALIKE})
"""What is allowed once something is given along."""
_SETTLED = frozenset({*_OWED, Question.AI_MARK, Question.TRADEMARK})
"""Questions that leave the license of a group settled: the law is asked about it as about any other."""
_KINDS: dict[str, Callable[[int], str]] = {
    "font": lambda count: ngettext("{count} font file", "{count} font files", count),
    "audio": lambda count: ngettext("{count} sound", "{count} sounds", count),
    "video": lambda count: ngettext("{count} video", "{count} videos", count),
    "model": lambda count: ngettext("{count} model file", "{count} model files", count),
    "dataset": lambda count: ngettext("{count} data set", "{count} data sets", count),
    "image": lambda count: ngettext("{count} picture", "{count} pictures", count),
}


def count_of(kind: str, count: int) -> str:
    """So many files of a kind of content (`font`, `image`, ...), in words."""
    return _KINDS.get(kind, _KINDS["image"])(count).format(count=f"{count:,}")


def package_art_findings(case: Case) -> Iterator[Finding]:
    """Packages of the tree whose own license does not cover the art that they carry."""
    known = package_art()
    for component in case.graph.components:
        if component.kind is not ComponentKind.PACKAGE:
            continue
        plain = component.purl.partition("?")[0]
        for row in known.get(plain.rpartition("@")[0] or plain, ()):
            art = art_sets()[row.set_id]
            if art.expression == NONE:
                message = _(
                    "{name} contains art of {owner} ({set}), who does not license it; its own "
                    "license ({says}) does not cover it."
                )
            else:
                message = _(
                    "{name} contains art of {owner} ({set}) under {license}, which its own license "
                    "({says}) does not name."
                )
            told = message.format(
                name=display_name(component), owner=art.owner, set=art.name, license=art.expression, says=row.says
            )
            found = _about(case, component, Question.PACKAGE_ART, told, component.found_in)
            yield found if art.expression == NONE else _milder(found)


def _milder(finding: Finding) -> Finding:
    """For art under an open license: a credit is lacking, not the right."""
    severity = Severity.WARNING if finding.severity is Severity.ERROR else finding.severity
    return replace(finding, severity=severity, verdict=Verdict.CANNOT_TELL)


def content_findings(case: Case) -> Iterator[Finding]:
    """Every finding about content: per group and question, then signs, marks and stale lists."""
    content = case.content
    if content is None:
        return
    by_component: dict[str, list[ContentFile]] = {}
    for file in content.files:
        by_component.setdefault(file.component, []).append(file)
    for purl, files in sorted(by_component.items()):
        component = case.graph.by_purl.get(purl)
        if component is None:
            continue
        for question in dict.fromkeys(one for file in files for one in file.questions):
            if question in _SAY:
                yield _finding(case, component, question, [file for file in files if question in file.questions])
    yield from _by_folder(content, Question.TRADEMARK, _signs)
    yield from _by_folder(content, Question.AI_MARK, _marks)
    yield from _stale(content)


def packages_alone(case: Case) -> Case:
    """The case without content: what the rules about packages look at."""
    if case.content is None:
        return case
    return replace(case, graph=_without(case.graph), surfaces=_surfaces(case, lambda one: not one.content))


def with_settled_content(case: Case) -> Case:
    """The case with packages and with content whose license is settled: what the rules on rulings look at."""
    if case.content is None:
        return case
    open_ = {file.component for file in case.content.files if set(file.questions) - _SETTLED}

    def is_settled(one: Component) -> bool:
        conclusion = case.conclusions.get(one.purl)
        told = conclusion is not None and conclusion.concluded not in (NOASSERTION, NONE)
        return not one.content or (told and one.purl not in open_)

    return replace(case, surfaces=_surfaces(case, is_settled))


def _without(graph: Graph) -> Graph:
    aside = {one.purl for one in graph.components if one.content}
    components = tuple(one for one in graph.components if one.purl not in aside)
    return Graph(graph.roots, components, tuple(edge for edge in graph.dependencies if edge.child not in aside))


def _surfaces(case: Case, keeps: Callable[[Component], bool]) -> tuple[JudgedSurface, ...]:
    return tuple(
        replace(judged, outcomes=tuple(one for one in judged.outcomes if keeps(one.member.component)))
        for judged in case.surfaces
    )


def _finding(case: Case, component: Component, question: Question, files: list[ContentFile]) -> Finding:
    return _about(case, component, question, _SAY[question](component, files), _places(question, files))


def _about(case: Case, component: Component, question: Question, message: str, places: tuple[Location, ...]) -> Finding:
    texts = texts_of(question.value)
    severity = _severity(case, component, texts)
    if severity is None:
        severity = Severity.NOTE
        message = _("{message} Nothing is shipped from this place.").format(message=message)
    return Finding(
        code=question.value,
        severity=severity,
        verdict=_verdict(question),
        purl=component.purl,
        message=message,
        why=_(texts["why"]),
        paths=case.graph.paths_to(component.purl)[:MAX_PATHS],
        remedies=tuple(_(remedy) for remedy in texts["remedies"]),
        locations=places,
    )


def _severity(case: Case, component: Component, texts: Mapping[str, str]) -> Severity | None:
    """The severity of the surface where it weighs most; None where it is shipped on none."""
    found = []
    for judged in case.surfaces:
        for outcome in judged.outcomes:
            if outcome.member.component.purl == component.purl and outcome.member.shipped:
                found.append(_graded(Deployment(judged.surface.deployment), texts))
    if not found and component.is_shipped:
        found = [Severity(texts["severity"])]
    return max(found, key=SEVERITY_RANK.__getitem__, default=None)


def _graded(deployment: Deployment, texts: Mapping[str, str]) -> Severity:
    key = "" if deployment.conveys else "_internal" if deployment is Deployment.INTERNAL else "_saas"
    return Severity(texts.get(f"severity{key}", texts["severity"]))


def _verdict(question: Question) -> Verdict:
    if question in _VIOLATIONS:
        return Verdict.VIOLATION
    return Verdict.OK if question in _OWED else Verdict.CANNOT_TELL


def _places(question: Question, files: list[ContentFile]) -> tuple[Location, ...]:
    """The files; of a contradiction first the texts that contradict each other."""
    said = dict.fromkeys(
        one.location
        for file in files
        for one in file.statements
        if question in (Question.CONFLICT, Question.STOCK) and one.speaker in (Speaker.LIST, Speaker.ANNOTATION)
    )
    return (*list(said)[:3], *(Location(file.path) for file in files[:MAX_PLACES]))


# --- sentences --------------------------------------------------------------------------------------------------------


def _what(component: Component, files: list[ContentFile]) -> str:
    """How many files of which kind, and what they are."""
    return _("{name}: {files}").format(name=component.name, files=count_of(component.content, len(files)))


def _plain(sentence: Callable[[], str], component: Component, files: list[ContentFile]) -> str:
    first = files[0]
    return sentence().format(
        what=_what(component, files),
        license=first.expression,
        owner=first.owner or _("its owner"),
        builder=first.builder,
        clauses=_clauses(first.expression),
    )


def _clauses(expression: str) -> str:
    named = [] if expression in (NOASSERTION, NONE, "") else licenses_of(expression)
    said = [f"{one} {each.clause}" for one in named for each in terms_of(one).conditions if each.clause]
    return "; ".join(dict.fromkeys(said))[:300] or expression


def _no_statement(component: Component, files: list[ContentFile]) -> str:
    if files[0].builder:
        message = _("{what}, built with {builder} from third-party icons: no license is stated.")
        return message.format(what=_what(component, files), builder=files[0].builder)
    owner = files[0].owner
    if owner:
        message = _("{what} by {owner}: no license is stated.")
        return message.format(what=_what(component, files), owner=owner)
    return _("{what}: neither owner nor license is stated.").format(what=_what(component, files))


def _conflict(component: Component, files: list[ContentFile]) -> str:
    """What each of those who disagree says."""
    said = []
    for one in files[0].statements:
        told = _("own work") if one.is_own else one.expression if one.expression not in ("", NOASSERTION) else one.text
        if told and one.speaker in (Speaker.ANNOTATION, Speaker.LIST, Speaker.CARD, Speaker.EMBEDDED, Speaker.SET):
            said.append(
                _("{place}: {words}").format(place=one.location.path, words=one_line(" ".join(told.split()), 120))
            )
    message = _("{what}: its statements disagree: {said}.")
    return message.format(what=_what(component, files), said=_("; ").join(dict.fromkeys(said)))


def _stock(component: Component, files: list[ContentFile]) -> str:
    words = next((one.text or one.holder for one in files[0].statements if one.text or one.holder), "")
    message = _("{what}: apparently from a stock site ({words}), without a license on file.")
    return message.format(what=_what(component, files), words=one_line(" ".join(words.split()), 120) or files[0].path)


_SAY: dict[Question, Callable[[Component, list[ContentFile]], str]] = {
    Question.UNLICENSED: partial(
        _plain, lambda: _("{what}: the work of {owner}, who offers no license to redistribute it.")
    ),
    Question.NONCOMMERCIAL: partial(_plain, lambda: _("{what} under {license}: not for commercial use.")),
    Question.RESTRICTED: partial(
        _plain, lambda: _("{what}: the file itself reserves rights, and no license is named.")
    ),
    Question.TERMS: partial(_plain, lambda: _("{what} under {license}, which has its own restrictions ({clauses}).")),
    Question.STOCK: _stock,
    Question.TEXT_MISSING: partial(
        _plain, lambda: _("{what} under {license}: its text must be included, and is nowhere in the project.")
    ),
    Question.ATTRIBUTION: partial(
        _plain, lambda: _("{what} under {license}: credit to {owner} is required, and nothing in the project gives it.")
    ),
    Question.SHARE_ALIKE: partial(
        _plain, lambda: _("{what} under {license}: a changed version must be released under the same license.")
    ),
    Question.CONFLICT: _conflict,
    Question.NO_STATEMENT: _no_statement,
    Question.MODEL_TERMS: partial(_plain, lambda: _("{what} under {license}: its use is restricted ({clauses}).")),
}
"""How each question about a group is said."""


def _by_folder(content: Content, question: Question, say: Callable[[str, list[ContentFile]], str]) -> Iterator[Finding]:
    """One finding a folder for what is no matter of license."""
    folders: dict[str, list[ContentFile]] = {}
    for file in content.files:
        if question in file.questions:
            folders.setdefault(file.path.rpartition("/")[0] or ".", []).append(file)
    texts = texts_of(question.value)
    for folder, files in sorted(folders.items()):
        shipped = any(file.is_shipped for file in files)
        yield Finding(
            code=question.value,
            severity=Severity(texts["severity"]) if shipped else Severity.NOTE,
            verdict=Verdict.OK,
            purl=None,
            message=say(folder, files),
            why=_(texts["why"]),
            remedies=tuple(_(remedy) for remedy in texts["remedies"]),
            locations=tuple(Location(file.path) for file in files[:MAX_PLACES]),
        )


def _signs(folder: str, files: list[ContentFile]) -> str:
    names = sorted({file.path.rpartition("/")[2].partition(".")[0] for file in files})
    message = ngettext(
        "{folder}: {count} file is a third-party logo ({names}).",
        "{folder}: {count} files are third-party logos ({names}).",
        len(files),
    )
    return message.format(folder=folder, count=f"{len(files):,}", names=listed(names, MAX_PLACES))


def _marks(folder: str, files: list[ContentFile]) -> str:
    tools = sorted({mark.tool or mark.kind.value for file in files for mark in file.marks})
    message = ngettext(
        "{folder}: {count} file is marked as AI-generated or AI-assisted ({tools}).",
        "{folder}: {count} files are marked as AI-generated or AI-assisted ({tools}).",
        len(files),
    )
    return message.format(folder=folder, count=f"{len(files):,}", tools=_(", ").join(tools[:MAX_PLACES]))


def _stale(content: Content) -> Iterator[Finding]:
    """One finding a list."""
    lists: dict[str, list[tuple[Location, str]]] = {}
    for one in content.stale:
        lists.setdefault(one.location.path, []).append((one.location, one.name))
    texts = texts_of(Question.STALE_LIST.value)
    for path, entries in sorted(lists.items()):
        names = _(", ").join(name for _place, name in entries[:MAX_PLACES])
        yield Finding(
            code=Question.STALE_LIST.value,
            severity=Severity(texts["severity"]),
            verdict=Verdict.OK,
            purl=None,
            message=_("{path} names files that do not exist: {names}.").format(path=path, names=names),
            why=_(texts["why"]),
            remedies=tuple(_(remedy) for remedy in texts["remedies"]),
            locations=tuple(place for place, _name in entries[:MAX_PLACES]),
        )
