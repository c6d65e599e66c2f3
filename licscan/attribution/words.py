"""The words of a document of notices in the user's language; templates get them as `words`."""

from __future__ import annotations

from licscan.base.messages import _


def words() -> dict[str, str]:
    """Every heading and phrase by its name; `{}` in braces are filled by `format`."""
    return {
        "lang": _("en"),
        "title": _("Third-party notices: {project}"),
        "intro": _("This product contains the following third-party components, under the licenses listed with them."),
        "surfaces": _("Covers: {names}"),
        "day": _("As of {day}"),
        "contents": _("Contents"),
        "skip": _("Back to contents"),
        "components": _("components"),
        "comma": _(", "),
        "colon": _(": "),
        "behind": _("{what} ({clause})"),
        "acknowledgments": _("Acknowledgments"),
        "asked_by": _("required by {source}"),
        "offers": _("Source code"),
        "offer_intro": _(
            "For at least three years from the date when you received this product, and for as long "
            "as we support it, we will give anyone who asks a complete, machine-readable copy of the "
            "source code named here, on a common medium or for download, for no more than the cost "
            "of providing it. Contact: {contact}"
        ),
        "no_contact": _("[GAP: no contact is given. Set contact under [notices] in licscan.toml.]"),
        "from": _("From: {places}"),
        "credits": _("Content, data and models"),
        "changes": _("Changes"),
        "licenses": _("Licenses"),
        "text": _("Text {number}"),
        "above": _("The text is number {number} above."),
        "reconstructed": _(
            "The package has no text of this license; the text is from the LicenseDB, the copyright "
            "holder from the package's metadata."
        ),
        "no_text": _("The package does not contain its license text."),
        "text_at": _("License text: {link}"),
        "choice": _("Offered under {offered}; used under {license}."),
        "author": _("Author according to its metadata: {names}"),
        "on": _("On: {names}"),
        "silent": _("Components that require no notice"),
        "gaps": _("Gaps"),
        "gaps_intro": _("What this document lacks and what must be found before it is complete:"),
        "whole": _("this document"),
        "applies": _("for {names}"),
    }
