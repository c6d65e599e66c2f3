"""Readers of one format that another format holds: XMP packets and C2PA manifests inside sounds and videos."""

from __future__ import annotations

from functools import cache
from importlib import import_module, util

from licscan.media.gathered import MAX_FIELD, Gathered


def add_xmp(gathered: Gathered, packet: bytes) -> None:
    """Keep the fields of an XMP packet."""
    read = _function("licscan.media.xmp", "read_xmp")
    if read is not None and packet and gathered.may_nest():
        gathered.keep(read(packet[:MAX_FIELD]))  # type: ignore[operator]


def add_c2pa(gathered: Gathered, jumbf: bytes, field: str) -> None:
    """Keep the mark of a C2PA manifest store."""
    read = _function("licscan.media.c2pa", "c2pa_mark")
    if read is not None and jumbf and gathered.may_nest():
        gathered.mark(read(jumbf[:MAX_FIELD], field))  # type: ignore[operator]


@cache
def _function(module: str, name: str) -> object:
    return getattr(import_module(module), name) if util.find_spec(module) is not None else None
