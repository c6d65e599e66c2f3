"""Installed trees made from tables of their files; the RECORD of a wheel is written from what is there."""

from __future__ import annotations

import base64
import hashlib
import struct
from collections.abc import Mapping
from pathlib import Path

SITE = ".venv/lib/python3.11/site-packages"


def make(root: Path, files: Mapping[str, str]) -> Path:
    """Write the files, then a RECORD into each metadata folder that lacks one.

    `SITE/` begins the path of an installed Python file; the text `elf:NAME` becomes a shared library with that soname,
    behind which text may follow that stands in it.
    """
    for path, text in files.items():
        full = root / path.replace("SITE/", f"{SITE}/")
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(elf(*text[4:].split("\n", 1)) if text.startswith("elf:") else text.encode())
    if any(path.startswith("SITE/") for path in files):
        (root / ".venv/pyvenv.cfg").touch()
        write_records(root / SITE)
    return root


def write_records(site: Path) -> None:
    """One RECORD for each distribution: its metadata, and all else that begins with the same word."""
    metadata = sorted(site.glob("*.dist-info"))
    for folder in metadata:
        name = folder.name.split("-")[0].lower()
        mine = [
            path
            for path in sorted(site.rglob("*"))
            if path.is_file() and path.relative_to(site).parts[0].lower().split("-")[0].split(".")[0] == name
        ]
        rows = [f"{path.relative_to(site).as_posix()},{row(path)}" for path in mine if path.name != "RECORD"]
        (folder / "RECORD").write_text("\n".join([*rows, f"{folder.name}/RECORD,,"]) + "\n")


def row(path: Path) -> str:
    """Hash and size as RECORD has them."""
    data = path.read_bytes()
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"sha256={digest},{len(data)}"


def elf(soname: str, text: str = "") -> bytes:
    """The least that is a shared library for x86-64: a header, one loaded and one dynamic segment, a soname."""
    strings = b"\0" + soname.encode() + b"\0"
    dynamic = struct.pack("<qQqQqQ", 5, 0x200, 14, 1, 0, 0)
    header = (
        b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56, 2, 0, 0, 0)
    )
    loaded = struct.pack("<IIQQQQQQ", 1, 5, 0, 0, 0, 0x1000, 0x1000, 0x1000)
    where = struct.pack("<IIQQQQQQ", 2, 6, 0x100, 0x100, 0x100, len(dynamic), len(dynamic), 8)
    body = (header + loaded + where).ljust(0x100, b"\0") + dynamic
    return (body.ljust(0x200, b"\0") + strings).ljust(0x400, b"\0") + text.encode()
