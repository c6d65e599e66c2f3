"""Which container a file is, by its first and last bytes; names only decide which files inside are looked at."""

from __future__ import annotations

from licscan.artifact import ars, asar, tars, zips
from licscan.artifact.content import Window

START = 1024

_STREAMS = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\0": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
_CLOSED = {
    b"\xed\xab\xee\xdb": "RPM",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!": "RAR",
    b"MSCF": "CAB",
    b"\xd0\xcf\x11\xe0": "MSI",
    b"hsqs": "squashfs",
    b"xar!": "pkg",
    b"MZ": "EXE",
    b"\x7fELF": "ELF",
}
"""What licscan does not open, by its first bytes."""

_ZIPS = ".aab .aar .apk .apks .crx .ear .egg .ipa .jar .nupkg .vsix .war .xapk .xpi"
_TARS = ".crate .gem .tar .tar.bz2 .tar.gz .tar.xz .tar.zst .tbz2 .tgz .txz .tzst"
ARCHIVES = (".asar", ".conda", ".deb", ".whl", ".zip", *_ZIPS.split(), *_TARS.split())
"""Names of the files inside an artifact that are entered."""
CLOSED_NAMES = (".7z", ".appimage", ".cab", ".dmg", ".msi", ".pkg", ".rar", ".rpm", ".snap")
"""Names of archives and installers inside an artifact that are said to be not opened."""

_ZIP_KINDS = {".whl": "wheel", **{suffix: suffix[1:] for suffix in _ZIPS.split()}}


def sniff(window: Window) -> tuple[str, str]:
    """The format (`zip`, `tar`, `asar`, `ar`, a compression) or "", and what it is called where it is not opened."""
    start = window.at(0, START)
    for magic, method in _STREAMS.items():
        if start.startswith(magic):
            return method, ""
    if start.startswith(b"PK\3\4"):
        return "zip", ""
    if start.startswith(ars.MAGIC):
        return "ar", ""
    if asar.is_asar(start):
        return "asar", ""
    if start[8:10] == b"AI" and start.startswith(b"\x7fELF"):
        return "", "AppImage"
    if tars.is_tar(start):
        return "tar", ""
    if zips.is_zip(window):
        return "zip", ""
    if window.at(window.size - 512, 4) == b"koly":
        return "", "DMG"
    return "", next((name for magic, name in _CLOSED.items() if start.startswith(magic)), "")


def kind_of(format_name: str, name: str) -> str:
    """What a container is called, by its format and its name."""
    if format_name == "zip":
        return _ZIP_KINDS.get("." + name.lower().rpartition(".")[2], "zip")
    return {"ar": "deb"}.get(format_name, format_name)
