"""What was read of what is shipped, in words: the same in every report."""

from __future__ import annotations

from licscan.base.messages import N_, _, ngettext, run_on
from licscan.model import Conclusion, Coverage, CoverageCount, coverage_of

COVERAGES = {
    Coverage.TEXTS: N_("its texts"),
    Coverage.METADATA: N_("its metadata alone"),
    Coverage.NOTHING: N_("nothing"),
}


def coverage_words(conclusion: Conclusion | None) -> str:
    """What one component was judged on, in words."""
    if conclusion is not None and conclusion.is_told_by_sbom:
        return _("what an SBOM says")
    return _(COVERAGES[coverage_of(conclusion)])


def coverage_line(count: CoverageCount) -> str:
    """How much was read, in one sentence; empty where nothing of others is shipped."""
    if not count.shipped:
        return ""
    if count.is_whole:
        whole = ngettext(
            "Read: texts of the {shipped} shipped package.",
            "Read: texts of all {shipped} shipped packages.",
            count.shipped,
        )
        return run_on(whole.format(shipped=f"{count.shipped:,}"), _of_parts(count.parts))
    line = _some(count).format(
        texts=f"{count.texts:,}",
        shipped=f"{count.shipped:,}",
        metadata=f"{count.metadata:,}",
        nothing=f"{count.nothing:,}",
    )
    return run_on(line, _of_sboms(count.sbom) if count.sbom else "", _of_parts(count.parts))


def _some(count: CoverageCount) -> str:
    """What is said where not all texts were read: what there is none of is left out."""
    if not (count.texts or count.metadata):
        return ngettext(
            "Read: nothing of the {shipped} shipped package.",
            "Read: nothing of the {shipped} shipped packages.",
            count.shipped,
        )
    if not count.nothing:
        return ngettext(
            "Read: texts of {texts} of {shipped} shipped package, only metadata of {metadata}.",
            "Read: texts of {texts} of {shipped} shipped packages, only metadata of {metadata}.",
            count.shipped,
        )
    if not count.metadata:
        return ngettext(
            "Read: texts of {texts} of {shipped} shipped package, nothing of {nothing}.",
            "Read: texts of {texts} of {shipped} shipped packages, nothing of {nothing}.",
            count.shipped,
        )
    return ngettext(
        "Read: texts of {texts} of {shipped} shipped package, only metadata of {metadata}, nothing of {nothing}.",
        "Read: texts of {texts} of {shipped} shipped packages, only metadata of {metadata}, nothing of {nothing}.",
        count.shipped,
    )


def _of_parts(count: int) -> str:
    """How many stand inside of packages whose own texts nobody could read."""
    if not count:
        return ""
    said = ngettext(
        "{count} part inside them is known only from a list or its file name.",
        "{count} parts inside them are known only from lists or their file names.",
        count,
    )
    return said.format(count=f"{count:,}")


def _of_sboms(count: int) -> str:
    """How many were judged on nothing but the word of an SBOM."""
    said = ngettext(
        "{count} of them was judged on what an SBOM says.", "{count} of them were judged on what an SBOM says.", count
    )
    return said.format(count=f"{count:,}")
