#!/usr/bin/env python3
"""An npm registry on this machine, of made packages, and a lock of them: for measuring without anybody's network.

    scripts/local_registry.py SIZE FOLDER  write a project of so many packages to FOLDER, serve them

Package number N needs the next one and up to four others; each has a manifest, a license text with a holder of its own,
a readme and twenty source files. The same bytes every time. The registry answers at an address of this machine that it
prints, until it is ended, as `scripts/bench fetch made` does when it is done.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import io
import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from synthetic_locks import Packages

LICENSES = ("MIT", "ISC", "Apache-2.0", "BSD-3-Clause", "GPL-2.0-only", "MPL-2.0")
SOURCES = 20


def archive(packages: Packages, number: int) -> bytes:
    """The tarball of one package."""
    license_ = LICENSES[number % len(LICENSES)]
    holder = f"Copyright (c) {1990 + number % 30} Maker {number}"
    files = {
        "package.json": json.dumps(document(packages, number)),
        "LICENSE": f"{holder}\n\nSPDX-License-Identifier: {license_}\n",
        "README.md": f"# {packages.name(number)}\n\nA made package.\n\n## License\n\n{license_}\n",
    }
    for source in range(SOURCES):
        said = f"// {holder}\n" if not source else ""
        files[f"lib/part-{source}.js"] = f"{said}exports.part = {source};\n" + "exports.more = 1;\n" * (source * 5)
    unpacked = io.BytesIO()
    with tarfile.open(fileobj=unpacked, mode="w") as packed:
        for name, text in files.items():
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(data := text.encode())
            packed.addfile(info, io.BytesIO(data))
    return gzip.compress(unpacked.getvalue(), 6, mtime=0)


def document(packages: Packages, number: int) -> dict[str, object]:
    """What the registry says of one package beside its archive."""
    name = packages.name(number)
    return {
        "name": name,
        "version": packages.version(number),
        "description": f"The made package number {number}.",
        "license": LICENSES[number % len(LICENSES)],
        "author": {"name": f"Maker {number}", "email": f"maker{number}@makers.example"},
        "homepage": f"https://{name}.example/",
        "repository": {"type": "git", "url": f"git+https://forge.example/makers/{name}.git"},
        "bugs": {"url": f"https://forge.example/makers/{name}/issues"},
    }


def lock(packages: Packages, url: str, archives: list[bytes]) -> dict[str, object]:
    """The package-lock of a project that needs them all."""
    entries: dict[str, object] = {"": {"name": "made", "version": "1.0.0", "dependencies": {"package-0": "1.0.0"}}}
    for number, (name, version, below) in enumerate(packages.every()):
        digest = base64.b64encode(hashlib.sha512(archives[number]).digest()).decode()
        entries[f"node_modules/{name}"] = {
            "version": version,
            "resolved": f"{url}{name}/-/{name}-{version}.tgz",
            "integrity": f"sha512-{digest}",
            "dependencies": dict.fromkeys(below, "1.0.0"),
        }
    return {"name": "made", "version": "1.0.0", "lockfileVersion": 3, "packages": entries}


class Server(ThreadingHTTPServer):
    """Answers from memory."""

    request_queue_size = 128
    daemon_threads = True
    answers: dict[str, bytes]


class Handler(BaseHTTPRequestHandler):
    """Keep-alive, and no more than a registry's two kinds of answers."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024
    server: Server

    def do_GET(self) -> None:
        content = self.server.answers.get(self.path)
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, *_words: object) -> None:
        """Nothing is said of a request."""


def serve(size: int, folder: Path) -> None:
    packages = Packages(size)
    server = Server(("127.0.0.1", 0), Handler)
    url = f"http://127.0.0.1:{server.server_address[1]}/"
    archives = [archive(packages, number) for number in range(size)]
    server.answers = {}
    for number, content in enumerate(archives):
        name, version = packages.name(number), packages.version(number)
        tarball = f"{name}/-/{name}-{version}.tgz"
        digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
        about = document(packages, number) | {"dist": {"tarball": f"{url}{tarball}", "shasum": digest}}
        server.answers[f"/{tarball}"] = content
        server.answers[f"/{name}/{version}"] = json.dumps(about).encode()
    folder.mkdir(parents=True, exist_ok=True)
    table = lock(packages, url, archives)
    (folder / "package.json").write_text(json.dumps(table["packages"][""]))  # type: ignore[index]
    (folder / "package-lock.json").write_text(json.dumps(table))
    print(url, flush=True)
    server.serve_forever()


@contextmanager
def serving(size: int, folder: Path) -> Iterator[str]:
    """The registry in a process of its own, and the project in a folder; gives the registry's address."""
    command = [sys.executable, __file__, str(size), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("size", type=int)
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    serve(args.size, args.folder)


if __name__ == "__main__":
    main()
