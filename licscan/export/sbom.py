"""What an SBOM lacks, as text and JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from licscan.base.escape import one_line
from licscan.base.listing import listed
from licscan.base.messages import _, ngettext
from licscan.sbom.model import Bom
from licscan.sbom.profiles import Gap, profile
from licscan.sbom.read.values import said_of
from licscan.sbom.schema import Validity

SHOWN = 5
MAX_FAULTS = 20
"""Places that are printed; JSON has more."""


def missing_text(gaps: Sequence[Gap], name: str) -> str:
    """One line for the profile, then two a gap: what is missing where, and what closes it."""
    title = f"{profile(name)['title']} ({profile(name)['date']})"
    musts = sum(gap.required for gap in gaps)
    if not gaps:
        return _("{profile}: nothing is missing").format(profile=title) + "\n"
    said = ngettext("{count} required field is missing", "{count} required fields are missing", musts)
    lines = [_said(title, said.format(count=musts))]
    for gap in gaps:
        mark = _("missing") if gap.required else _("asked for")
        lines.append("  " + _said(mark, _about(gap)))
        if gap.malformed:
            told = _("; ").join(one_line(value, 120) for value in gap.malformed)
            lines.append("      " + _("present, but malformed: {values}").format(values=told))
        lines.append(f"      {_(gap.closes)}")
    return "\n".join(lines) + "\n"


def _said(name: str, value: str) -> str:
    return _("{name}: {value}").format(name=name, value=value)


def _about(gap: Gap) -> str:
    whose = _whose(gap)
    return _("{field} {whose}").format(field=_(gap.title), whose=whose) if whose else _(gap.title)


def _whose(gap: Gap) -> str:
    if gap.components is None:
        return ""
    count = len(gap.components)
    names = listed((one_line(name, 100) for name in gap.components), SHOWN)
    if gap.of_content:
        said = ngettext("of {count} group of content ({names})", "of {count} groups of content ({names})", count)
    else:
        said = ngettext("of {count} component ({names})", "of {count} components ({names})", count)
    return said.format(count=f"{count:,}", names=names)


def lost_text(format_: str) -> str:
    """What a format that is experimental has no field for."""
    from licscan.sbom.write.dsdx import NOT_CARRIED

    lost = _("; ").join(map(_, NOT_CARRIED))
    said = _("{format} is experimental, and not an SBOM to deliver by itself. It has no field for: {lost}.")
    return said.format(format=format_, lost=lost)


def checked_text(gaps: Sequence[Gap], name: str, bom: Bom, valid: Validity) -> str:
    """What the profile misses, then what the schema says, and what could not be understood."""
    lines = [missing_text(gaps, name).rstrip("\n"), schema_line(valid)]
    for fault in valid.faults[:MAX_FAULTS]:
        lines += [f"  {fault.place}: {fault.message}", f"      {_(fault.remedy)}"]
    more = len(valid.faults) - MAX_FAULTS + valid.more
    if more > 0:
        said = ngettext("and {count} more place (`--format json`)", "and {count} more places (`--format json`)", more)
        lines.append("  " + said.format(count=f"{more:,}"))
    lines += [_("The SBOM {said}.").format(said=said) for said in bom.wrapping]
    if bom.problems:
        lines.append(_("What could not be understood"))
        lines += [f"  {one_line(said_of(problem), 300)}" for problem in bom.problems[:MAX_FAULTS]]
    return "\n".join(lines) + "\n"


def schema_line(valid: Validity) -> str:
    """One line: whether the document is as its schema asks."""
    title = _("Schema of {format}").format(format=valid.schema)
    if valid.unchecked:
        return _said(title, _("not checked: {reason}").format(reason=valid.unchecked))
    if valid.is_valid:
        return _said(title, _("valid"))
    count = len(valid.faults) + valid.more
    said = ngettext("{count} place does not conform", "{count} places do not conform", count)
    return _said(title, said.format(count=f"{count:,}"))


def checked_json(gaps: Sequence[Gap], name: str, bom: Bom, valid: Validity) -> str:
    """The profile with every gap, what the schema says, and what could not be understood."""
    told = _missing(gaps, name) | {
        "schema": {
            "of": valid.schema,
            "valid": None if valid.unchecked else valid.is_valid,
            "unchecked": valid.unchecked,
            "faults": [{"place": one.place, "message": one.message, "remedy": _(one.remedy)} for one in valid.faults],
            "more": valid.more,
        },
        "wrapping": list(bom.wrapping),
        "problems": [said_of(problem) for problem in bom.problems],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _missing(gaps: Sequence[Gap], name: str) -> dict[str, Any]:
    row = profile(name)
    return {
        "profile": name,
        "title": row["title"],
        "source": row["source"],
        "date": str(row["date"]),
        "missing": [
            {
                "field": gap.field,
                "title": _(gap.title),
                "required": gap.required,
                "of_content": gap.of_content,
                "components": gap.components,
                "closes": _(gap.closes),
                "malformed": gap.malformed,
            }
            for gap in gaps
        ],
    }
