"""A delivery of a small product, made as a user makes it, and ways to spoil one."""

from __future__ import annotations

import hashlib
import io
import json
import random
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from licscan.compose.deliver import Order, deliver
from licscan.delivery.envelope import Envelope, read_envelope, write_envelope
from licscan.delivery.making import envelope_of
from licscan.delivery.opening import ENVELOPE
from licscan.delivery.packing import packed
from licscan.delivery.signature import sign, signing_key
from licscan.delivery.statement import read_statement
from licscan.sbom.from_scan import SbomOptions
from tests.verify.making import project, scanned, usual

CREATED = "2026-05-04T03:02:01Z"
DATE = (2026, 5, 4, 0, 0, 0)


def key_pair(folder: Path, seed: int) -> tuple[Path, Path]:
    """A private key that is always the same, and its public one, as files."""
    key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"key {seed}".encode()).digest())
    private, public = folder / f"{seed}.pem", folder / f"{seed}.pub"
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return private, public


def zip_of(target: Path, files: Mapping[str, str | bytes]) -> Path:
    """A zip of files, always the same."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, DATE), files[name])
    return target


@dataclass(frozen=True)
class Case:
    """A delivery with all that its buyer has."""

    folder: Path
    archive: Path
    artifact: Path
    private: Path
    public: Path
    stranger: Path
    """The private key of somebody else."""

    def copy(self, place: Path) -> Case:
        """The same elsewhere, to be spoiled."""
        shutil.copytree(self.folder, place / self.folder.name)
        for path in (self.archive, self.artifact):
            shutil.copyfile(path, place / path.name)
        return Case(
            place / self.folder.name, place / self.archive.name, place / self.artifact.name, self.private, self.public,
            self.stranger,
        )  # fmt: skip


def order_of(artifact: Path, output: Path, private: Path | None, **more: Any) -> Order:
    """What a supplier asks for."""
    signer = partial(sign, key=signing_key(private)) if private else None
    formats = ("cyclonedx-1.7", "spdx-2.3")
    return Order((artifact,), output, formats, SbomOptions(CREATED, "server"), signer, "legal@acme.example", **more)


def made(place: Path) -> Case:
    """The product, its artifact, its delivery."""
    root = place / "project"
    root.mkdir()
    packages = usual(9)
    project(root, packages)
    (root / "licscan.toml").write_text('[[surface]]\nname = "server"\ndeployment = "on-premise"\n')
    files: dict[str, str | bytes] = {"server.js": "require('pack-1')\n"}
    files |= {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in (root / "node_modules").rglob("*")
        if path.is_file()
    }
    artifact = zip_of(place / "messenger-1.0.0.zip", files)
    private, public = key_pair(place, 1)
    stranger, _public = key_pair(place, 2)
    told = deliver(order_of(artifact, place / "annex", private), scanned(root), root, None)
    assert told.points == ()
    return Case(told.folder, told.archive, artifact, private, public, stranger)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def envelope(case: Case) -> Envelope:
    return read_envelope((case.folder / ENVELOPE).read_bytes())


def put_envelope(case: Case, told: Envelope) -> None:
    (case.folder / ENVELOPE).write_bytes(write_envelope(told))


def resign(case: Case, private: Path) -> None:
    """Sign what is in the folder now as the delivery."""
    subjects = read_statement(envelope(case).payload).subjects
    files = {path: data for path, data in files_of(case.folder).items() if path != ENVELOPE}
    (case.folder / ENVELOPE).write_bytes(envelope_of(files, subjects, partial(sign, key=signing_key(private))))


def repack(case: Case) -> None:
    """Write the archive of the folder anew."""
    case.archive.write_bytes(
        packed((f"{case.folder.name}/{path}", data) for path, data in files_of(case.folder).items())
    )


def members(archive: Path) -> list[tuple[tarfile.TarInfo, bytes]]:
    """The members of an archive in their order."""
    with tarfile.open(archive) as tar:
        return [(info, tar.extractfile(info).read()) for info in tar if info.isfile()]  # type: ignore[union-attr]


def write_tar(archive: Path, entries: list[tuple[tarfile.TarInfo, bytes]]) -> None:
    with tarfile.open(archive, "w:gz", format=tarfile.USTAR_FORMAT) as tar:
        for info, data in entries:
            tar.addfile(info, io.BytesIO(data) if info.isfile() else None)


def change_json(path: Path, change: Callable[[Any], None]) -> None:
    """Change a JSON document in a file."""
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")


def change_statement(case: Case, change: Callable[[Any], None]) -> None:
    """Change what the statement says, and leave the signature."""
    told = envelope(case)
    document = json.loads(told.payload)
    change(document)
    payload = json.dumps(document, separators=(",", ":")).encode()
    put_envelope(case, Envelope(payload, told.payload_type, told.signatures))


def flipped(data: bytes, rng: random.Random) -> bytes:
    """The bytes with one changed."""
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :]
