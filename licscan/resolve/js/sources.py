"""Where an npm package comes from, told from the text of a requirement or of a lock's `resolved`; and its hashes."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote

from licscan.model import Source, SourceKind
from licscan.packages import purls

_GIT_SCHEME = re.compile(r"(?i)git(\+[a-z]+)?:|ssh:|git@[^/:]+:")
_SCP = re.compile(r"(?:ssh://)?([^@/:\s]+@[^/:\s]+):(?!\d+/)(?!//)(.+)", re.DOTALL)
_HOSTED = re.compile(r"(?i)(github|gitlab|bitbucket|gist):(?!//)(.+)", re.DOTALL)
_HOSTS = {"github": "github.com", "gitlab": "gitlab.com", "bitbucket": "bitbucket.org", "gist": "gist.github.com"}
_SHORTHAND = re.compile(r"[A-Za-z0-9_][^@/:\s#]*/[^/:\s#]+(#.*)?", re.DOTALL)
_REPOSITORY = re.compile(
    r"(?i)https?://(?:[^@/]*@)?(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org)/[^/#?]+/[^/#?]+/?(?:#.*)?",
    re.DOTALL,
)
_LOCAL = re.compile(r"(?i)(?:file|link|portal|workspace|exec):(?://(?=/|\.))?|(?=\.{1,2}(?:/|$))|(?=~?/)", re.DOTALL)
_REGISTRY_TARBALL = re.compile(
    r"/-/[^?#]*\.tgz$"
    # shapes of mirrors and of private registries that do without `/-/`
    r"|/(?P<full>(?:@[^/]+/)?[^/]+)/download/(?P=full)-[^/]+\.tgz$"
    r"|/packages/(?:@[^/]+/)?[^/]+/(?P<version>[^/]+)/[^/]+-(?P=version)\.tgz$"
    r"|/download/@[^/]+/[^/]+/[^/]+/[0-9a-f]{40,64}$"
    # JSR's registry for npm numbers its archives by revision
    r"|/~/\d+/@jsr/(?P<jsr>[^/]+)/[^/]+\.tgz$"
    r"|/tarballs/(?:@[^/]+/)?[^/]+/\d[^/]*\.tgz$"
)
_MAX_URL = 4096
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_ALGORITHMS = {"md5": 16, "sha1": 20, "sha256": 32, "sha384": 48, "sha512": 64}


def source_of(text: str) -> Source:
    """The source that a requirement (`^1.0`, `owner/repo`, `file:../x`) or a lock's `resolved` names.

    A git source has the form of SPDX's download location, `git+https://host/repo.git@reference`.
    """
    if text.startswith(("http://", "https://")) and "/-/" in text and is_registry_tarball(text):
        return Source(SourceKind.REGISTRY, clean_url(text))
    if local := _LOCAL.match(text):
        path = text[local.end() :]
        return Source(SourceKind.PATH, path if "/" in path or path == "." or text.startswith("file:") else None)
    if is_git(text):
        return Source(SourceKind.GIT, vcs_url(text))
    if text.startswith(("http://", "https://")):
        kind = SourceKind.REGISTRY if is_registry_tarball(text) else SourceKind.URL
        return Source(kind, clean_url(text))
    return Source(SourceKind.REGISTRY)


def is_registry_tarball(url: str) -> bool:
    """Whether the URL has the shape of a registry's archive, on whatever host."""
    if len(url) > _MAX_URL:
        return False
    path = url.partition("#")[0].partition("?")[0]
    if "%" in path:
        path = unquote(path)
    return "/releases/download/" not in path and bool(_REGISTRY_TARBALL.search(path))


def is_git(text: str) -> bool:
    """Whether npm and its kin take the text for a git repository."""
    if _GIT_SCHEME.match(text) or _HOSTED.match(text) or _SHORTHAND.fullmatch(text):
        return True
    address = text.partition("#")[0]
    return text.startswith("http") and (address.endswith(".git") or bool(_REPOSITORY.fullmatch(text)))


def vcs_url(text: str) -> str:
    """The repository as `git+<url>@<reference>`, without credentials; shorthands are written out."""
    address, reference = split_reference(text)
    if hosted := _HOSTED.fullmatch(address):
        address = f"https://{_HOSTS[hosted[1].lower()]}/{hosted[2]}.git"
    elif _SHORTHAND.fullmatch(address):
        address = f"https://{_HOSTS['github']}/{address}.git"
    elif "+" not in address.partition(":")[0] and (scp := _SCP.fullmatch(address)):
        address = f"ssh://{scp[1]}/{scp[2]}"
    if not address.lower().startswith(("git+", "git:")):
        address = f"git+{address}"
    address = clean_url(address)
    return f"{address}@{reference}" if reference else address


def split_reference(text: str) -> tuple[str, str | None]:
    """The address of a repository and what is checked out: the part after `#` that is no `semver:` or `path:`."""
    address, _, fragment = text.partition("#")
    for part in fragment.split("&"):
        if part.startswith("commit="):
            return address, part.removeprefix("commit=")
        if part and ":" not in part and "=" not in part:
            return address, part
    return address, None


def commit_of(text: str) -> str | None:
    """The full commit hash that a git source is pinned to."""
    reference = split_reference(text)[1] or ""
    return reference if _COMMIT.fullmatch(reference) else None


def clean_url(url: str) -> str:
    """The URL without credentials; most have none, which is cheap to see."""
    return purls.strip_credentials(url) if "@" in url or "?" in url else url


def integrity_hashes(sri: str | None) -> tuple[str, ...]:
    """The hashes of a Subresource Integrity text (`sha512-<base64>`, maybe several) as `algorithm:hex`, sorted.

    What is no hash of the algorithm's length is left out.
    """
    if not sri:
        return ()
    found = []
    for part in sri.split():
        algorithm, _, encoded = part.partition("?")[0].partition("-")
        try:
            digest = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            continue
        if len(digest) == _ALGORITHMS.get(algorithm):
            found.append(f"{algorithm}:{digest.hex()}")
    return tuple(found) if len(found) < 2 else tuple(sorted(set(found)))
