"""DSSE envelopes, read strictly: one way to write each, so that nothing can hide beside what was signed.

https://github.com/secure-systems-lab/dsse, protocol and envelope, version 1.0.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from licscan.base.messages import _

PAYLOAD_TYPE = "application/vnd.in-toto+json"
MAX_SIGNATURES = 20
MAX_DEPTH = 40


class MalformedError(Exception):
    """An envelope or statement that is none; the message is a fragment for a user."""


class NotHereError(Exception):
    """Nothing on this machine can verify a signature; the message says why."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature; `keyid` is a hint that nobody has to believe."""

    keyid: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """The bytes that were signed, what they are, and the signatures; none where nobody signed."""

    payload: bytes
    payload_type: str = PAYLOAD_TYPE
    signatures: tuple[Signature, ...] = ()

    @property
    def signed(self) -> bytes:
        """What a signature is over: DSSE's pre-authentication encoding."""
        kind = self.payload_type.encode()
        return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(self.payload), self.payload)


def read_envelope(data: bytes) -> Envelope:
    """The envelope in the bytes of a file; MalformedError where it is none, or is written in more than one way."""
    table = load(data)
    if set(table) != {"payload", "payloadType", "signatures"}:
        raise MalformedError(_("should have payload, payloadType and signatures, and nothing else"))
    if table["payloadType"] != PAYLOAD_TYPE:
        raise MalformedError(_("payloadType should be {name}").format(name=PAYLOAD_TYPE))
    told = table["signatures"]
    if not isinstance(told, list) or len(told) > MAX_SIGNATURES:
        raise MalformedError(_("signatures should be a list of at most {most}").format(most=MAX_SIGNATURES))
    signatures = tuple(map(_signature, told))
    if len({one.keyid for one in signatures}) < len(signatures):
        raise MalformedError(_("has two signatures from the same key"))
    return Envelope(_bytes(table["payload"], "payload"), PAYLOAD_TYPE, signatures)


def write_envelope(envelope: Envelope) -> bytes:
    """The envelope as JSON; without signatures it is the same for the same payload."""
    document = {
        "payload": base64.b64encode(envelope.payload).decode(),
        "payloadType": envelope.payload_type,
        "signatures": [
            {"keyid": one.keyid, "sig": base64.b64encode(one.value).decode()} for one in envelope.signatures
        ],
    }
    return (json.dumps(document, indent=1) + "\n").encode()


def load(data: bytes) -> dict[str, Any]:
    """A JSON object; MalformedError where it is none, says a name twice, or nests deeper than any of ours."""
    try:
        found = json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_constant)
    except RecursionError as error:
        raise MalformedError(_("is nested too deeply")) from error
    except ValueError as error:
        raise MalformedError(_("is not valid JSON")) from error
    if not isinstance(found, dict):
        raise MalformedError(_("should be a JSON object"))
    return found


def _signature(told: object) -> Signature:
    if not isinstance(told, dict) or not {"sig"} <= set(told) <= {"sig", "keyid"}:
        raise MalformedError(_("a signature should have sig and keyid, and nothing else"))
    keyid = told.get("keyid", "")
    if not isinstance(keyid, str) or len(keyid) > 1_000:
        raise MalformedError(_("keyid should be a text"))
    return Signature(keyid, _bytes(told["sig"], "sig"))


def _bytes(text: object, name: str) -> bytes:
    """Base64 in its one canonical form: what decodes to the same bytes in another one was not written by a signer."""
    message = _("{name} should be base64").format(name=name)
    if not isinstance(text, str):
        raise MalformedError(message)
    try:
        data = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise MalformedError(message) from error
    if base64.b64encode(data).decode() != text:
        raise MalformedError(message)
    return data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise MalformedError(_("has a duplicate name"))
    return table


def _no_constant(name: str) -> Any:
    raise ValueError(name)
