"""The words of a document of notices in the user's language; templates get them as `words`."""

from __future__ import annotations

from licscan.base.messages import _


def words() -> dict[str, str]:
    """Every heading and phrase by its name; `{}` in braces are filled by `format`."""
    return {
        "lang": _("en"),
        "title": _("Third-party notices: {project}"),
        "intro": _(
            "This product contains the following third-party components, under the licenses that stand with them."
        ),
        "surfaces": _("Covers: {names}"),
        "day": _("As of {day}"),
        "contents": _("Contents"),
        "skip": _("To the contents"),
        "components": _("components"),
        "comma": _(", "),
        "colon": _(": "),
        "behind": _("{what} ({clause})"),
        "acknowledgments": _("Acknowledgments"),
        "asked_by": _("required by {source}"),
        "offers": _("Source code"),
        "offer_intro": _(
            "For at least three years from when you got this product, and for as long as we support it, we give "
            "anyone who asks a complete, machine-readable copy of the source code named here, on a common medium or "
            "for download, for no more than what the giving costs. Ask: {contact}"
        ),
        "no_contact": _("[GAP: nobody has said where to ask. Set contact under [notices] in licscan.toml.]"),
        "from": _("From: {places}"),
        "credits": _("Content, data and models"),
        "changes": _("Changes"),
        "licenses": _("Licenses"),
        "text": _("Text {number}"),
        "above": _("The text is number {number} above."),
        "reconstructed": _(
            "The package has no text of this license; this one is the LicenseDB's, the holder its metadata's."
        ),
        "no_text": _("The package has no text of its license."),
        "text_at": _("The text of the license: {link}"),
        "choice": _("Offered under {offered}; used under {license}."),
        "author": _("Author according to its metadata: {names}"),
        "on": _("On: {names}"),
        "silent": _("Components that ask for no notice"),
        "gaps": _("Gaps"),
        "gaps_intro": _("What this document lacks, and has to be found before it is complete:"),
        "whole": _("this document"),
        "applies": _("for {names}"),
    }
