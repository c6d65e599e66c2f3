"""Whether a value is one of its kind: a time, a digest, an address. What is there and is none counts as missing."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache

from licscan.licenses.spdx import parse, read_leaf
from licscan.licenses.statements import read_license
from licscan.model import NOASSERTION, NONE
from licscan.sbom.addresses import address, digest

_PLACEHOLDERS = frozenset(
    {"", "noassertion", "unknown", "none", "n/a", "null", "nil", "todo", "tbd", "tba", "undefined", "fixme", "xxx",
     "not specified", "unspecified", "-", "--", "?", "???", "."}
)  # fmt: skip
"""What tools and people write where they have nothing to say."""

_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)")
_MAIL = re.compile(r"[^\s@<>()\[\],;:\"]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_WEB = re.compile(r"https?://[A-Za-z0-9\[](?:[^\s<>\"\\^`{|}]{0,2000})")
_UUID = re.compile(r"urn:uuid:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,40}:[^\s#<>\"\\^`{|}]{1,2000}")
_CPE = re.compile(
    r"cpe:(?:2\.3:[aho*-](?::[^\s:]{0,200}|:(?:[^\s:\\]|\\.){0,200}){10}|/[aho]?(?::[^\s]{0,300})?)", re.DOTALL
)
FLAGS = {
    "executable": {"executable": True, "non-executable": False},
    "archive": {"archive": True, "no archive": False},
    "structured": {"structured": True, "unstructured": False},
}
"""The two words of each of BSI's properties of a file (TR-03183-2 v2.1.0, 5.2.2)."""


def is_said(value: str) -> bool:
    """Whether it says anything: no NOASSERTION, no word that stands where nobody knows."""
    return value.strip().casefold() not in _PLACEHOLDERS


def is_time(value: str) -> bool:
    """Whether it is a moment of RFC 3339."""
    if not _TIME.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value.upper().replace("Z", "+00:00"))
    except ValueError:
        return False
    return True


def is_mail(value: str) -> bool:
    """Whether it is an e-mail address."""
    return _MAIL.fullmatch(value) is not None


def is_web(value: str) -> bool:
    """Whether it is the address of a page, with a host."""
    return _WEB.fullmatch(value) is not None


def is_contact(value: str) -> bool:
    """Whether somebody can be reached there."""
    return is_mail(value.removeprefix("mailto:")) or is_web(value)


def is_address(value: str) -> bool:
    """Whether something can be had there."""
    return bool(address(value))


def is_serial(value: str) -> bool:
    """Whether it is a serial number of CycloneDX (a UUID)."""
    return _UUID.fullmatch(value) is not None


def is_namespace(value: str) -> bool:
    """Whether it is a URI without a fragment, as SPDX wants its namespaces."""
    return _URI.fullmatch(value) is not None


@lru_cache(100_000)
def is_purl(value: str) -> bool:
    """Whether it is a PackageURL."""
    from packageurl import PackageURL

    try:
        return bool(PackageURL.from_string(value).name)
    except ValueError:
        return False


def is_identifier(value: str) -> bool:
    """Whether it is a PackageURL or a CPE, or an identifier of another kind that says something."""
    if value.startswith("pkg:"):
        return is_purl(value)
    return _CPE.fullmatch(value) is not None if value.startswith("cpe:") else is_said(value)


def is_digest(value: str) -> bool:
    """Whether `ALGORITHM:HEX` has the length that its algorithm gives."""
    algorithm, _colon, told = value.partition(":")
    return digest(algorithm, told) is not None


def is_sha512(value: str) -> bool:
    """Whether it is a digest by SHA-512."""
    return value.startswith("SHA-512:") and is_digest(value)


def is_filename(value: str) -> bool:
    """Whether it is the name of a file, and no path."""
    return is_said(value) and not re.search(r"[/\\\x00]", value)


@lru_cache(20_000)
def is_license(value: str) -> bool:
    """Whether it names a license: an expression, NONE, or a name that is known or at least says something."""
    return value == NONE or (is_said(value) and read_license(value).method != "none")


@lru_cache(20_000)
def is_expression(value: str) -> bool:
    """Whether it is an expression of identifiers that SPDX lists or listed, and of `LicenseRef-*`; or NONE."""
    if value == NONE:
        return True
    return value != NOASSERTION and (_parses(value) or read_license(value).method == "deprecated-id")


def _parses(value: str) -> bool:
    try:
        parse(value, read_leaf)
    except ValueError:
        return False
    return True
