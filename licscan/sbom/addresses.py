"""Addresses and digests as the formats take them."""

from __future__ import annotations

import re
from urllib.parse import quote

from licscan.sbom.model import Hash

_ADDRESS = re.compile(
    r"(?:git\+|hg\+|svn\+|bzr\+)?(?:https?|ssh|git|svn|ftp|sftp)://"
    r"(?:[A-Za-z0-9._~-]+@)?[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?(?:[/?#].*)?",
    re.DOTALL,
)
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
MAX_ADDRESS = 4_000

ALGORITHMS = {
    "md5": "MD5", "sha1": "SHA-1", "sha224": "SHA-224", "sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512",
    "sha3256": "SHA3-256", "sha3384": "SHA3-384", "sha3512": "SHA3-512", "blake2b256": "BLAKE2b-256",
    "blake2b384": "BLAKE2b-384", "blake2b512": "BLAKE2b-512", "blake3": "BLAKE3", "md2": "MD2", "md4": "MD4",
    "md6": "MD6", "adler32": "ADLER32",
}  # fmt: skip
"""Names of algorithms, without case and punctuation, as CycloneDX writes them."""

LENGTHS = {
    "MD5": 32, "SHA-1": 40, "SHA-224": 56, "SHA-256": 64, "SHA-384": 96, "SHA-512": 128, "SHA3-256": 64,
    "SHA3-384": 96, "SHA3-512": 128, "BLAKE2b-256": 64, "BLAKE2b-384": 96, "BLAKE2b-512": 128, "BLAKE3": 64,
}  # fmt: skip
"""Hexadecimal digits of each."""


def address(url: str) -> str:
    """The address in the characters of RFC 3986; empty where it is none that a format takes."""
    if len(url) > MAX_ADDRESS or not _ADDRESS.fullmatch(url):
        return ""
    base, mark, fragment = url.partition("#")
    told = quote(base, safe="/:?@!$&'()*+,;=%~-._", errors="replace")
    if mark:
        told += "#" + quote(fragment, safe="/:?@!$&'()*+,;=%~-._", errors="replace")
    return _LONE_PERCENT.sub("%25", told)


def algorithm_of(name: str) -> str:
    """The name of an algorithm as CycloneDX writes it; empty for one that no format knows."""
    return ALGORITHMS.get(re.sub(r"[^a-z0-9]", "", name.casefold()), "")


def digest(algorithm: str, value: str) -> Hash | None:
    """A digest; None where the algorithm is not known or the value has not its length in hexadecimal."""
    name = algorithm_of(algorithm)
    if LENGTHS.get(name) != len(value) or not re.fullmatch(r"[0-9A-Fa-f]+", value):
        return None
    return Hash(name, value.lower())
