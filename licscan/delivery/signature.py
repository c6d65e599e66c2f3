"""Signatures of a delivery: made and verified by securesystemslib, or verified by `openssl` where Python is alone.

A DSSE envelope signed with Ed25519, ECDSA (P-256, P-384, P-521, each with its SHA-2) or RSA (PSS, SHA-256), which are
securesystemslib's schemes. No key is believed that comes with the delivery.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from licscan.base.clock import stamp
from licscan.base.errors import InputError
from licscan.base.files import read_file
from licscan.base.messages import _
from licscan.delivery.envelope import Envelope, NotHereError, Signature
from licscan.delivery.records import Check, said

if TYPE_CHECKING:
    from securesystemslib.signer import CryptoSigner, SSlibKey

MAX_KEY = 1024 * 1024
PASSWORD = "LICSCAN_KEY_PASSWORD"  # noqa: S105 - the name of a variable
_PEM = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\s]+)-----END \1-----")
_INSTALL = "pip install 'licscan[delivery]'"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key as PEM; of a certificate its holder and days too, as ISO 8601 in UTC."""

    pem: bytes
    subject: str = ""
    start: str = ""
    end: str = ""

    @property
    def name(self) -> str:
        """How people compare it: SHA-256 of its SubjectPublicKeyInfo."""
        return f"sha256:{hashlib.sha256(_der(self.pem)).hexdigest()}"


def pem_of(path: Path) -> tuple[str, bytes]:
    """What a file of a key holds: the label of its first PEM block, and the block. InputError for anything else."""
    data = read_file(path, MAX_KEY)
    found = _PEM.search(data)
    if found is None:
        raise InputError(_("is not a key or certificate in PEM"), path=str(path))
    return found[1].decode(), found[0] + b"\n"


def public_key(path: Path) -> PublicKey:
    """The public key in a file, or that of the certificate in it; InputError for a private one, and for others.

    NotHereError where it is a certificate, and neither the extra `delivery` nor openssl is there to read it.
    """
    label, pem = pem_of(path)
    if "PRIVATE" in label:
        raise InputError(
            _("is a private key"), path=str(path), remedy=_("give the public key or the certificate; keep this one")
        )
    if label not in ("PUBLIC KEY", "CERTIFICATE"):
        raise InputError(_("is {label}, neither a public key nor a certificate").format(label=label), path=str(path))
    try:
        if label == "PUBLIC KEY":
            if not _der(pem):
                raise ValueError
            return PublicKey(pem)
        return _of_certificate(pem)
    except ValueError as error:
        raise InputError(_("is a key or certificate that cannot be read"), path=str(path)) from error


def verified(envelope: Envelope, path: Path | None, digest: str) -> list[Check]:
    """What is to be said of the signatures of an envelope, with the key that the user has of the supplier."""
    if not envelope.signatures:
        return [said("signature-missing", digest=f"sha256:{digest}")]
    if path is None:
        return [said("signature-no-key")]
    try:
        key = public_key(path)
        if not any(_fits(envelope, one, key) for one in envelope.signatures):
            return [said("signature-invalid", key=key.name)]
    except NotHereError as error:
        return [said("signature-not-verified", reason=str(error))]
    return [said("signature-ok", key=key.name), *_about(key)]


def _about(key: PublicKey) -> list[Check]:
    if not key.subject:
        return []
    today = stamp(datetime.now(UTC))
    told = [said("certificate-chain", subject=key.subject)]
    if not key.start <= today <= key.end:
        told.append(said("certificate-dates", start=key.start[:10], end=key.end[:10]))
    return told


def _fits(envelope: Envelope, signature: Signature, key: PublicKey) -> bool:
    """Whether a signature is one of the key; what it says of its key is a hint, and not asked."""
    library = _library()
    if library is None:
        from licscan.delivery.openssl import fits

        return fits(key.pem, signature.value, envelope.signed)
    from securesystemslib.exceptions import UnverifiedSignatureError, VerificationError
    from securesystemslib.signer import Signature as Theirs

    try:
        name = signature.keyid or "-"  # the library compares the names of keys, which DSSE makes optional
        _key(key.pem, name).verify_signature(Theirs(name, signature.value.hex()), envelope.signed)
    except UnverifiedSignatureError:
        return False
    except VerificationError as error:
        raise NotHereError(_("it is of an unknown kind")) from error
    return True


def _key(pem: bytes, keyid: str) -> SSlibKey:
    """securesystemslib's key; NotHereError for a kind that it does not know."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key
    from securesystemslib.signer import SSlibKey

    try:
        return SSlibKey.from_crypto(load_pem_public_key(pem), keyid)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise NotHereError(_("the key is of an unknown kind")) from error


def _library() -> Any:
    """securesystemslib with cryptography; None without either."""
    try:
        import cryptography
        import securesystemslib
    except ImportError:
        return None
    return securesystemslib, cryptography


def _of_certificate(pem: bytes) -> PublicKey:
    if _library() is None:
        from licscan.delivery.openssl import certificate

        return PublicKey(*certificate(pem))
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    found = x509.load_pem_x509_certificate(pem)
    return PublicKey(
        found.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        found.subject.rfc4514_string() or "-",
        stamp(found.not_valid_before_utc),
        stamp(found.not_valid_after_utc),
    )


def _der(pem: bytes) -> bytes:
    found = _PEM.search(pem)
    return base64.b64decode(b"".join(found[2].split()), validate=True) if found else b""


def signing_key(path: Path) -> CryptoSigner:
    """The private key in a file (PEM). InputError without the extra, and for a file that holds no private key that
    securesystemslib signs with."""
    if _library() is None:
        raise InputError(_("signing needs the extra `delivery`"), path=str(path), remedy=_INSTALL)
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from securesystemslib.signer import CryptoSigner

    label, pem = pem_of(path)
    if "PRIVATE" not in label:
        raise InputError(_("is {label}, not a private key").format(label=label), path=str(path))
    word = os.environ.get(PASSWORD)
    try:
        return CryptoSigner(load_pem_private_key(pem, word.encode() if word else None))
    except TypeError as error:
        raise InputError(
            _("is encrypted, or is not encrypted although a password is set"), path=str(path), remedy=f"{PASSWORD}=..."
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InputError(
            _(
                "is not a private key that can sign (Ed25519, ECDSA P-256, P-384, P-521 and RSA can), or the password "
                "is wrong"
            ),
            path=str(path),
        ) from error


def sign(envelope: Envelope, key: CryptoSigner) -> Envelope:
    """The envelope with a signature of a key."""
    from securesystemslib.dsse import Envelope as Theirs

    made = Theirs(envelope.payload, envelope.payload_type, {}).sign(key)
    signature = Signature(made.keyid, bytes.fromhex(made.signature))
    return Envelope(envelope.payload, envelope.payload_type, (signature,))
