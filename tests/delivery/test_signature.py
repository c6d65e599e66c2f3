"""Signatures of every kind of key, verified by securesystemslib and by openssl; none is believed without a key."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID

from licscan.base.errors import InputError
from licscan.delivery import signature
from licscan.delivery.envelope import Envelope, Signature
from licscan.delivery.signature import PASSWORD, sign, signing_key, verified

KEYS = {
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "p521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "rsa": lambda: rsa.generate_private_key(65537, 2048),
}
PLAIN = Envelope(b'{"hello":"world"}')
OPENSSL = pytest.param(
    "openssl", marks=pytest.mark.skipif(not shutil.which("openssl"), reason="there is no openssl on this machine")
)


def pair(folder: Path, key: Any) -> tuple[Path, Path]:
    private, public = folder / "private.pem", folder / "public.pem"
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return private, public


def certificate(folder: Path, key: Any, end: int) -> Path:
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Acme Ltd")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(7).not_valid_before(datetime(2001, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(end, 1, 1, tzinfo=UTC))
        .sign(key, None if isinstance(key, ed25519.Ed25519PrivateKey) else SHA256())
    )  # fmt: skip
    path = folder / "certificate.pem"
    path.write_bytes(made.public_bytes(Encoding.PEM))
    return path


@pytest.fixture(params=["library", OPENSSL])
def by(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Who verifies."""
    if request.param == "openssl":
        monkeypatch.setattr(signature, "_library", lambda: None)
    return str(request.param)


def codes(envelope: Envelope, key: Path | None) -> list[str]:
    return [one.code for one in verified(envelope, key, "0" * 64)]


def signed(private: Path, monkeypatch: pytest.MonkeyPatch) -> Envelope:
    """Signed by the library, whoever verifies."""
    with monkeypatch.context() as patch:
        patch.setattr(signature, "_library", lambda: True)
        return sign(PLAIN, signing_key(private))


@pytest.mark.parametrize("kind", KEYS)
def test_its_own_key_fits_and_no_other(kind: str, by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private, public = pair(tmp_path, KEYS[kind]())
    told = signed(private, monkeypatch)
    assert codes(told, public) == ["signature-ok"]
    other = tmp_path / "other"
    other.mkdir()
    assert codes(told, pair(other, KEYS[kind]())[1]) == ["signature-invalid"]
    changed = Envelope(told.payload + b" ", told.payload_type, told.signatures)
    assert codes(changed, public) == ["signature-invalid"]
    # what a signature says of its key is a hint: neither needed nor believed
    renamed = Envelope(told.payload, told.payload_type, (Signature("", told.signatures[0].value),))
    assert codes(renamed, public) == ["signature-ok"]
    nonsense = Envelope(told.payload, told.payload_type, (Signature("x", b"nonsense"),))
    assert codes(nonsense, public) == ["signature-invalid"]


@pytest.mark.parametrize("kind", ["ed25519", "p256", "rsa"])
@pytest.mark.parametrize(("end", "more"), [(2999, []), (2002, ["certificate-dates"])])
def test_the_key_of_a_certificate(
    kind: str, end: int, more: list[str], by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = KEYS[kind]()
    private, _public = pair(tmp_path, key)
    told = signed(private, monkeypatch)
    assert codes(told, certificate(tmp_path, key, end)) == ["signature-ok", "certificate-chain", *more]


def test_without_a_key_or_a_signature_nothing_is_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private, public = pair(tmp_path, KEYS["ed25519"]())
    assert codes(PLAIN, public) == ["signature-missing"]
    assert codes(signed(private, monkeypatch), None) == ["signature-no-key"]


def test_without_library_and_openssl_it_is_not_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private, public = pair(tmp_path, KEYS["ed25519"]())
    told = signed(private, monkeypatch)
    monkeypatch.setattr(signature, "_library", lambda: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert codes(told, public) == ["signature-not-verified"]


def test_a_private_key_is_not_taken_for_a_public_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    private, public = pair(tmp_path, KEYS["ed25519"]())
    told = signed(private, monkeypatch)
    with pytest.raises(InputError, match="is a private key"):
        verified(told, private, "")
    with pytest.raises(InputError, match="not a private key"):
        signing_key(public)
    nothing = tmp_path / "nothing.pem"
    nothing.write_text("hello")
    for look in (signing_key, lambda path: verified(told, path, "")):
        with pytest.raises(InputError, match="is not a key or certificate in PEM"):
            look(nothing)
    damaged = tmp_path / "damaged.pem"
    damaged.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    with pytest.raises(InputError, match="cannot be read"):
        verified(told, damaged, "")


def test_an_encrypted_key_wants_its_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    private = tmp_path / "private.pem"
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")))
    monkeypatch.delenv(PASSWORD, raising=False)
    with pytest.raises(InputError, match=PASSWORD):
        signing_key(private)
    monkeypatch.setenv(PASSWORD, "wrong")
    with pytest.raises(InputError, match="the password is wrong"):
        signing_key(private)
    monkeypatch.setenv(PASSWORD, "secret")
    assert sign(PLAIN, signing_key(private)).signatures
