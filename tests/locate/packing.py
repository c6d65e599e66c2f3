"""One package, written as every holder of packages has it: installed, in a client's cache, in a client's store."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.inside.trees import SITE, elf

NAME, VERSION = "holder", "1.0.0"
Files = Mapping[str, bytes]


def bytes_of(files: Mapping[str, str]) -> dict[str, bytes]:
    """The files of a case; `elf:NAME` becomes a shared library, as in tests/inside/trees.py."""
    return {
        path: elf(*text[4:].split("\n", 1)) if text[:4] == "elf:" else text.encode() for path, text in files.items()
    }


def write(folder: Path, files: Files) -> None:
    for path, data in files.items():
        full = folder / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_bytes(data)


def tarball(files: Files) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for path, data in files.items():
            info = tarfile.TarInfo(f"package/{path}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def npm_installed(root: Path, _home: Path, files: Files) -> None:
    yarn_lock(root, tarball(files))
    write(root / "node_modules" / NAME, files)


def npm_cache(root: Path, home: Path, files: Files) -> None:
    data = tarball(files)
    yarn_lock(root, data)
    digest = hashlib.sha512(data).hexdigest()
    write(home / ".npm/_cacache/content-v2/sha512" / digest[:2] / digest[2:4], {digest[4:]: data})


def yarn_cache(root: Path, _home: Path, files: Files) -> None:
    yarn_lock(root, tarball(files))
    folder = root / ".yarn/cache"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / f"{NAME}-npm-{VERSION}-0123456789-10c0.zip", "w") as archive:
        for path, data in files.items():
            archive.writestr(f"node_modules/{NAME}/{path}", data)


def pnpm_store(root: Path, home: Path, files: Files) -> None:
    data = tarball(files)
    yarn_lock(root, data)
    store = home / ".pnpm-store/v3"
    table = {}
    for path, content in files.items():
        digest = hashlib.sha512(content)
        write(store / "files" / digest.hexdigest()[:2], {digest.hexdigest()[2:]: content})
        integrity = f"sha512-{base64.b64encode(digest.digest()).decode()}"
        table[path] = {"integrity": integrity, "size": len(content)}
    name = hashlib.sha512(data).hexdigest()
    write(store / "files" / name[:2], {f"{name[2:]}-index.json": json.dumps({"files": table}).encode()})


def yarn_lock(root: Path, data: bytes) -> None:
    """A project that needs the package, locked by a client that knows nothing of what the package bundles."""
    integrity = base64.b64encode(hashlib.sha512(data).digest()).decode()
    manifest = {"name": "app", "version": "1.0.0", "license": "MIT", "dependencies": {NAME: VERSION}}
    lock = (
        "# yarn lockfile v1\n\n\n"
        f'{NAME}@{VERSION}:\n  version "{VERSION}"\n'
        f'  resolved "https://registry.npm.example/{NAME}/-/{NAME}-{VERSION}.tgz"\n  integrity sha512-{integrity}\n'
    )
    write(root, {"package.json": json.dumps(manifest).encode(), "yarn.lock": lock.encode()})


def with_record(files: Files) -> dict[str, bytes]:
    """The files of a wheel with the RECORD of its metadata folder."""
    metadata = f"{NAME}-{VERSION}.dist-info"
    rows = []
    for path, data in sorted(files.items()):
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        rows.append(f"{path},sha256={digest},{len(data)}")
    rows.append(f"{metadata}/RECORD,,")
    return {**files, f"{metadata}/RECORD": ("\n".join(rows) + "\n").encode()}


def python_lock(root: Path) -> None:
    write(root, {"requirements.txt": f"{NAME}=={VERSION}\n".encode()})


def python_installed(root: Path, _home: Path, files: Files) -> None:
    python_lock(root)
    write(root / ".venv", {"pyvenv.cfg": b""})
    # an installer puts what stands in `.data/platlib` beside the rest
    moved = {path.removeprefix(f"{NAME}-{VERSION}.data/platlib/"): data for path, data in files.items()}
    write(root / SITE, with_record(moved))


def uv_cache(root: Path, home: Path, files: Files) -> None:
    python_lock(root)
    write(home / ".cache/uv/archive-v0/abcdef", with_record(files))


HOLDERS: dict[str, dict[str, Callable[[Path, Path, Files], None]]] = {
    "npm": {
        "installed": npm_installed,
        "npm-cache": npm_cache,
        "yarn-cache": yarn_cache,
        "pnpm-store": pnpm_store,
    },
    "pypi": {"installed": python_installed, "uv-cache": uv_cache},
}
"""Who holds packages, by ecosystem; the first is what the others are held against."""
