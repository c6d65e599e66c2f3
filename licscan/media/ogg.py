"""Ogg (RFC 3533): the comments of Vorbis, Opus (RFC 7845), Speex, Theora, FLAC in it."""

from __future__ import annotations

from collections.abc import Iterator

from licscan.media.blob import Blob
from licscan.media.found import MAX_FIELD, Found
from licscan.media.kinds import Format
from licscan.media.numbers import big, little
from licscan.media.vorbis import comments_into
from licscan.model.media import MediaFacts

_PAGES = 2_000
_STREAMS = 16
_HEADERS = 3
"""Packets of a stream in which comments may stand: the first names the codec, the second, or third, holds them."""
_COMMENTS = ((b"\x03vorbis", 7), (b"OpusTags", 8), (b"\x81theora", 7))
_LAST = 65_536


def read(blob: Blob, made: Format) -> MediaFacts:
    """Facts of an Ogg file."""
    found = Found()
    codecs: dict[int, bytes] = {}
    for stream, number, packet in _packets(found, blob):
        if number == 0:
            codecs[stream] = packet[:64]
            _read_head(found, packet)
        else:
            _read_comments(found, codecs.get(stream, b""), packet, number)
    _read_duration(found, blob, codecs)
    return found.facts(made)


def _packets(found: Found, blob: Blob) -> Iterator[tuple[int, int, bytes]]:
    """The first packets of every stream: its number, the packet's place in it, its bytes."""
    held: dict[int, bytearray] = {}
    numbers: dict[int, int] = {}
    place = 0
    for _count in range(_PAGES):
        head = blob.at(place, 282)
        if head[:4] != b"OggS" or len(head) < 27:
            if place < blob.size:
                found.broken()
            return
        sizes = head[27 : 27 + head[26]]
        stream = little(head[14:18])
        body = place + 27 + len(sizes)
        place = body + sum(sizes)
        if stream not in numbers:
            if len(numbers) >= _STREAMS:
                return
            numbers[stream], held[stream] = 0, bytearray()
        if numbers[stream] < _HEADERS:
            yield from _cut(blob, body, sizes, stream, held[stream], numbers)
        if all(number >= _HEADERS for number in numbers.values()):
            return


def _cut(
    blob: Blob, place: int, sizes: bytes, stream: int, held: bytearray, numbers: dict[int, int]
) -> Iterator[tuple[int, int, bytes]]:
    """The packets that end on one page; `held` is what the page before began."""
    length = 0
    for size in sizes:
        length += size
        if size == 255:
            continue
        yield stream, numbers[stream], bytes(held) + blob.at(place, min(length, MAX_FIELD))
        held.clear()
        place, length = place + length, 0
        numbers[stream] += 1
        if numbers[stream] >= _HEADERS:
            return
    if length and len(held) < MAX_FIELD:
        held += blob.at(place, length)


def _read_head(found: Found, packet: bytes) -> None:
    if packet.startswith(b"\x80theora"):
        found.width, found.height = big(packet[14:17]), big(packet[17:20])


def _read_comments(found: Found, codec: bytes, packet: bytes, number: int) -> None:
    for mark, length in _COMMENTS:
        if packet.startswith(mark):
            comments_into(found, packet[length:])
            return
    if codec.startswith(b"Speex") and number == 1:
        comments_into(found, packet)
    elif codec.startswith(b"\x7fFLAC") and packet[:1] and packet[0] & 0x7F == 4:
        comments_into(found, packet[4:])


def _read_duration(found: Found, blob: Blob, codecs: dict[int, bytes]) -> None:
    """The playing time by the granule position of the last page of a stream of sound."""
    rates = {stream: rate for stream, codec in codecs.items() if (rate := _rate(codec))}
    tail = blob.at(max(0, blob.size - _LAST), _LAST)
    place = tail.rfind(b"OggS")
    while place >= 0:
        stream, granule = little(tail[place + 14 : place + 18]), little(tail[place + 6 : place + 14])
        if stream in rates and granule >> 63 == 0:
            skip = little(codecs[stream][10:12]) if codecs[stream].startswith(b"OpusHead") else 0
            found.duration = max(0, granule - skip) * 1000 // rates[stream]
            return
        place = tail.rfind(b"OggS", 0, place)


def _rate(codec: bytes) -> int:
    """Samples a second of a codec by its first packet."""
    if codec.startswith(b"\x01vorbis"):
        return little(codec[12:16])
    if codec.startswith(b"OpusHead"):
        return 48_000
    if codec.startswith(b"Speex"):
        return little(codec[36:40])
    return big(codec[27:30]) >> 4 if codec.startswith(b"\x7fFLAC") else 0
