"""What a scan says of the project's own files, as JSON: their licenses, copied code, content."""

from __future__ import annotations

from typing import Any

from licscan.model import Location, SourceGroup, Sources
from licscan.model.content import Content, ContentFile


def sources_object(sources: Sources | None) -> dict[str, Any] | None:
    """The project's own files; None where the scan did not read them."""
    if sources is None:
        return None
    return {
        "by_git": sources.by_git,
        "read": sources.read,
        "own": sources.own,
        "unread": sources.unread,
        "own_licenses": list(sources.own_licenses),
        "own_holders": list(sources.own_holders),
        "compared": sources.compared,
        "groups": [_group(group) for group in sorted(sources.groups, key=_group_key)],
    }


def _group_key(group: SourceGroup) -> tuple[str, ...]:
    return (group.path, group.kind, group.expression, group.name or "", group.version or "", *group.holders)


def _group(group: SourceGroup) -> dict[str, Any]:
    return {
        "path": group.path,
        "kind": group.kind.value,
        "expression": group.expression,
        "files": group.files,
        "beside_own": group.beside_own,
        "name": group.name,
        "version": group.version,
        "license_file": group.license_file,
        "in_tests": group.in_tests,
        "holders": list(group.holders),
        "rules": list(group.rules),
        "package": group.package,
        "share": group.share,
        "also": list(group.also),
        "declared": group.declared,
        "stated": group.stated,
        "changed": group.changed,
        "unmarked": group.unmarked,
        "locations": [
            {"path": place.path, "start_line": place.start_line, "end_line": place.end_line}
            for place in group.locations
        ],
    }


def content_object(content: Content | None) -> dict[str, Any] | None:
    """The fonts, pictures, sounds and models; None where the scan did not look."""
    if content is None:
        return None
    return {
        "files": [_content_file(file) for file in content.files],
        "stale_entries": [{**place_object(one.location), "name": one.name} for one in content.stale],
    }


def _content_file(file: ContentFile) -> dict[str, Any]:
    """One file of content."""
    return {
        "path": file.path,
        "kind": file.kind.value,
        "format": file.format,
        "sha256": file.sha256,
        "size": file.size,
        "expression": file.expression,
        "owner": file.owner,
        "set": file.art_set,
        "builder": file.builder,
        "basis": file.basis,
        "questions": [one.value for one in file.questions],
        "component": file.component,
        "is_shipped": file.is_shipped,
        "facts": file.facts.named(),
        "statements": [
            {
                "speaker": one.speaker.value,
                "expression": one.expression,
                "holder": one.holder,
                "text": one.text,
                "is_own": one.is_own,
                **place_object(one.location),
            }
            for one in file.statements
        ],
        "ai_marks": [
            {
                "kind": one.kind.value,
                "field": one.field,
                "tool": one.tool,
                "detail": one.detail,
                "verified": one.verified,
            }
            for one in file.marks
        ],
    }


def place_object(place: Location) -> dict[str, Any]:
    """A place in a file; its line is null where the whole file is meant."""
    return {"path": place.path, "line": place.start_line}
