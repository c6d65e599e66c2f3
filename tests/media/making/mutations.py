"""Mutations of files: bytes turned, pieces cut out, doubled and moved, numbers made large; seeded."""

from __future__ import annotations

import random

_NUMBERS = (b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0", b"\xff\xff", b"\0\x01", b"\x80\0\0\0", b"\0\0\0\x10")


def mutated(data: bytes, seed: int, bound: int = 1 << 20) -> bytes:
    """A file with one to eight mutations, at most so many bytes long."""
    chance = random.Random(seed)
    made = bytearray(data)
    for _count in range(chance.randint(1, 8)):
        if not made:
            break
        place = chance.randrange(min(len(made), 4096) if chance.random() < 0.6 else len(made))
        size = chance.randint(1, max(1, min(256, len(made) - place)))
        kind = chance.randrange(6)
        if kind == 0:
            made[place] = chance.randrange(256)
        elif kind == 1:
            number = chance.choice(_NUMBERS)
            made[place : place + len(number)] = number
        elif kind == 2:
            del made[place : place + size]
        elif kind == 3:
            made[place:place] = made[place : place + size] * chance.choice((1, 2, 100, 1000))
        elif kind == 4:
            made[place : place + size] = chance.randbytes(size)
        else:
            del made[place + chance.randrange(len(made)) :]
    return bytes(made[:bound])
