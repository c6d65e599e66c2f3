"""Archives of a commit at the well-known code hosts: the repository behind them is the source, not the download."""

from __future__ import annotations

import re
from urllib.parse import unquote

from licscan.model import Source, SourceKind
from licscan.resolve.js.sources import vcs_url

_HOSTED = (
    re.compile(r"https://codeload\.(?P<host>github\.com)/(?P<repo>[^/]+/[^/]+)/tar\.gz/(?P<commit>[^?#]+)"),
    re.compile(
        r"https://(?P<host>gitlab\.com)/api/v4/projects/(?P<repo>[^/]+)/repository/archive\.tar\.gz"
        r"\?(?:ref|sha)=(?P<commit>[^&#]+)"
    ),
    re.compile(r"https://(?P<host>bitbucket\.org)/(?P<repo>[^/]+/[^/]+)/get/(?P<commit>[^/?#]+)\.tar\.gz"),
)


def source_of_archive(url: str) -> Source | None:
    """The git source behind an archive's URL, None where the URL is no such archive."""
    for pattern in _HOSTED:
        if found := pattern.fullmatch(url.partition("#")[0]):
            repository = f"https://{found['host']}/{unquote(found['repo'])}.git"
            return Source(SourceKind.GIT, vcs_url(f"{repository}#{unquote(found['commit'])}"))
    return None
