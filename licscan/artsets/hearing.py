"""A sound as signs: for each moment and band, whether it grows or falls more than the band below it, or neither.

After Haitsma and Kalker 2002, "A Highly Robust Audio Fingerprinting System", with three changes that make sounds of
half a second comparable: windows are short; levels have a floor below the loudest moment, so that what a codec adds to
silence does not count; and a difference that is small has no sign. The index keeps signs alone.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, numpy.dtype[Any]]

BANDS = 32
STEP = 512
"""Samples between two moments of the index: 32 ms."""
PHASES = 4
"""So many moments of a sound that is asked for lie between two of the index, for it may start anywhere."""
SEGMENT = 96
"""Moments of the index, 3 s, over which a sound is asked for: those with most signs."""
SHORTEST = 0.3
"""Seconds; less is a click, which says too little."""
LEAST = 40
"""Signs, by the moments of the index; a tone that only fades has fewer."""
_WINDOW = 2048
_LOWEST, _HIGHEST = 180.0, 6000.0
"""Hertz: codecs keep what lies between at 32 kbit/s."""
_FLOOR = 1e-6
"""Of the loudest level."""
_LAG = 2
"""Moments of the index over which a band grows or falls."""
_PLAIN = 0.7
"""Differences of logarithms below this have no sign."""
_AUDIBLE = 0.01
"""Of the loudest sample: what is softer at either end is no part of the sound."""
_ROWS = 256
_BYTES = BANDS // 4


@cache
def _bands() -> Array:
    """What each bin of the spectrum gives to each band: bands overlap by half, so that no edge cuts a tone off."""
    import numpy as np

    from licscan.artsets.decoding import RATE

    edges = np.geomspace(_LOWEST, _HIGHEST, BANDS + 3)
    bins = np.arange(_WINDOW // 2 + 1) * RATE / _WINDOW
    rows = [np.interp(bins, edges[at : at + 3], (0.0, 1.0, 0.0)) for at in range(BANDS + 1)]
    table: Array = np.array(rows, dtype=np.float32).T
    return table


def _signs(samples: Array, step: int) -> Array:
    """Signs (-1, 0, 1), a row every so many samples, a column a band."""
    import numpy as np

    padded = np.concatenate([np.zeros(_WINDOW // 2, np.float32), samples, np.zeros(_WINDOW, np.float32)])
    frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::step]
    window = np.hanning(_WINDOW).astype(np.float32)
    levels = np.concatenate(
        [(np.abs(np.fft.rfft(frames[at : at + _ROWS] * window)) ** 2) @ _bands() for at in range(0, len(frames), _ROWS)]
    )
    loudest = float(levels.max(initial=0.0))
    if loudest <= 0:
        return np.zeros((0, BANDS), np.int8)
    scaled = np.log(levels / loudest + _FLOOR)
    bands, lag = scaled[:, 1:] - scaled[:, :-1], _LAG * STEP // step
    differences = bands[lag:] - bands[:-lag]
    found: Array = (np.sign(differences) * (np.abs(differences) >= _PLAIN)).astype(np.int8)
    return found


def _audible(samples: bytes) -> Array | None:
    """The samples without what is silent at either end; None where too little is left."""
    import numpy as np

    from licscan.artsets.decoding import RATE

    held = np.frombuffer(samples[: len(samples) // 2 * 2], dtype="<i2").astype(np.float32) / 32768
    loud = np.flatnonzero(np.abs(held) > _AUDIBLE * float(np.abs(held).max(initial=0.0)))
    if not len(loud) or loud[-1] - loud[0] < SHORTEST * RATE:
        return None
    found: Array = held[loud[0] : loud[-1] + 1]
    return found


def known_in(samples: bytes) -> bytes:
    """A sound as the index keeps it: all of its moments, packed; empty where it says too little."""
    import numpy as np

    held = _audible(samples)
    if held is None:
        return b""
    signs = _signs(held, STEP)
    return _packed(signs) if int(np.abs(signs).sum()) >= LEAST else b""


def heard_in(samples: bytes) -> bytes:
    """A sound as it is asked for: `PHASES` times as many moments, `SEGMENT` of the index at most; empty as above."""
    import zlib

    import numpy as np

    held = _audible(samples)
    if held is None:
        return b""
    signs = _signs(held, STEP // PHASES)
    length = SEGMENT * PHASES
    if len(signs) > length:
        sums = np.concatenate([[0], np.cumsum(np.abs(signs).sum(axis=1, dtype=np.int64))])
        start = int(np.argmax(sums[length:] - sums[:-length]))
        signs = signs[start : start + length]
    return zlib.compress(_packed(signs), 6) if int(np.abs(signs).sum()) >= LEAST * PHASES else b""


def _packed(signs: Array) -> bytes:
    """Rows of eight bytes: which bands grow, then which fall."""
    import numpy as np

    return np.hstack([np.packbits(signs > 0, axis=1), np.packbits(signs < 0, axis=1)]).tobytes()


def unpacked(rows: bytes) -> Array:
    """The signs of packed moments, as numbers that can be multiplied; what is cut short is left out."""
    import numpy as np

    whole = np.frombuffer(rows[: len(rows) // _BYTES * _BYTES], dtype=np.uint8).reshape(-1, _BYTES)
    bits = np.unpackbits(whole, axis=1).astype(np.float32)
    found: Array = bits[:, :BANDS] - bits[:, BANDS:]
    return found


def phases_of(heard: bytes) -> list[Array]:
    """The signs of a sound that is asked for, once for each place between two moments; none where it is damaged."""
    import zlib

    unpacker = zlib.decompressobj()
    try:
        signs = unpacked(unpacker.decompress(heard, SEGMENT * PHASES * _BYTES))
    except zlib.error:
        return []
    return [phase for at in range(PHASES) if len(phase := signs[at::PHASES])]
