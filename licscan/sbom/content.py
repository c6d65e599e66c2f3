"""A component of content as an SBOM has it: its files with their digests, and of a model what it is and for whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from licscan.law.terms import Condition, terms_of
from licscan.licenses.statements import licenses_of
from licscan.model import NOASSERTION, NONE
from licscan.model.content import Content, ContentFile
from licscan.sbom.model import BomContent, BomFile, Property

MAX_FILES = 200
"""Files of one component that are listed; the others are counted."""
MODEL = "machine-learning-model"
_USES = {
    "use-restrictions": "Uses are restricted",
    "noncommercial": "No commercial use",
    "research-only": "For research alone",
    "evaluation-only": "For evaluation alone",
    "competing": "Not to build or improve what competes",
    "no-modification": "No modification",
    "no-redistribution": "No redistribution",
    "no-sell": "Not to be sold",
    "production": "Limits on use in production",
    "vague-use": "Uses are restricted in words that leave open which",
}
_USERS = {
    "threshold": "Only up to a size",
    "territory": "Not in every territory",
    "entitlement": "Only those who have been given the right",
    "hosting": "Limits on offering it as a service",
}
"""What conditions of data/terms say of uses and of users, in words that stay the same in every language."""


def by_component(content: Content | None) -> dict[str, tuple[ContentFile, ...]]:
    """The files of each component, by its PackageURL."""
    groups: dict[str, list[ContentFile]] = {}
    for file in content.files if content else ():
        if file.component:
            groups.setdefault(file.component, []).append(file)
    return {purl: tuple(files) for purl, files in groups.items()}


def kind_of(content: str) -> str:
    """CycloneDX's type for a kind of content."""
    return MODEL if content == "model" else "data"


def content_of(kind: str, files: Sequence[ContentFile], expression: str) -> BomContent:
    """What is known of a component of this kind; `expression` is its concluded license."""
    facts = [one.facts for one in files]
    told = BomContent(
        kind,
        tuple(BomFile(one.path, one.sha256, one.size) for one in files[:MAX_FILES]),
        max(0, len(files) - MAX_FILES),
        tuple(sorted({one.format for one in files})),
        next((one.title for one in facts if one.title), ""),
    )
    if kind != "model":
        return told
    conditions = list(_conditions(expression))
    return BomContent(
        told.kind,
        told.files,
        told.left_out,
        told.formats,
        told.title,
        next((one.architecture for one in facts if one.architecture), ""),
        next((one.task for one in facts if one.task), ""),
        _once(text for one in facts for text in one.base_models),
        _once(text for one in facts for text in one.datasets),
        _once(_sentences(conditions, _USES)),
        _once(_sentences(conditions, _USERS)),
    )


def version_of(files: Sequence[ContentFile]) -> str:
    """The version that the files say, where all that say one say the same; empty where it is not known."""
    told = {one.facts.version for one in files if one.facts.version}
    return told.pop() if len(told) == 1 else ""


def properties_of(content: BomContent) -> Iterator[Property]:
    """The facts for which formats have no field of their own."""
    yield Property("licscan:content", content.kind)
    yield from (Property("licscan:format", one) for one in content.formats)
    yield from (Property("licscan:file", f"{one.path} sha256:{one.sha256}") for one in content.files)
    if content.left_out:
        yield Property("licscan:files-left-out", str(content.left_out))


def describes(content: BomContent) -> str:
    """One line: what it is and how many files it has."""
    count = len(content.files) + content.left_out
    said = f"{content.kind}: {count} file{'' if count == 1 else 's'} ({', '.join(content.formats)})"
    return f"{content.title}. {said}" if content.title else said


def _conditions(expression: str) -> Iterator[tuple[str, Condition]]:
    if expression in (NOASSERTION, NONE, ""):
        return
    for name in licenses_of(expression):
        yield from ((name, condition) for condition in terms_of(name).conditions)


def _sentences(conditions: Iterable[tuple[str, Condition]], words: dict[str, str]) -> Iterator[str]:
    for name, one in conditions:
        if one.kind in words:
            limit = f" ({one.limit:,})" if one.limit is not None else ""
            yield f"{words[one.kind]}{limit}: {name}, {one.clause}"


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
