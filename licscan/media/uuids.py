"""What boxes of type `uuid` hold of other standards: XMP packets, and manifest stores of C2PA."""

from __future__ import annotations

from licscan.media.blob import Blob
from licscan.media.boxes import Box
from licscan.media.c2pa import c2pa_into
from licscan.media.found import MAX_STORE, Found
from licscan.media.xmp import MAX_PACKET, xmp_into

XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
"""XMP Specification part 3, 1.2.7."""
C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
"""C2PA 2.2, appendix A."""


def uuid_into(found: Found, blob: Blob, box: Box, standard: str) -> None:
    """Add what a `uuid` box holds where it is XMP or a manifest store of C2PA."""
    kind = blob.at(box.start, 16)
    if kind == XMP:
        xmp_into(found, box.held(blob, MAX_PACKET)[16:])
    elif kind == C2PA:
        # a full box: version and flags, a purpose that ends with a zero, the place of another box, then JUMBF
        data = box.held(blob, MAX_STORE)
        purpose, _zero, rest = data[20:].partition(b"\0")
        if purpose == b"manifest":
            c2pa_into(found, rest[8:], f"{standard}:uuid")
