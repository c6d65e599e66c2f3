"""The project's own files: which license each names, and which of them are other people's work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from licscan.base.late import late

if TYPE_CHECKING:
    from licscan.source.cache import HeaderCache, user_headers
    from licscan.source.declared import Declared
    from licscan.source.listing import Places, list_sources
    from licscan.source.sources import read_sources

__all__ = ["Declared", "HeaderCache", "Places", "list_sources", "read_sources", "user_headers"]
__getattr__ = late(
    __name__,
    {
        "cache": ("HeaderCache", "user_headers"),
        "declared": ("Declared",),
        "listing": ("Places", "list_sources"),
        "sources": ("read_sources",),
    },
)
