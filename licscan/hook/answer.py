"""What the hook answers, and the lines in which it says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from licscan.base.escape import one_line
from licscan.base.listing import listed
from licscan.base.messages import _, ngettext, run_on
from licscan.base.terms import severity_name
from licscan.model import (
    NOASSERTION,
    NONE,
    SEVERITY_RANK,
    VERDICT_RANK,
    Coverage,
    CoverageCount,
    Finding,
    Severity,
    Verdict,
    counts,
)

MOST_SHOWN = 10
MOST_FILES = 3
MOST_LICENSES = 5
MOST_UNKNOWN = 5
WAIVED_FOR = timedelta(days=90)
LIKENESS = "copied-code"
_NO_WAIVER = ("waiver-", "clarification-", "entitlement-", "grant-", "setting-", "decision-", "ledger-")


@dataclass(frozen=True, slots=True)
class Item:
    """One package that the commit brings: its license, what was there before, and what needs it, root first."""

    purl: str
    name: str
    version: str
    license: str
    versions_before: tuple[str, ...]
    license_before: str
    path: tuple[str, ...]
    unknown: bool
    coverage: Coverage = Coverage.TEXTS


@dataclass(frozen=True, slots=True)
class Answer:
    """What is to be said of a commit; `passed` are PackageURLs whose license is not known and may pass."""

    files: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    findings: tuple[Finding, ...] = ()
    threshold: Severity | None = Severity.ERROR
    passed: frozenset[str] = frozenset()
    media: int = 0

    def counts(self, finding: Finding) -> bool:
        """Whether a finding takes part in the gate, as in a scan, where what is unknown does not pass."""
        if finding.code == LIKENESS and self.threshold is not None and not finding.waiver:
            # that code is alike stops nobody by itself
            return SEVERITY_RANK[finding.severity] >= SEVERITY_RANK[self.threshold]
        if finding.purl in self.passed and finding.verdict is Verdict.CANNOT_TELL:
            return False
        return counts(finding, self.threshold)

    @property
    def gate(self) -> Verdict:
        """The worst verdict of what counts."""
        counted = (finding.verdict for finding in self.findings if self.counts(finding))
        return max(counted, key=VERDICT_RANK.__getitem__, default=Verdict.OK)

    @property
    def is_stopped(self) -> bool:
        """Whether anything counts, as in a scan: also what is allowed, where its severity is at the threshold."""
        return any(map(self.counts, self.findings))


def lines(answer: Answer, today: date) -> Iterator[str]:
    """The report: what the commit brings where something is to be said of it, the fix, the waiver to paste."""
    counted = [finding for finding in answer.findings if answer.counts(finding)]
    told = [one for one in answer.findings if answer.counts(one) or (one.code == LIKENESS and not one.waiver)]
    items = {item.purl: item for item in answer.items}
    about: dict[str, list[Finding]] = {}
    for finding in told:
        about.setdefault(finding.purl or "", []).append(finding)
    if answer.files:
        yield run_on(_headline(answer, counted, told), *_read(answer))
    for number, (purl, findings) in enumerate(about.items()):
        if number == MOST_SHOWN:
            rest = len(about) - MOST_SHOWN
            yield "  " + _("... and {count} more (`licscan hook --format json`)").format(count=f"{rest:,}")
            break
        if purl in items:
            yield "  " + _called(items[purl])
        for finding in findings:
            yield (
                "    " * bool(purl)
                + f"  {severity_name(finding.severity)} [{finding.code}] {one_line(finding.message, 600)}"
            )
            if finding.code == LIKENESS:
                yield "      " + one_line(finding.why, 400)
        if purl in items and items[purl].path:
            yield "      " + _("needed by: {path}").format(path=one_line(" > ".join(items[purl].path), 300))
        if purl in items and items[purl].unknown:
            continue  # what helps is said once for all of them, below
        if remedy := next((f.remedies[0] for f in findings if f.remedies), ""):
            yield "      " + _("remedy: {remedy}").format(remedy=one_line(remedy, 400))
    if answer.media:
        message = ngettext(
            "licscan: {count} new picture, sound or video: make sure that you may pass it on.",
            "licscan: {count} new pictures, sounds or videos: make sure that you may pass them on.",
            answer.media,
        )
        yield message.format(count=answer.media)
    yield from _unknown(answer)
    # what an installation or a registry would answer is not to be waived
    unknown = {item.purl for item in answer.items if item.unknown}
    yield from _waivers([one for one in counted if one.verdict is Verdict.VIOLATION or one.purl not in unknown], today)


def _headline(answer: Answer, counted: list[Finding], told: list[Finding]) -> str:
    files = listed(map(one_line, answer.files), MOST_FILES)
    count = len(answer.items)
    brings = ngettext(
        "{files}: {count} package is added or changed.", "{files}: {count} packages are added or changed.", count
    ).format(files=files, count=count)
    if not count and told:
        brings = _("{files}:").format(files=files)
    if not counted:
        passed = _("Copied code; that alone does not block the commit.") if told else _passed(answer)
        return "licscan: " + run_on(brings, passed)
    verdict = {
        Verdict.VIOLATION: _("This commit breaks the rules."),
        Verdict.CANNOT_TELL: _("Cannot tell whether this commit is allowed."),
        Verdict.OK: _("This commit has findings that affect the verdict."),
    }[answer.gate]
    return "licscan: " + run_on(brings, verdict)


def _passed(answer: Answer) -> str:
    """What a commit brings against which nothing counts: its licenses, and `OK` where all of them are known."""
    if not answer.items or answer.threshold is None:
        return ""
    names = sorted({_license(item.license) for item in answer.items})
    shown = listed((one_line(name, 80) for name in names), MOST_LICENSES)
    open_ = answer.passed or any(one.verdict is not Verdict.OK and not one.waiver for one in answer.findings)
    told = _("Licenses: {names}.") if open_ else _("Licenses: {names}. OK.")
    return told.format(names=shown)


def _called(item: Item) -> str:
    """`left 2.1.0 (before: 2.0.0): MIT -> BUSL-1.1`."""
    told, package = _license(item.license), f"{item.name} {item.version}".strip()
    if item.versions_before:
        before = _(", ").join(item.versions_before)
        name = _("{package} (before: {versions})").format(package=package, versions=before)
        change = told if item.license_before == item.license else f"{_license(item.license_before)} -> {told}"
    else:
        name, change = _("{package} (new)").format(package=package), told
    return one_line(_("{name}: {value}").format(name=name, value=change), 400)


def _license(expression: str) -> str:
    return _("unknown") if expression in (NOASSERTION, "") else _("none") if expression == NONE else expression


def _read(answer: Answer) -> Iterator[str]:
    """What was read of what the commit brings, where that is not all; said also where nothing stands against it."""
    counts = Counter(item.coverage for item in answer.items)
    count = CoverageCount(counts[Coverage.TEXTS], counts[Coverage.METADATA], counts[Coverage.NOTHING])
    if not count.is_whole:
        from licscan.judge.coverage_words import coverage_line

        yield coverage_line(count)


def _unknown(answer: Answer) -> Iterator[str]:
    """What cannot be known without the network, and how to come to know it."""
    names = [f"{item.name} {item.version}".strip() for item in answer.items if item.unknown]
    if not names:
        return
    shown = listed(map(one_line, names), MOST_UNKNOWN)
    message = _("Neither installed nor cached, so nothing is known about: {names}.").format(names=shown)
    if answer.passed:
        yield "  " + run_on(message, _("Allowed to pass, as set in licscan.toml or by --unknown."))
    else:
        yield "  " + run_on(
            message, _("Install them first, ask the registries with --online, or set unknown in [hook].")
        )


def _waivers(counted: list[Finding], today: date) -> Iterator[str]:
    """Lines of licscan.toml that let exactly these findings pass."""
    wanted = [f for f in counted if not f.code.startswith(_NO_WAIVER) and (f.purl or f.locations)]
    groups: dict[tuple[str, str], list[str]] = {}
    for finding in wanted:
        key, value = ("packages", finding.purl) if finding.purl else ("files", finding.locations[0].path)
        groups.setdefault((finding.code, key), []).append(value or "")
    if not groups:
        return
    yield "  " + _("If somebody takes responsibility for it, add this to licscan.toml and stage it:")
    for (code, key), values in groups.items():
        listed = ", ".join(_quoted(value) for value in dict.fromkeys(values))
        yield "    [[waiver]]"
        yield f'    finding = "{code}"'
        yield f"    {key} = [{listed}]"
        yield '    reason = "accepted-risk"'
        yield f'    owner = "{_("your name")}"'
        yield f"    expires = {(today + WAIVED_FOR).isoformat()}"


def _quoted(text: str) -> str:
    """A basic string of TOML, also for names with quotes, control characters or bytes that are no text."""
    escaped = "".join(
        f"\\u{ord(c):04x}" if ord(c) < 32 or ord(c) == 127 or c in '\\"' else "?" if "\ud800" <= c <= "\udfff" else c
        for c in text
    )
    return f'"{escaped}"'
