"""Archives that tests make: npm tarballs, wheels and source distributions, whole and hostile."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

Files = Mapping[str, bytes]
MANIFEST = json.dumps({"name": "left", "version": "1.2.3", "license": "MIT"}).encode()
LICENSE = b"MIT License\n\nCopyright (c) 2020 Ada Example\n"


def tar(members: Iterable[tuple[tarfile.TarInfo, bytes]], format_: int = tarfile.PAX_FORMAT) -> bytes:
    """A tar of members as they are given."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format_, errors="surrogateescape") as made:
        for info, data in members:
            made.addfile(info, io.BytesIO(data))
    return out.getvalue()


def member(
    name: str, data: bytes = b"", kind: bytes = tarfile.REGTYPE, link: str = ""
) -> tuple[tarfile.TarInfo, bytes]:
    """One member of a tar."""
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = len(data), kind, link
    return info, data


def npm(files: Files, wrap: str = "package") -> bytes:
    """A tarball; a manifest is added where there is none."""
    every = {"package.json": MANIFEST, **files}
    return gzip.compress(tar(member(f"{wrap}/{path}", data) for path, data in every.items()), mtime=0)


def wheel(files: Files, name: str = "thing", version: str = "1.0", *, record: bool = True) -> bytes:
    """A wheel with METADATA and RECORD."""
    info = f"{name}-{version}.dist-info"
    every = {
        f"{info}/METADATA": f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\n",
        **files,
    }
    rows = [f"{path},sha256={_short(data)},{len(data)}" for path, data in every.items()]
    if record:
        every[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,"]).encode()
    return zipped(every)


def zipped(files: Files) -> bytes:
    """A zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for path, data in files.items():
            made.writestr(zipfile.ZipInfo(path), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _short(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def unpacked(folder: Path, files: Files) -> Path:
    """The files in a folder, as an installer leaves them."""
    for path, data in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return folder


def noise(size: int, seed: bytes = b"noise") -> bytes:
    """Bytes that do not pack, the same each time."""
    blocks = (hashlib.sha256(seed + number.to_bytes(4, "big")).digest() for number in range(size // 32 + 1))
    return b"".join(blocks)[:size]


class Ranges(io.BytesIO):
    """A file that counts what is read of it, as a range reader does."""

    def __init__(self, data: bytes):
        super().__init__(data)
        self.fetched = 0
        self.asked: list[tuple[int, int]] = []

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.fetched += len(data)
        return data

    def prefetch(self, ranges: list[tuple[int, int]]) -> None:
        """What is read next."""
        assert all(0 <= start < end <= len(self.getbuffer()) for start, end in ranges)
        self.asked += ranges


def elf(soname: bytes, more: bytes = b"") -> bytes:
    """A 64-bit shared object that has nothing but a soname."""
    import struct

    strings = b"\0" + soname + b"\0"
    head, table = 64 + 2 * 56, 64 + 2 * 56 + 48
    dynamic = struct.pack("<qQqQqQ", 5, table, 14, 1, 0, 0)
    size = table + len(strings)
    load = struct.pack("<IIQQQQQQ", 1, 4, 0, 0, 0, size, size, 8)
    dyn = struct.pack("<IIQQQQQQ", 2, 4, head, head, head, len(dynamic), len(dynamic), 8)
    ident = b"\x7fELF\x02\x01\x01" + bytes(9)
    header = ident + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56, 2, 0, 0, 0)
    return header + load + dyn + dynamic + strings + more
