"""PackageURLs in canonical form, and URLs without secrets."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

_PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]*")
_PLAIN_VERSION = re.compile(r"[A-Za-z0-9._-]+")
_PYPI_SEPARATORS = re.compile(r"[-_.]+")
_SECRET_PARAMETER = re.compile(r"(?i)[^=]*(token|auth|passw|secret|signature|sig|key|credential)[^=]*=")

_HARMLESS = re.compile(r"[a-z][a-z+]*://[\w.-]+(?::\d+)?(?:/[!-\"$->@-~]*)?", re.ASCII)
"""An address without user, query and fragment: nearly all of them."""
_CONDA_TOKEN = re.compile(r"(?<=://)([^/?#\s]*/t/)[^/?#\s]+(?=/)")
"""A conda channel's token is a part of its path; shown as conda itself shows it."""
_USER = re.compile(r"(?<=://)[^/?#\s]*@")
_SECRET_IN_TEXT = re.compile(
    r"(?i)(?<=[?&#;])[^=&#;\s]{0,99}(token|auth|passw|secret|signature|sig|key|credential)[^=&#;\s]{0,99}=[^&#;\s]*"
)


@lru_cache(maxsize=16_384)
def normalize_pypi_name(name: str) -> str:
    """The name in the form of PEP 503: lower case, runs of `-`, `_` and `.` as one `-`."""
    return _PYPI_SEPARATORS.sub("-", name).lower()


def pypi(name: str, version: str | None = None, **qualifiers: str | None) -> str:
    """The PackageURL of a Python distribution."""
    return build("pypi", None, normalize_pypi_name(name), version, **qualifiers)


def npm(name: str, version: str | None = None, **qualifiers: str | None) -> str:
    """The PackageURL of an npm package; `name` may be `@scope/name`."""
    namespace, _, base = name.rpartition("/")
    # a third of all packages have a scope: what needs no escaping but its @ is put together here
    plain = namespace[:1] == "@" and not any(qualifiers.values()) and _PLAIN.fullmatch(namespace, 1)
    if plain and version and _PLAIN.fullmatch(base) and _PLAIN_VERSION.fullmatch(version):
        return _plain("npm", f"%40{namespace[1:]}/{base}", version)
    return build("npm", namespace or None, base, version, **qualifiers)


@lru_cache(maxsize=200_000)
def as_written(text: str) -> str:
    """A PackageURL as people write it, with npm's scope as `@scope`, in canonical form; other texts as they are."""
    return "pkg:npm/%40" + text.removeprefix("pkg:npm/@") if text.startswith("pkg:npm/@") else text


def _plain(kind: str, name: str, version: str) -> str:
    return f"pkg:{kind}/{name}@{version}"


def build(
    kind: str,
    namespace: str | None,
    name: str,
    version: str | None = None,
    subpath: str | None = None,
    **qualifiers: str | None,
) -> str:
    """Any PackageURL as canonical text; qualifiers without a value are left out.

    The library's own writer is 10 us a piece; most names need no escaping, so those are put together here. Any text
    is taken, also what no package can be called: a hostile lock must have an identity to be complained of.
    """
    present = {key: _writable(strip_credentials(value)) for key, value in qualifiers.items() if value}
    plain = not (namespace or present or subpath) and version and _PLAIN.fullmatch(name)
    if plain and version and _PLAIN_VERSION.fullmatch(version):
        return _plain(kind, name, version)
    space, base, release, below = (
        # a version may be an address too
        _writable(strip_credentials(part or ""))
        for part in (namespace, name, version, subpath)
    )
    if not base.strip().strip("/").strip():
        # the library makes nothing of it
        base = quote(base, safe="") or "unnamed"
    from packageurl import PackageURL

    return PackageURL(kind, space or None, base, release or None, present or None, below or None).to_string()


def _writable(text: str) -> str:
    """The text without lone surrogates, which come out of damaged JSON and file names and which UTF-8 lacks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def strip_credentials(url: str) -> str:
    """The URL without user, password and secret-looking query parameters; other text comes back as it is."""
    if "://" not in url or (_HARMLESS.fullmatch(url) and url.count("://") == 1 and "/t/" not in url):
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return re.sub(r"//[^/@]*@", "//", url)
    host = parts.netloc.rpartition("@")[2]
    # ssh's user name is part of the address (git@), never a secret
    if parts.scheme.endswith("ssh") and "@" in parts.netloc and ":" not in parts.netloc.rpartition("@")[0]:
        host = parts.netloc
    query, fragment = (
        "&".join(part for part in text.split("&") if not _SECRET_PARAMETER.match(part))
        for text in (parts.query, parts.fragment)
    )
    stripped = _CONDA_TOKEN.sub(r"\1<TOKEN>", urlunsplit((parts.scheme, host, parts.path, query, fragment)))
    # another address may stand inside: in a query, or behind the name of `pkg @ https://...`
    return stripped if stripped.count("://") == 1 and parts.netloc else hide_credentials(stripped)


def hide_credentials(text: str) -> str:
    """A sentence, or a line of a file in it, without the user, password and secret parameters of its addresses."""
    if "://" not in text:
        return text
    return _SECRET_IN_TEXT.sub("", _CONDA_TOKEN.sub(r"\1<TOKEN>", _USER.sub("", text)))
