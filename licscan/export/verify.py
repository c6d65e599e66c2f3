"""What is inside of an artifact and what of its notices is missing, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from shlex import quote
from typing import TYPE_CHECKING, Any

from licscan.base.escape import one_line
from licscan.base.listing import listed
from licscan.base.messages import _, ngettext
from licscan.export.folding import LEAST, globs
from licscan.export.json_format import harmless
from licscan.export.page import AS_JSON, STYLE_OF, Page, page_for
from licscan.model import Verdict
from licscan.verify.records import Component, Demand, Sighting, Sure, Verified, What

if TYPE_CHECKING:
    from rich.console import Console

FORMAT = 1
MOST_SHOWN = 200
MOST_SIGNS = 3
MOST_FILES = 5


def render(told: Verified, console: Console) -> None:
    """Print the answer."""
    page = page_for(console)
    write(told, page)
    page.show(console)


def to_text(told: Verified, width: int = 100) -> str:
    """The answer as plain text."""
    page = Page(width)
    write(told, page)
    return page.plain


def write(told: Verified, page: Page) -> None:
    """What is inside, what is missing for each component, what cannot be told, and what to do."""
    count = len(told.components)
    inside = ngettext("{count} third-party component inside", "{count} third-party components inside", count)
    head = _("{what} ({clause})").format(what=one_line(told.artifact, 200), clause=told.kind)
    page.prose(_("{subject}: {message}").format(subject=head, message=inside.format(count=f"{count:,}")), style="bold")
    for sentence in told.assumed:
        page.prose(sentence, 2, 2)
    page.line()
    lacking = [component for component in told.components if component.missing]
    for component in lacking:
        _lacking(component, page)
    for finding in told.findings:
        page.line(one_line(finding.file, 200), "bold")
        page.prose(_("{what} ({clause})").format(what=finding.message, clause=finding.code), 4, 2)
        page.line()
    _open(told, page)
    page.prose(verdict_words(told), style=STYLE_OF[told.verdict])
    for remedy in remedies(told):
        page.prose(remedy, 2, 2)


def _lacking(component: Component, page: Page) -> None:
    label = component.label
    if component.license:
        label = _("{license} ({file})").format(license=label, file=component.license)
    page.line(label, "bold")
    for demand in component.missing:
        page.prose(missing_words(demand), 4, 2)
    page.prose(_("Inside: {signs}").format(signs=_signs(component)), 4, 2)
    if component.one_of:
        page.prose(one_of_words(component), 4, 2)
    page.line()


def missing_words(demand: Demand) -> str:
    """What is not there, in one sentence."""
    said = {
        What.HOLDER: _("The copyright line is missing: {what}"),
        What.TEXT: _("The license text is missing: {what}"),
        What.NOTICE: _("The content of its NOTICE is missing: {what}"),
        What.CREDIT: _("The credit is missing: {what}"),
    }[demand.what]
    return said.format(what=one_line(demand.shown, 300))


def one_of_words(component: Component) -> str:
    """That only the name is known for sure."""
    said = _("Only its name was seen; it could also be version {versions}, so all are considered.")
    return said.format(versions=_(", ").join(component.one_of))


def _signs(component: Component) -> str:
    """The first files that show it, and how."""
    return listed(map(sign_words, component.signs), MOST_SIGNS, _("; "))


def sign_words(sign: Sighting) -> str:
    """A file, the kind of evidence in it, and that it is not sure where it is not."""
    how = _(", ").join((sign.kind.value, _("likely")) if sign.sure is Sure.LIKELY else (sign.kind.value,))
    return _("{what} ({clause})").format(what=one_line(sign.file, 200), clause=how)


def _open(told: Verified, page: Page) -> None:
    lines = list(_untold(told, page))
    if not lines:
        return
    page.line(_("Cannot tell"), "bold")
    shown = page.some(lines, MOST_SHOWN)
    for line in shown:
        page.prose(line, 2, 2)
    page.rest(len(lines) - len(shown), AS_JSON)
    page.line()


def _untold(told: Verified, page: Page) -> Iterator[str]:
    for problem in told.problems:
        yield _("{subject}: {message}").format(subject=problem.subject, message=problem.message)
    for reason, files in _alike(told).items():
        if len(files) < LEAST:
            yield from (_("{subject}: {message}").format(subject=file, message=reason) for file in files)
            continue
        yield _("{subject}: {message}").format(subject=files[0], message=reason)
        yield _same(files[1:], page)
        if own := _own_arguments(told, files):
            yield _("If they are your own: {arguments}").format(arguments=own)
    for component in told.components:
        for sentence in component.open_:
            yield _("{subject}: {message}").format(subject=component.label, message=sentence)


def _same(files: Sequence[str], page: Page) -> str:
    """The other files of which a sentence holds; on a terminal the first of them."""
    shown = page.some(files, MOST_FILES)
    said = _("The same for {names}") if len(shown) == len(files) else _("The same for {names} (`--format json`)")
    return said.format(names=listed(shown, len(shown), total=len(files)))


def _alike(told: Verified) -> dict[str, list[str]]:
    """The files of each reason, in the order of the first file."""
    found: dict[str, list[str]] = {}
    for unknown in told.unknown:
        found.setdefault(unknown.reason, []).append(unknown.file)
    return found


def _own_arguments(told: Verified, files: list[str]) -> str:
    """`--own` with globs that name these scripts and no other file that was seen; empty where they are no scripts."""
    if any(one.stranger for one in told.unknown if one.file in files) or not all(map(_is_script, files)):
        return ""
    others = {one.file for one in told.unknown} | {sign.file for one in told.components for sign in one.signs}
    return " ".join(f"--own {quote(glob)}" for glob in globs(files, others - set(files)))


def _is_script(path: str) -> bool:
    return path.lower().endswith((".js", ".mjs", ".cjs"))


def verdict_words(told: Verified) -> str:
    """The answer in one sentence."""
    lacking = sum(bool(component.missing) for component in told.components)
    if told.verdict is Verdict.VIOLATION and not lacking:
        return _("It contains something that must not be shipped as it is.")
    if told.verdict is Verdict.VIOLATION:
        said = ngettext(
            "Notices are missing for {count} component.", "Notices are missing for {count} components.", lacking
        )
        return said.format(count=f"{lacking:,}")
    if told.verdict is Verdict.CANNOT_TELL:
        return _("Nothing is known to be missing; what is listed above is unknown.")
    return _("All notices required for its contents can be reached.")


def remedies(told: Verified) -> Iterator[str]:
    """What helps."""
    codes = {one.code for one in told.findings}
    if "content-unlicensed-set" in codes:
        yield _("Replace the art with a set that is licensed for this use, or record under [[content]] what allows it.")
    if "ai-label-removed" in codes:
        yield _("Keep the metadata of these files in the build: configure the image optimizer to preserve it.")
    if any(component.missing for component in told.components):
        yield _(
            "Write the notices with `licscan notices`, and put the file into the artifact as "
            "THIRD-PARTY-NOTICES.txt where its users can open it, or name it with --notices if it "
            "ships alongside."
        )
    if any(one.stranger for one in told.unknown):
        yield _("Name the project that the artifact is built from with --project, installed as it was for the build.")
    if any(one.left_over for one in told.unknown):
        yield _("Build into an empty folder, so that nothing of an older build ships; name your own files with --own.")
    if any(not one.stranger and not one.left_over for one in told.unknown):
        yield _(
            "Build with source maps, or with esbuild's --metafile or webpack's --json, and name the "
            "file with --stats; name your own files with --own."
        )


def to_json(told: Verified) -> str:
    """The answer for programs, after data/verify.schema.json."""
    document = {
        "format": FORMAT,
        "artifact": told.artifact,
        "kind": told.kind,
        "project": told.project,
        "surface": told.surface,
        "assumed": list(told.assumed),
        "verdict": told.verdict.value,
        "documents": list(told.documents),
        "components": [_component(component) for component in told.components],
        "unknown": [{"file": o.file, "reason": o.reason, "stranger": o.stranger} for o in told.unknown],
        "findings": [
            {"code": o.code, "file": o.file, "message": o.message, "verdict": o.verdict.value} for o in told.findings
        ],
        "problems": [{"subject": one.subject, "message": one.message} for one in told.problems],
        "remedies": list(remedies(told)),
    }
    return harmless(json.dumps(document, ensure_ascii=False, indent=1) + "\n")


def _component(component: Component) -> dict[str, Any]:
    return {
        "purl": component.purl,
        "name": component.name,
        "version": component.version or None,
        "license": component.license or None,
        "owed": component.owed,
        "evidence": [
            {"file": sign.file, "kind": sign.kind.value, "sure": sign.sure.value} for sign in _once(component)
        ],
        "other_versions": list(component.one_of),
        "missing": [_missing(demand) for demand in component.missing],
        "open": list(component.open_),
        "notes": list(component.notes),
    }


def _once(component: Component) -> list[Sighting]:
    """One sign a file and kind."""
    told = {(sign.file, sign.kind): sign for sign in reversed(component.signs)}
    return [told[key] for key in sorted(told)]


def _missing(demand: Demand) -> dict[str, str]:
    return {
        "what": demand.what.value,
        "code": _CODES[demand.what],
        "shown": demand.shown,
        "message": missing_words(demand),
    }


_CODES = {
    What.HOLDER: "missing-copyright-holder",
    What.TEXT: "missing-license-text",
    What.NOTICE: "notice-dropped",
    What.CREDIT: "content-attribution",
}
