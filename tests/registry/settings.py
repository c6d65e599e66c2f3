"""The users, components and archives of the registry's tests."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Mapping

from requests import PreparedRequest

from licscan.clients import NpmConfig, PipConfig
from licscan.model import Component, Location, Source, SourceKind
from licscan.packages import purls
from tests.registry.wire import Answer

NPM = "https://registry.npm.example/"
INDEX = "https://pypi.example/simple/"
FILES = "https://files.pypi.example/"


class Settings:
    """A user with one registry of each ecosystem."""

    npm = NpmConfig(NPM, configured=True)
    pip = PipConfig((INDEX,), configured=True)


def npm(
    name: str, hashes: tuple[str, ...] = (), url: str | None = None, kind: SourceKind = SourceKind.REGISTRY
) -> Component:
    return Component(purls.npm(name, "1.0.0"), name, "1.0.0", "npm", source=Source(kind, url), hashes=hashes)


def pypi(name: str, hashes: tuple[str, ...] = (), version: str = "1.0") -> Component:
    source = Source(SourceKind.REGISTRY)
    return Component(purls.pypi(name, version), name, version, "pypi", source=source, hashes=hashes)


def berry(name: str, hashes: tuple[str, ...]) -> Component:
    found = (Location("yarn.lock", 3),)
    return Component(purls.npm(name, "1.0.0"), name, "1.0.0", "npm", hashes=hashes, found_in=found)


def digest(content: bytes, algorithm: str = "sha512") -> str:
    return f"{algorithm}:{hashlib.new(algorithm, content).hexdigest()}"


def tarball(files: Mapping[str, bytes], top: str = "package/") -> bytes:
    target = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=target, mode="wb", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name, content in files.items():
            member = tarfile.TarInfo(top + name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return target.getvalue()


def package(name: str = "a", **files: bytes) -> bytes:
    manifest = json.dumps({"name": name, "version": "1.0.0", "license": "MIT"}).encode()
    return tarball({"package.json": manifest, "LICENSE": b"The text.\n", **files})


def wheel(filler: int = 400_000, metadata_first: bool = False) -> bytes:
    """A wheel whose parts lie far from each other."""
    target = io.BytesIO()
    parts = [("x-1.0.dist-info/METADATA", b"Name: x\n"), ("x-1.0.dist-info/licenses/LICENSE", b"The text.\n")]
    code = [("x/data.bin", bytes(index * 7 % 251 for index in range(filler)))]
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in [*parts, *code] if metadata_first else [*code, *parts]:
            archive.writestr(zipfile.ZipInfo(name), content)
    return target.getvalue()


def version_document(name: str, archive: bytes | None = None, **more: object) -> Answer:
    dist: dict[str, object] = {"tarball": tarball_url(name)}
    if archive is not None:
        import base64

        dist["integrity"] = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
    data = {"name": name, "version": "1.0.0", "license": "MIT", "dist": dist, **more}
    return 200, {"Content-Type": "application/json"}, json.dumps(data).encode()


def tarball_url(name: str) -> str:
    return f"{NPM}{name}/-/{name.rpartition('/')[2]}-1.0.0.tgz"


def page(*files: dict[str, object]) -> Answer:
    data = {"meta": {"api-version": "1.1"}, "name": "x", "files": [{"hashes": {}, **file} for file in files]}
    return 200, {"Content-Type": "application/vnd.pypi.simple.v1+json"}, json.dumps(data).encode()


def listed(name: str, content: bytes, **more: object) -> dict[str, object]:
    """One file as an index lists it."""
    sha256 = hashlib.sha256(content).hexdigest()
    return {"filename": name, "url": f"{FILES}{name}", "hashes": {"sha256": sha256}, "size": len(content), **more}


def in_ranges(content: bytes, etag: str = '"1"') -> Answer:
    def answer(request: PreparedRequest) -> tuple[int, dict[str, str], bytes]:
        asked = str(request.headers.get("Range", ""))
        if not asked:
            return 200, {"Content-Length": str(len(content))}, content
        first, _, last = asked.removeprefix("bytes=").partition("-")
        start = int(first) if first else max(0, len(content) - int(last))
        end = min(int(last), len(content) - 1) if first and last else len(content) - 1
        headers = {"Content-Range": f"bytes {start}-{end}/{len(content)}", "ETag": etag}
        return 206, headers | {"Content-Length": str(end - start + 1)}, content[start : end + 1]

    return answer
