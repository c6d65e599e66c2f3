"""Unsigned numbers out of bytes.

`u16`, `u32` and `u64` read a field of a structure that has to be whole, so that one which is cut raises EOFError.
`big` and `little` take the bytes of a field of any width, of which fewer may be left: none are 0.
"""

from __future__ import annotations


def u16(data: bytes, at: int, big: bool = True) -> int:
    """The number of two bytes at a place; EOFError beyond the end."""
    return _whole(data, at, 2, big)


def u32(data: bytes, at: int, big: bool = True) -> int:
    """The number of four bytes at a place; EOFError beyond the end."""
    return _whole(data, at, 4, big)


def u64(data: bytes, at: int, big: bool = True) -> int:
    """The number of eight bytes at a place; EOFError beyond the end."""
    return _whole(data, at, 8, big)


def big(data: bytes) -> int:
    """The number that all of these bytes are, big end first."""
    return int.from_bytes(data, "big")


def little(data: bytes) -> int:
    """The number that all of these bytes are, little end first."""
    return int.from_bytes(data, "little")


def in_order(data: bytes, is_big: bool) -> int:
    """The number that all of these bytes are, in the order that a file states."""
    return big(data) if is_big else little(data)


def _whole(data: bytes, at: int, count: int, is_big: bool) -> int:
    piece = data[at : at + count] if at >= 0 else b""
    if len(piece) < count:
        raise EOFError
    return in_order(piece, is_big)
