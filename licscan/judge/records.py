"""What is recorded of bought licenses and of grants: as facts of a component, and what is to be said of the records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from licscan.base.messages import _
from licscan.config.settings import (
    ComponentSetting,
    Config,
    ContentSetting,
    Entitlement,
    Grant,
    RuleSetting,
    is_about,
)
from licscan.judge.entries import Day, about_entry, chosen, entry_label
from licscan.judge.policies import LicensePolicy
from licscan.judge.settings import PartRoot, Settings
from licscan.law.facts import Facts
from licscan.licenses import spdx
from licscan.licenses.naming import names_license
from licscan.licenses.statements import licenses_of
from licscan.model import Component, Conclusion, Finding, Graph, SourceKind
from licscan.model.content import Content

Permit = Callable[[str, Component, str], str]
"""An expression, the component and the surface, to what may be chosen of it."""


@dataclass(frozen=True, slots=True)
class Records:
    """The records that hold on a day; `licenses` is the concluded license of each component."""

    entitlements: tuple[Entitlement, ...]
    grants: tuple[Grant, ...]
    licenses: Mapping[str, str]

    def more(self, component: Component, facts: Facts) -> Facts:
        """The facts with what was bought and granted for the component."""
        bought = {e.license for e in self.entitlements if not e.packages or chosen(e.packages, component)}
        granted = any(self._is_granted(grant, component) for grant in self.grants)
        if not bought and not granted:
            return facts
        return replace(
            facts,
            entitlements=facts.entitlements | bought,
            additional_use_grant=True if granted else facts.additional_use_grant,
        )

    def offered(self, expression: str, component: Component) -> str:
        """The expression, and as choices the licenses bought for this package that its authors do not name."""
        bought = [
            entry.license
            for entry in self.entitlements
            if entry.packages and chosen(entry.packages, component) and not _names(entry, expression)
        ]
        return spdx.combine(spdx.OR, [*dict.fromkeys(bought), expression]) if bought else expression

    def permit(self, permitted: Permit) -> Permit:
        """What may be chosen of an expression, where the policy says it by `permitted`: what was bought too."""
        return lambda expression, component, surface: permitted(self.offered(expression, component), component, surface)

    def _is_granted(self, grant: Grant, component: Component) -> bool:
        if not grant.packages and not grant.license:
            return False
        if grant.packages and not chosen(grant.packages, component):
            return False
        return not grant.license or names_license(grant.license, self.licenses.get(component.purl, "NOASSERTION"))


def records_of(
    entitlements: Sequence[Entitlement], grants: Sequence[Grant], conclusions: Mapping[str, Conclusion], day: Day
) -> Records:
    """The records that are not over."""
    return Records(
        tuple(entry for entry in entitlements if not day.is_over(entry.expires)),
        tuple(entry for entry in grants if not day.is_over(entry.expires)),
        {purl: conclusion.concluded for purl, conclusion in conclusions.items()},
    )


def told_settings(
    config: Config,
    conclusions: Mapping[str, Conclusion],
    licenses: LicensePolicy,
    day: Day,
    parts: Mapping[str, PartRoot] | None = None,
) -> Settings:
    """What is told of surfaces and components, with what is recorded of bought licenses on that day."""
    records = records_of(config.entitlements, config.grants, conclusions, day)
    return Settings(
        config.surfaces,
        config.components,
        config.facts,
        records.more,
        licenses.prefer,
        records.permit(licenses.permitted),
        parts or {},
    )


def findings_of_records(
    entitlements: Sequence[Entitlement],
    grants: Sequence[Grant],
    graph: Graph,
    conclusions: Mapping[str, Conclusion],
    day: Day,
) -> Iterator[Finding]:
    """Records that are over, and those that are about nothing in the scan."""
    records = records_of((), (), conclusions, day)
    for entitlement in entitlements:
        subject = entry_label(entitlement.packages, [entitlement.license])
        if day.is_over(entitlement.expires):
            message = _("The entitlement to {subject} ({reference}) expired on {day}.")
            yield about_entry("entitlement-expired", entitlement, _ended(message, subject, entitlement))
        elif not any(_is_used(entitlement, c, records.licenses.get(c.purl, "")) for c in graph.components):
            message = _("The entitlement to {subject} ({reference}) matches no component of this scan.")
            yield about_entry("entitlement-unused", entitlement, _ended(message, subject, entitlement))
    for grant in grants:
        subject = entry_label(grant.packages, [grant.license] if grant.license else [])
        if day.is_over(grant.expires):
            message = _("The grant for {subject} ({reference}) expired on {day}.")
            yield about_entry("grant-expired", grant, _ended(message, subject, grant))
        elif not any(records._is_granted(grant, c) for c in graph.components):
            message = _("The grant for {subject} ({reference}) matches no component of this scan.")
            yield about_entry("grant-unused", grant, _ended(message, subject, grant))


def _is_used(entitlement: Entitlement, component: Component, expression: str) -> bool:
    if entitlement.packages and not chosen(entitlement.packages, component):
        return False
    # one for packages by name is a license of theirs, whatever their authors say
    return bool(entitlement.packages) or _names(entitlement, expression)


def _names(entitlement: Entitlement, expression: str) -> bool:
    return bool(expression) and any(names_license(name, expression) for name in licenses_of(entitlement.license))


def _ended(message: str, subject: str, entry: Entitlement | Grant) -> str:
    day = entry.expires.isoformat() if entry.expires else ""
    return message.format(subject=subject, reference=entry.reference, day=day)


def unused_settings(
    components: Sequence[ComponentSetting], rules: Sequence[RuleSetting], graph: Graph
) -> Iterator[Finding]:
    """Entries about packages of which the scan has none: most often a name with a slip."""
    message = _("The [[{table}]] for {packages} matches no component of this scan.")
    tables: tuple[tuple[str, Sequence[ComponentSetting | RuleSetting]], ...] = (
        ("component", components),
        ("policy.rule", rules),
    )
    for table, entries in tables:
        for entry in entries:
            if entry.packages and not any(chosen(entry.packages, c) for c in graph.components):
                told = message.format(table=table, packages=entry_label(entry.packages))
                yield about_entry("setting-unused", entry, told)
    for entry in components:
        if said := _without_effect(entry, [c for c in graph.components if chosen(entry.packages, c)]):
            yield about_entry("setting-unused", entry, said.format(packages=entry_label(entry.packages)))


def findings_of_content(settings: Iterable[ContentSetting], content: Content, day: Day) -> Iterator[Finding]:
    """Records about content that are over, and those about no file of the scan."""
    for one in settings:
        subject = ", ".join(one.files)
        if day.is_over(one.expires):
            message = _("The [[content]] for {subject} ({reference}) expired on {day}.")
            ended = one.expires.isoformat() if one.expires else ""
            told = message.format(subject=subject, reference=one.reference or one.note or "-", day=ended)
            yield about_entry("entitlement-expired", one, told)
            continue
        if lost := [said for said in one.files if not _is_met(said, content)]:
            message = _("The [[content]] for {subject} matches no file of this scan.")
            yield about_entry("setting-unused", one, message.format(subject=_(", ").join(lost)))
        if not (one.license or one.owner or one.ownership or one.reference):
            message = _("The [[content]] for {subject} states nothing: give license, owner, ownership or reference.")
            yield about_entry("setting-unused", one, message.format(subject=subject))


def _is_met(said: str, content: Content) -> bool:
    """Whether a scan has a file that a glob or digest means."""
    one = ContentSetting((said,))
    return any(is_about(one, file.path, file.sha256) for file in content.files)


def _without_effect(entry: ComponentSetting, named: Sequence[Component]) -> str:
    """The sentence about an entry that changes nothing of the components that it names."""
    if not named:
        return ""
    if entry.ownership and not any(c.is_first_party or c.source.kind is SourceKind.PATH for c in named):
        return _("The ownership of {packages} has no effect: no folder of the project contains it.")
    spoken = entry.relationship or entry.shipped is not None or entry.modified is not None or entry.facts
    if spoken and all(c.is_first_party for c in named):
        return _(
            "The [[component]] for {packages} has no effect: it is taken as your own. If it is not, "
            'set ownership = "third-party".'
        )
    return ""
