"""Files with Content Credentials, signed by the library itself with certificates of the tests' own."""

from __future__ import annotations

import datetime
import io
import json

import pytest
from PIL import Image

AI = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


def signed_png() -> bytes:
    """A picture of 8 by 8 pixels that is signed."""
    return signed(picture("PNG"), "image/png")


def picture(made: str) -> bytes:
    """A picture of 8 by 8 pixels in a format of Pillow."""
    plain = io.BytesIO()
    Image.new("RGB", (8, 8), (9, 9, 9)).save(plain, made)
    return plain.getvalue()


def signed(plain: bytes, media_type: str) -> bytes:
    """A file that says that a machine made it; skips the test where the extra `c2pa` is not installed."""
    c2pa = pytest.importorskip("c2pa", reason="the extra c2pa is not installed (pip install licscan[c2pa])")
    chain, key = _chain()
    signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo(b"es256", chain, key, None))
    actions = [{"action": "c2pa.created", "digitalSourceType": AI}]
    manifest = {
        "claim_generator_info": [{"name": "Maker", "version": "1"}],
        "assertions": [{"label": "c2pa.actions", "data": {"actions": actions}}],
    }
    made = io.BytesIO()
    builder = c2pa.Builder(json.dumps(manifest), c2pa.Context.from_dict({}))
    builder.sign(signer, media_type, io.BytesIO(plain), made)
    return made.getvalue()


def _chain() -> tuple[bytes, bytes]:
    """A certificate with that of the authority which issued it, and the key of the first, in PEM."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    authority, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())

    def named(text: str) -> x509.Name:
        return x509.Name(
            [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example"), x509.NameAttribute(NameOID.COMMON_NAME, text)]
        )

    def certificate(text: str, key: ec.EllipticCurvePrivateKey, is_authority: bool) -> bytes:
        made = (
            x509.CertificateBuilder()
            .subject_name(named(text))
            .issuer_name(named("Authority"))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(datetime.datetime(2020, 1, 1))
            .not_valid_after(datetime.datetime(2099, 1, 1))
            .add_extension(x509.BasicConstraints(is_authority, None), critical=True)
            .add_extension(
                x509.KeyUsage(not is_authority, False, False, False, False, is_authority, is_authority, False, False),
                critical=True,
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()), critical=False)
        )
        if not is_authority:
            made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        return made.sign(authority, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    key = own.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return certificate("Signer", own, False) + certificate("Authority", authority, True), key
