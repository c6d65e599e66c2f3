"""Bytes made hostile: cut, changed, repeated, with numbers at their bounds."""

from __future__ import annotations

import random

_NUMBERS = (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\1", b"\1\0\0\0",
            b"\x80\0\0\0", b"\xff" * 8)  # fmt: skip


def mutated(data: bytes, rng: random.Random) -> bytes:
    """Up to six changes."""
    made = bytearray(data)
    for _time in range(rng.randrange(1, 7)):
        place = rng.randrange(len(made) or 1)
        kind = rng.randrange(6)
        if kind == 0:
            made[place : place + 1] = bytes((rng.randrange(256),))
        elif kind == 1:
            number = rng.choice(_NUMBERS)
            made[place : place + len(number)] = number
        elif kind == 2:
            del made[place:]
        elif kind == 3:
            del made[place : place + rng.randrange(1, 30)]
        elif kind == 4:
            made[place:place] = made[place : place + rng.randrange(1, 400)] * rng.randrange(1, 20)
        else:
            made[place : place + 1] = bytes((made[place] ^ 1 << rng.randrange(8),)) if made else b"\0"
    return bytes(made[:1_000_000])
