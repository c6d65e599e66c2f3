"""Bytes that are packed, unpacked within bounds: zlib (RFC 1950 to 1952) and Brotli (RFC 7932)."""

from __future__ import annotations

import zlib

GZIP = zlib.MAX_WBITS | 16
"""The window of a stream with the head of gzip."""
RAW = -zlib.MAX_WBITS
"""The window of a stream without a head, as zip holds it."""


def inflated(data: bytes, limit: int, window: int = zlib.MAX_WBITS) -> tuple[bytes, bool]:
    """What zlib unpacks, at most so many bytes, and whether more was there; ValueError for no such stream."""
    unpacker = zlib.decompressobj(window)
    try:
        made = unpacker.decompress(data, limit)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    return made, bool(unpacker.unconsumed_tail)


def unbrotlied(data: bytes, limit: int) -> bytes:
    """What Brotli unpacks, at most so many bytes; ValueError for bytes that are no such stream."""
    import brotli

    try:
        return bytes(brotli.Decompressor().process(data, output_buffer_limit=limit))
    except brotli.error as error:
        raise ValueError(str(error)) from error
