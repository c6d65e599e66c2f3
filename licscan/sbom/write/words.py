"""What SPDX has only comments for, said in a few words that stay the same in every language."""

from __future__ import annotations

from licscan.sbom.model import BomComponent, BomContent, LicenseEvidence, LicenseRole

SHOWN = 10
COVERAGE = "licscan:coverage"
READ = {
    "texts": "Concluded from its texts.",
    "metadata": "Concluded from its metadata alone; no text of it was read.",
    "nothing": "Nothing of it was read.",
}


def unknown_text(one: BomComponent) -> str:
    """The known unknowns of a component; empty where there are none."""
    groups: dict[str, list[str]] = {}
    for item in one.unknown:
        groups.setdefault(item.reason, []).append(item.field)
    titles = {"unknown": "Not known", "redacted": "Redacted"}
    told = [f"{titles.get(reason, reason)}: {', '.join(fields)}." for reason, fields in groups.items()]
    return " ".join([*told, *([one.comment] if one.comment else [])])


def license_text(one: BomComponent) -> str:
    """What the license rests on: the conclusion's words, the choice that was made, the evidence with its places."""
    told = [one.license_comment] if one.license_comment else []
    told += [READ[item.value] for item in one.properties if item.name == COVERAGE and item.value in READ]
    told += [item.comment for item in one.licenses if item.comment]
    told += [f"Effective: {item.expression}." for item in one.licenses if item.role is LicenseRole.EFFECTIVE]
    told += [f"Evidence: {evidence_text(item)}" for item in one.evidence[:SHOWN]]
    return "\n".join(told)


def evidence_text(item: LicenseEvidence) -> str:
    """One line of evidence: kind and field, what it says, how it was read, where it stands."""
    said = f"{item.kind} {item.field}".strip()
    if item.raw:
        said += f": {item.raw}"
    if item.expression:
        said += f" -> {item.expression}"
    score = f", {item.score:.2f}" if item.score is not None else ""
    how = f" ({item.method}{score}, {item.origin})" if item.method else ""
    line = f":{item.line}" if item.line is not None else ""
    return f"{said}{how} in {item.path}{line}" if item.path else f"{said}{how}"


def content_text(content: BomContent) -> str:
    """What is known of files of content, a fact a line: the files with their digests, and what a model is."""
    told = [f"Content: {content.kind} ({', '.join(content.formats)})"]
    told += [f"Title: {content.title}"] if content.title else []
    told += [f"Architecture: {content.architecture}"] if content.architecture else []
    told += [f"Task: {content.task}"] if content.task else []
    told += [line for line in (training_text(content), limits_text(content)) if line]
    told += [f"File: {one.path} SHA256: {one.sha256}" for one in content.files]
    told += [f"Files that are not listed: {content.left_out}"] if content.left_out else []
    return "\n".join(told)


def training_text(content: BomContent) -> str:
    """What a model was made from and trained on, as file and card say it; empty where they do not."""
    told = [f"Made from: {', '.join(content.base_models)}."] if content.base_models else []
    told += [f"Trained on: {', '.join(content.datasets)}."] if content.datasets else []
    return "\n".join(told)


def limits_text(content: BomContent) -> str:
    """What a model's license says of uses and users; empty where it says nothing."""
    return "\n".join((*content.use_limits, *content.user_limits))
