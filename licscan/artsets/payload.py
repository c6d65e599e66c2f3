"""Digests of what a sound file plays, whatever stands around it: frames, packets or samples without tags and headers.

Titles, licenses, pictures, the frame that an encoder leaves for players, the serial numbers and pages of Ogg, and the
places of boxes make no difference; nothing is decoded. Samples that are not packed (WAV of 16 bits and more) also get
the digest that a FLAC file states of its samples (RFC 9639, 8.2), so that either is known by the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

from licscan.artsets.svg import DIGEST_BYTES
from licscan.media.blob import Held
from licscan.media.boxes import boxes_of
from licscan.media.found import MAX_PARTS, Found
from licscan.media.numbers import big, little
from licscan.media.readers import BROKEN

MIN_BYTES = 256
"""Less is a click, or nothing at all."""
_TAGS = 8
_FIRST = 65_536
_XING = 200
"""Bytes of the first frame in which the mark of a frame for players stands."""
_MARKS = (b"Xing", b"Info", b"VBRI")
_FLAC_BLOCKS = 1_000
_PACKETS = 1 << 20
_PCM = (1, 0xFFFE)


def payloads_of(data: bytes, made: str) -> tuple[bytes, ...]:
    """The digests of a sound of a format of `licscan.media.kinds`; none where it is broken, or plays too little."""
    reader = _READERS.get(made)
    try:
        return tuple(dict.fromkeys(reader(data))) if reader is not None else ()
    except BROKEN:
        return ()


def _digest(what: str, *parts: bytes) -> bytes:
    """The head of a digest over parts, each with its length."""
    made = hashlib.sha256(what.encode())
    for part in parts:
        made.update(len(part).to_bytes(8, "little"))
        made.update(part)
    return made.digest()[:DIGEST_BYTES]


def _says_something(data: bytes) -> bool:
    """Whether there is more than one byte again and again: that is silence, which anybody may have."""
    return len(data) >= MIN_BYTES and data.count(data[:1]) < len(data)


def _mpeg(data: bytes) -> Iterator[bytes]:
    start, end = _leading(data), _trailing(data)
    place = data.find(b"\xff", start, start + _FIRST)
    while place >= 0 and not (data[place + 1 : place + 2] >= b"\xe0" and data[place + 2 : place + 3] < b"\xf0"):
        place = data.find(b"\xff", place + 1, start + _FIRST)
    if place < 0:
        return
    if any(mark in data[place : place + _XING] for mark in _MARKS):
        # the next frame has the same version, layer and rate
        head, mask = data[place + 1], data[place + 2] & 0x0C
        after = place + 4
        while (after := data.find(bytes((0xFF, head)), after, place + _FIRST)) >= 0:
            if data[after + 2] & 0x0C == mask and data[after + 2] >> 4 not in (0, 15):
                break
            after += 1
        place = after if after > 0 else place
    frames = data[place:end].rstrip(b"\0")
    if _says_something(frames):
        yield _digest("mpeg", frames)


def _leading(data: bytes) -> int:
    """Where the tags before the frames end."""
    start = 0
    for _count in range(_TAGS):
        head = data[start : start + 32]
        if head[:3] == b"ID3" and len(head) >= 10:
            size = 0
            for byte in head[6:10]:
                size = size << 7 | byte & 0x7F
            start += 10 + size + (10 if head[5] & 0x10 else 0)
        elif head[:8] == b"APETAGEX":
            start += 32 + little(head[12:16])
        else:
            break
    return min(start, len(data))


def _trailing(data: bytes) -> int:
    """Where the tags after the frames begin."""
    end = len(data)
    for _count in range(_TAGS):
        before = end
        if data[max(0, end - 128) : end][:3] == b"TAG" and end >= 128:
            end -= 128
        foot = data[max(0, end - 32) : end]
        if foot[:8] == b"APETAGEX" and len(foot) == 32:
            end -= little(foot[12:16]) + (32 if little(foot[20:24]) >> 31 else 0)
        if data[max(0, end - 9) : end] == b"LYRICS200" and data[end - 15 : end - 9].isdigit():
            end -= 15 + int(data[end - 15 : end - 9])
        if end == before or end <= 0:
            break
    return max(0, end)


def _ogg(data: bytes) -> Iterator[bytes]:
    """The packets of each stream of sound but those of comments; which are these, tells the first packet."""
    streams: dict[int, list[bytes]] = {}
    held: dict[int, list[bytes]] = {}
    place = count = 0
    while data[place : place + 4] == b"OggS" and count < _PACKETS:
        head = data[place : place + 282]
        if len(head) < 27:
            break
        sizes, stream = head[27 : 27 + head[26]], little(head[14:18])
        place += 27 + len(sizes)
        length = 0
        for size in sizes:
            length += size
            if size < 255:
                packet = (*held.pop(stream, ()), data[place : place + length])
                streams.setdefault(stream, []).append(b"".join(packet))
                place, length, count = place + length, 0, count + 1
        if length:
            held.setdefault(stream, []).append(data[place : place + length])
            place += length
    for packets in streams.values():
        kept = [one for number, one in enumerate(packets) if not _is_comment(packets[0], number, one)]
        first = packets[0]
        sounds = first.startswith((b"\x01vorbis", b"OpusHead", b"Speex   ", b"\x7fFLAC"))
        if sounds and sum(map(len, kept[1:])) >= MIN_BYTES:
            yield _digest("ogg", *kept)


def _is_comment(first: bytes, number: int, packet: bytes) -> bool:
    if first.startswith(b"\x7fFLAC"):
        return number > 0 and not packet.startswith(b"\xff")
    if first.startswith(b"Speex"):
        return number == 1
    return packet.startswith((b"\x03vorbis", b"OpusTags"))


def _flac(data: bytes) -> Iterator[bytes]:
    place = _leading(data)
    if data[place : place + 4] != b"fLaC":
        return
    place += 4
    info = b""
    for _count in range(_FLAC_BLOCKS):
        head = data[place : place + 4]
        if len(head) < 4:
            return
        if head[0] & 0x7F == 0:
            info = data[place + 4 : place + 38]
        place += 4 + big(head[1:4])
        if head[0] & 0x80:
            break
    frames = data[place : _trailing(data)]
    if len(info) == 34 and _says_something(frames):
        yield _digest("flac", frames)
        bits = big(info[10:14])
        if any(info[18:]):
            # stated by the file, as any field of it: a lie costs its author the recognition of his own sound
            yield _samples(bits >> 12, (bits >> 9 & 7) + 1, (bits >> 4 & 31) + 1, info[18:])


def _samples(rate: int, channels: int, bits: int, md5: bytes) -> bytes:
    return _digest("samples", f"{rate} {channels} {bits}".encode(), md5)


def _wav(data: bytes) -> Iterator[bytes]:
    form, place = b"", 12
    for _count in range(MAX_PARTS):
        head = data[place : place + 8]
        if len(head) < 8:
            return
        size = little(head[4:8])
        if head[:4] == b"fmt ":
            form = data[place + 8 : place + 24]
        elif head[:4] == b"data":
            held = data[place + 8 : place + 8 + size]
            if len(form) == 16 and _says_something(held):
                yield from _pcm(form, held)
            return
        place += 8 + size + size % 2


def _pcm(form: bytes, held: bytes) -> Iterator[bytes]:
    codec, channels, rate, bits = (little(form[a:b]) for a, b in ((0, 2), (2, 4), (4, 8), (14, 16)))
    if codec in _PCM and bits in (16, 24):
        yield _samples(rate, channels, bits, hashlib.md5(held, usedforsecurity=False).digest())
    else:
        yield _digest("wav", f"{codec} {channels} {rate} {bits}".encode(), held)


def _aiff(data: bytes) -> Iterator[bytes]:
    common, place = b"", 12
    for _count in range(MAX_PARTS):
        head = data[place : place + 8]
        if len(head) < 8:
            return
        size = big(head[4:8])
        held = data[place + 8 : place + 8 + size]
        if head[:4] == b"COMM":
            common = held[:18]
        elif head[:4] == b"SSND" and common and _says_something(held[8:]):
            yield _digest("aiff", common, held[8:])
        place += 8 + size + size % 2


def _mp4(data: bytes) -> Iterator[bytes]:
    blob, found = Held(data), Found()
    parts = [data[box.start : box.end] for box in boxes_of(found, blob, 0, blob.size) if box.kind == b"mdat"]
    if _says_something(b"".join(parts)):
        yield _digest("mp4", b"".join(parts))


def _caf(data: bytes) -> Iterator[bytes]:
    place, form = 8, b""
    for _count in range(MAX_PARTS):
        head = data[place : place + 12]
        if len(head) < 12:
            return
        size = big(head[4:12])
        if head[:4] == b"desc":
            form = data[place + 12 : place + 44]
        elif head[:4] == b"data":
            held = data[place + 16 : place + 12 + size] if size >> 63 == 0 else data[place + 16 :]
            if _says_something(held):
                yield _digest("caf", form, held)
            return
        place += 12 + size


def _amr(data: bytes) -> Iterator[bytes]:
    if _says_something(data):
        yield _digest("amr", data)


_READERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "mp3": _mpeg, "aac": _mpeg, "ogg": _ogg, "flac": _flac, "wav": _wav, "aiff": _aiff, "m4a": _mp4, "mp4": _mp4,
    "caf": _caf, "amr": _amr,
}  # fmt: skip
