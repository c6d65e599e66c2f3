"""Makes containers of every kind out of files that a test names; nothing is kept as a blob."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import json
import lzma
import struct
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

Files = Mapping[str, bytes]


def folder(path: Path, files: Files) -> Path:
    for name, content in files.items():
        place = path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    path.mkdir(exist_ok=True)
    return path


def zipped(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tarred(files: Files, form: int = tarfile.PAX_FORMAT) -> bytes:
    return tar_of([(member(name, len(content)), content) for name, content in files.items()], form)


def member(name: str, size: int = 0, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = size, kind, link
    return info


def tar_of(members: list[tuple[tarfile.TarInfo, bytes]], form: int = tarfile.PAX_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for info, content in members:
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def asar(files: Files, extra: Mapping[str, dict[str, object]] | None = None) -> bytes:
    top: dict[str, object] = {"files": {}}
    data = b""
    entries: dict[str, dict[str, object]] = {}
    for name, content in files.items():
        entries[name] = {"size": len(content), "offset": str(len(data)), "integrity": {"blocks": ["0" * 64]}}
        data += content
    for name, entry in {**entries, **(extra or {})}.items():
        node = top
        *parents, last = name.split("/")
        for part in parents:
            node = node["files"].setdefault(part, {"files": {}})  # type: ignore[index,union-attr,attr-defined]
        node["files"][last] = entry  # type: ignore[index]
    return asar_of(json.dumps(top).encode()) + data


def asar_of(header: bytes) -> bytes:
    padded = header + b"\0" * (-len(header) % 4)
    return struct.pack("<4L", 4, len(padded) + 8, len(padded) + 4, len(header)) + padded


def deb(files: Files) -> bytes:
    parts = {"debian-binary": b"2.0\n", "control.tar.gz": gzip.compress(tarred({"control": b"x"})),
             "data.tar.xz": lzma.compress(tarred(files))}  # fmt: skip
    out = b"!<arch>\n"
    for name, content in parts.items():
        out += f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(content):<10}`\n".encode() + content
        out += b"\n" * (len(content) % 2)
    return out


def docker(layers: list[bytes], tags: list[str] | None = None) -> bytes:
    files = {f"layer{number}/layer.tar": layer for number, layer in enumerate(layers)}
    manifest = [{"Config": "c.json", "RepoTags": tags, "Layers": list(files)}]
    return tarred({**files, "c.json": b"{}", "manifest.json": json.dumps(manifest).encode()})


def oci(layers: list[bytes]) -> dict[str, bytes]:
    files: dict[str, bytes] = {"oci-layout": b'{"imageLayoutVersion": "1.0.0"}'}

    def blob(content: bytes) -> dict[str, object]:
        digest = hashlib.sha256(content).hexdigest()
        files[f"blobs/sha256/{digest}"] = content
        return {"digest": f"sha256:{digest}", "size": len(content)}

    manifest = blob(json.dumps({"schemaVersion": 2, "layers": [blob(layer) for layer in layers]}).encode())
    files["index.json"] = json.dumps({"schemaVersion": 2, "manifests": [manifest]}).encode()
    return files


CONTAINERS: dict[str, tuple[str, Callable[[Files], bytes], str]] = {
    "x.zip": ("zip", zipped, ""),
    "x.whl": ("wheel", lambda files: zipped(files, zipfile.ZIP_STORED), ""),
    "x.apk": ("apk", lambda files: zipped(files, zipfile.ZIP_BZIP2), ""),
    "x.vsix": ("vsix", lambda files: b"prefix" * 9 + zipped(files), ""),
    "x.tar": ("tar", tarred, ""),
    "g.tar": ("tar", lambda files: tarred(files, tarfile.GNU_FORMAT), ""),
    "x.tgz": ("tar", lambda files: gzip.compress(tarred(files)), ""),
    "x.tar.bz2": ("tar", lambda files: bz2.compress(tarred(files)), ""),
    "x.tar.xz": ("tar", lambda files: lzma.compress(tarred(files)), ""),
    "x.asar": ("asar", asar, ""),
    "x.deb": ("deb", deb, "data.tar.xz!/"),
    "image.tar": ("docker", lambda files: docker([tarred(files)]), ""),
    "oci.tar": ("oci", lambda files: tarred(oci([gzip.compress(tarred(files))])), ""),
    "twice.zip": ("zip", lambda files: zipped({"a/in.tar.gz": gzip.compress(tarred(files))}), "a/in.tar.gz!/"),
}
"""File name, kind, maker, and where the files are then found."""
