"""A local registry of made packages: npm's documents and the simple API, one prefix a universe."""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import io
import json
import tarfile
import threading
import zipfile
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

LONG_AGO = "2001-01-01T00:00:00.000Z"
"""The date of every version: clients wait with new ones."""


class Registry:
    """Serves what is put into it on a port of this machine."""

    def __init__(self) -> None:
        self.served: dict[str, tuple[str, bytes]] = {}
        registry = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                known = registry.served.get(unquote(urlsplit(self.path).path))
                kind, body = known or ("text/plain", b"not found")
                self.send_response(200 if known else 404)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    # clients end what they do not want
                    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                        self.wfile.write(body)

            do_HEAD = do_GET  # noqa: N815 - the name is http.server's

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self.do_GET()

            def log_message(self, format: str, *args: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def add_npm(self, prefix: str, packages: Mapping[str, Mapping[str, tuple[dict[str, Any], bytes]]]) -> str:
        """Packages by name and version as manifest and archive; the address of the registry."""
        for name, versions in packages.items():
            base = name.rpartition("/")[2]
            listed = {}
            for version, (manifest, archive) in versions.items():
                path = f"/{prefix}/{name}/-/{base}-{version}.tgz"
                self.served[path] = ("application/octet-stream", archive)
                listed[version] = {**manifest, "dist": {"tarball": self.url + path, **_digests(archive)}}
            times = dict.fromkeys(("created", "modified", *versions), LONG_AGO)
            document = {"name": name, "dist-tags": {"latest": max(versions)}, "versions": listed, "time": times}
            self.served[f"/{prefix}/{name}"] = ("application/json", json.dumps(document).encode())
        return f"{self.url}/{prefix}/"

    def add_simple(self, prefix: str, wheels: Mapping[str, Mapping[str, bytes]]) -> str:
        """Wheels by project and file name; the address of the index."""
        for name, files in wheels.items():
            rows = []
            for file, content in files.items():
                self.served[f"/{prefix}/files/{file}"] = ("application/octet-stream", content)
                digest = hashlib.sha256(content).hexdigest()
                row = {"filename": file, "url": f"{self.url}/{prefix}/files/{file}", "hashes": {"sha256": digest}}
                rows.append({**row, "upload-time": LONG_AGO, "size": len(content)})
            versions = sorted({file.split("-")[1] for file in files})
            page = {"meta": {"api-version": "1.1"}, "name": name, "versions": versions, "files": rows}
            kind = "application/vnd.pypi.simple.v1+json"
            self.served[f"/{prefix}/{name}/"] = self.served[f"/{prefix}/{name}"] = (kind, json.dumps(page).encode())
        return f"{self.url}/{prefix}/"


def _digests(archive: bytes) -> dict[str, str]:
    sha512 = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    return {"shasum": hashlib.sha1(archive).hexdigest(), "integrity": f"sha512-{sha512}"}


def archive_of(files: Mapping[str, str]) -> bytes:
    """An npm archive: everything below `package/`, the same bytes each time."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        for path, text in files.items():
            data = text.encode()
            entry = tarfile.TarInfo(f"package/{path}")
            entry.size, entry.mode = len(data), 0o644
            tar.addfile(entry, io.BytesIO(data))
    return gzip.compress(made.getvalue(), mtime=0)


def wheel_of(name: str, version: str, requires: list[str], extras: list[str]) -> tuple[str, bytes]:
    """A wheel without code: its file name and bytes."""
    stem = f"{name.replace('-', '_')}-{version}"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Provides-Extra: {extra}" for extra in extras] + [f"Requires-Dist: {text}" for text in requires]
    files = {
        f"{name.replace('-', '_')}.py": "",
        f"{stem}.dist-info/METADATA": "\n".join(lines) + "\n",
        f"{stem}.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: made\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{stem}.dist-info/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{stem}.dist-info/RECORD"])
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as wheel:
        for path, text in files.items():
            wheel.writestr(zipfile.ZipInfo(path), text)
    return f"{stem}-py3-none-any.whl", made.getvalue()
