"""What is owed beside texts: source code, change notes, the attribution of content and models."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from licscan.attribution.records import Credit, Metadata, Offer
from licscan.base.messages import _
from licscan.law.vocabulary import DutyName
from licscan.model import Component
from licscan.model.surface import Obligation

_SOURCE = (
    DutyName.SOURCE_WORK,
    DutyName.SOURCE_COMPONENT,
    DutyName.SOURCE_FILE,
    DutyName.NETWORK_OFFER,
    DutyName.SOURCE_OWN,
)


_OF_THE_WORK = frozenset(one.value for one in (DutyName.SOURCE_WORK, DutyName.SOURCE_OWN, DutyName.NETWORK_OFFER))


def asks_for_the_work(duty: Obligation) -> bool:
    """Whether it asks for the source of the work that the component is part of, not only for its own."""
    return duty.name in _OF_THE_WORK


def offers_of(component: Component, duties: Iterable[Obligation], metadata: Metadata) -> tuple[Offer, ...]:
    """The source code that is owed for a component, and where it comes from: addresses, or else its PackageURL.

    The source of the whole work comes from whoever passes the work on: no address of the component has it.
    """
    known = (component.source.url, metadata.home, metadata.source)
    places = tuple(dict.fromkeys(place for place in known if place))
    names = {name.value for name in _SOURCE}
    return tuple(
        sorted(
            Offer(
                duty.name,
                duty.license,
                duty.clause,
                _what(duty.name),
                () if asks_for_the_work(duty) else places or (component.purl,),
            )
            for duty in duties
            if duty.name in names
        )
    )


def _what(name: str) -> str:
    told = {
        DutyName.SOURCE_WORK: _("the complete corresponding source code of the work that it is part of"),
        DutyName.SOURCE_COMPONENT: _(
            "the complete corresponding source code of this component, as it is in the product"
        ),
        DutyName.SOURCE_FILE: _("the source code of its files, with the changes made to them"),
        DutyName.NETWORK_OFFER: _(
            "the corresponding source code of the running version, to everyone who uses it over a network, at no charge"
        ),
        DutyName.SOURCE_OWN: _("the source code of the changes made to it"),
    }
    return told[DutyName(name)]


def changes_of(component: Component) -> tuple[str, ...]:
    """What is known to have been changed in a component: patches, and files that differ from what was published."""
    patched = [_("changed by {patch}").format(patch=patch) for patch in component.patches]
    return (*patched, *(_("{path} differs from what was published").format(path=path) for path in component.changed))


def credits_of(
    component: Component, duties: Iterable[Obligation], holders: Sequence[str], metadata: Metadata
) -> tuple[Credit, ...]:
    """The attribution of content and models: title, creator, source, license and whether it was changed."""
    owed = {duty.license for duty in duties if duty.name == DutyName.ATTRIBUTION.value}
    changed = bool(component.patches or component.changed)
    title = f"{component.name} {component.version or ''}".strip()
    source = metadata.home or component.source.url or component.purl
    return tuple(
        Credit(title, tuple(holders), source, license_id, link_of(license_id), changed) for license_id in sorted(owed)
    )


def link_of(license_id: str) -> str:
    """The address of a Creative Commons license; empty for others, whose text is in the document."""
    if not license_id.startswith("CC-BY") or " " in license_id:
        return ""
    parts = license_id.removeprefix("CC-").split("-")
    kinds = [part.lower() for part in parts if part.isalpha() and part not in ("IGO",)]
    version = next((part for part in parts if part[0].isdigit()), "")
    port = "igo/" if "IGO" in parts else ""
    return f"https://creativecommons.org/licenses/{'-'.join(kinds)}/{version}/{port}"
