"""What reading a damaged or hostile archive may raise, of any kind and with any of the standard library's readers."""

from __future__ import annotations

import lzma
import struct
import tarfile
import zipfile
import zlib

DAMAGED: tuple[type[Exception], ...] = (
    EOFError,  # is cut off
    LookupError,  # names in its list a member that is not there; an encoding that nobody knows
    NotImplementedError,  # a method of packing that the library does not have
    OSError,  # gzip's own, and those of the disk
    OverflowError,  # sizes beyond all bounds
    RuntimeError,  # encrypted members; nesting without end
    ValueError,  # names that are no text, negative places
    lzma.LZMAError,
    struct.error,
    tarfile.TarError,
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
)
"""Whoever reads an archive turns these into one line; errors with a line of their own (`LicscanError`) are none."""
