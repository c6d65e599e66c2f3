"""Verifies signatures with the `openssl` of the machine, for the tool that has Python's standard library alone.

Pure Python could verify Ed25519, but home-made cryptography is worth less than an honest "not verified".
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from licscan.base.clock import stamp
from licscan.base.messages import _
from licscan.base.programs import find_program
from licscan.delivery.envelope import NotHereError

SECONDS = 30
_DIGESTS = {"256": "-sha256", "384": "-sha384", "521": "-sha512"}


def fits(pem: bytes, signature: bytes, signed: bytes) -> bool:
    """Whether a signature over bytes is one of the public key; NotHereError where this machine cannot tell."""
    with _Desk() as desk:
        key, told, proof = desk.put("key.pem", pem), desk.put("signed", signed), desk.put("signature", signature)
        kind = desk.run("pkey", "-pubin", "-in", key, "-noout", "-text")
        if "ED25519" in kind.upper():
            if len(signature) != 64:
                return False
            said = desk.run("pkeyutl", "-verify", "-pubin", "-inkey", key, "-rawin", "-in", told, "-sigfile", proof)
        elif "RSA" in kind.upper() or "Modulus:" in kind:
            options = ("-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:auto")
            said = desk.run("dgst", "-sha256", *options, "-verify", key, "-signature", proof, told)
        elif (curve := re.search(r"P-(256|384|521)", kind)) is not None:
            said = desk.run("dgst", _DIGESTS[curve[1]], "-verify", key, "-signature", proof, told)
        else:
            raise NotHereError(_("the key is of an unknown kind"))
    lower = said.lower()
    if "verified ok" in lower or "signature verified successfully" in lower:
        return True
    # what is no signature at all ends in an error, not in a failure
    if "verification failure" in lower or "error verifying data" in lower:
        return False
    raise NotHereError(_("the openssl on this machine cannot verify it"))


def certificate(pem: bytes) -> tuple[bytes, str, str, str]:
    """The public key of a certificate, its holder and its days; ValueError for a damaged one, NotHereError."""
    with _Desk() as desk:
        path = desk.put("certificate.pem", pem)
        key = desk.run("x509", "-in", path, "-noout", "-pubkey")
        told = desk.run("x509", "-in", path, "-noout", "-subject", "-dates", "-nameopt", "RFC2253")
    facts = dict(line.split("=", 1) for line in told.splitlines() if "=" in line)
    if "PUBLIC KEY" not in key or "notAfter" not in facts:
        raise ValueError
    return key.encode(), facts.get("subject", "").strip() or "-", _day(facts["notBefore"]), _day(facts["notAfter"])


def _day(text: str) -> str:
    """`Jan  5 12:00:00 2027 GMT` as ISO 8601, whatever the locale."""
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    month, day, hour, year = text.split()[:4]
    hours, minutes, seconds = (int(part) for part in hour.split(":"))
    return stamp(datetime(int(year), months.index(month) + 1, int(day), hours, minutes, seconds, tzinfo=UTC))


class _Desk:
    """A private folder for what openssl reads, gone afterwards."""

    def __enter__(self) -> _Desk:
        found = find_program("openssl")
        if found is None:
            raise NotHereError(_("there is neither licscan[delivery] nor openssl on this machine"))
        self._program = found
        self._folder = tempfile.TemporaryDirectory(prefix="licscan-")
        return self

    def __exit__(self, *_error: object) -> None:
        self._folder.cleanup()

    def put(self, name: str, data: bytes) -> str:
        """A file with these bytes; its path."""
        path = Path(self._folder.name) / name
        path.write_bytes(data)
        return str(path)

    def run(self, *arguments: str) -> str:
        """All that openssl says."""
        try:
            done = subprocess.run(
                [self._program, *arguments], capture_output=True, timeout=SECONDS, check=False, stdin=subprocess.DEVNULL
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise NotHereError(_("the openssl on this machine cannot verify it")) from error
        return (done.stdout + b"\n" + done.stderr).decode("utf-8", "replace")
