"""Copied code, recognised by fingerprints: whose it is when no manifest and no comment says so (docs/copies.md)."""

from __future__ import annotations

from licscan.copies.found import Copy
from licscan.copies.index import CodeIndex
from licscan.copies.prints import language_of
from licscan.copies.recognise import recognise

__all__ = ["CodeIndex", "Copy", "language_of", "recognise"]
