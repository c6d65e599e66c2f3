"""What free keys mean: the names that people and programs give to fields where a standard lets them choose."""

from __future__ import annotations

import re

from licscan.model.media import Meaning

_KEYS: dict[Meaning, str] = {
    Meaning.COPYRIGHT: "copyright rights copyrightnotice copyrightmessage copyrightinformation phonogramrights cprt",
    Meaning.HOLDER: "organization organisation publisher label copyrightholder rightsholder owner",
    Meaning.AUTHOR: (
        "artist author authors albumartist composer performer creator writer lyricist arranger director producer "
        "originalartist remixer"
    ),
    Meaning.LICENSE: "license licence licensing licensename licenseinfo licenseinformation licensetype",
    Meaning.LICENSE_URL: "licenseurl licenceurl licenselink licenseuri copyrighturl webstatement legalurl",
    Meaning.USAGE: "usageterms termsofuse usage terms rightsusageterms restrictions",
    Meaning.TRADEMARK: "trademark",
    Meaning.TITLE: "title name album movement",
    Meaning.DESCRIPTION: "description synopsis longdescription summary subject keywords",
    Meaning.COMMENT: "comment comments note notes",
    Meaning.SOURCE: (
        "source contact website url www homepage website purl officialurl sourceurl sourcemedia originalsource "
        "artisturl audiosourceurl publisherurl wwwartist wwwaudiofile wwwaudiosource wwwpublisher wwwcommercialinfo "
        "originalurl downloadurl webpage repo repository repourl"
    ),
    Meaning.SOFTWARE: "encoder encodedby encodersettings encoding software tool vendor application createdby muxingapp "
    "writingapp generator producedby encodingtool",
    Meaning.DIGITAL_SOURCE: "digitalsourcetype",
    Meaning.VERSION: "version",
    Meaning.BASE_MODEL: "basemodel basemodels finetunedfrom",
    Meaning.DATA: "dataset datasets trainingdata",
}
_MEANINGS = {key: meaning for meaning, keys in _KEYS.items() for key in keys.split()}
_PLAIN = re.compile(r"[^a-z0-9]+")
_ADDRESS = re.compile(r"(?i)\s*(?:https?://|www\.)\S+\s*")


def meaning_of(key: str, text: str = "", otherwise: Meaning = Meaning.OTHER) -> Meaning:
    """What a field of a free key speaks of; a license that is an address is one, and so is where a work was got."""
    found = _MEANINGS.get(_PLAIN.sub("", key[:100].lower()), otherwise)
    if is_address(text):
        if found in (Meaning.LICENSE, Meaning.USAGE):
            return Meaning.LICENSE_URL
        if found is Meaning.OTHER:
            return Meaning.SOURCE
    return found


def is_address(text: str) -> bool:
    """Whether a text is the address of a page and nothing else."""
    return _ADDRESS.fullmatch(text[:4_000]) is not None
