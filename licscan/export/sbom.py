"""What an SBOM lacks, as text and JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from licscan.base.escape import one_line
from licscan.base.messages import _, ngettext
from licscan.sbom.profiles import Gap, profile

SHOWN = 5


def missing_text(gaps: Sequence[Gap], name: str) -> str:
    """One line for the profile, then two a gap: what is missing where, and what closes it."""
    title = f"{profile(name)['title']} ({profile(name)['date']})"
    musts = sum(gap.required for gap in gaps)
    if not gaps:
        return _("{profile}: nothing is missing").format(profile=title) + "\n"
    said = ngettext("{count} required field is missing", "{count} required fields are missing", musts)
    lines = [f"{title}: {said.format(count=musts)}"]
    for gap in gaps:
        mark = _("missing") if gap.required else _("asked for")
        lines += [f"  {mark}: {_(gap.title)}{_whose(gap)}", f"      {_(gap.closes)}"]
    return "\n".join(lines) + "\n"


def _whose(gap: Gap) -> str:
    if gap.components is None:
        return ""
    count = len(gap.components)
    names = ", ".join(one_line(name, 100) for name in gap.components[:SHOWN]) + (", …" if count > SHOWN else "")
    if gap.of_content:
        said = ngettext("of {count} group of content ({names})", "of {count} groups of content ({names})", count)
    else:
        said = ngettext("of {count} component ({names})", "of {count} components ({names})", count)
    return " " + said.format(count=count, names=names)


def missing_json(gaps: Sequence[Gap], name: str) -> str:
    """The profile and every gap, with all its components."""
    row = profile(name)
    told = {
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
            }
            for gap in gaps
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
