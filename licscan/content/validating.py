"""Whether the signature and the hashes of Content Credentials hold, by c2pa-python in a process of its own.

The library is native code that reads hostile bytes: its process may use so much time and memory and no more, may open
no file and no connection, and where it ends in any way but the expected one nothing is known. Run as a program, this
module is that process: a file on its standard input, its media type as argument, a line of JSON on its standard output.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cache

MAX_SECONDS = 20
"""Processor time for one file."""
MAX_MEMORY = 1 << 30
MAX_SIZE = 256 << 20
"""Bytes of a file that is validated: its hashes go over all of it."""
MAX_CODES = 4
_UNTRUSTED = "signingCredential.untrusted"
"""That nobody vouches for the signer: no list of trusted signers is asked, so this is said of every signature."""
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,80}")
_SETTINGS = {
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_after_reading": True, "verify_trust": True}
}


@dataclass(frozen=True, slots=True)
class Validation:
    """Whether all holds, and the status codes of C2PA (2.2, chapter 15) for what does not, sorted, a few."""

    holds: bool
    codes: tuple[str, ...] = ()


@cache
def can_validate() -> bool:
    """Whether the extra `c2pa` is installed."""
    from importlib.util import find_spec

    return find_spec("c2pa") is not None


def validated(descriptor: int, media_type: str) -> Validation | None:
    """What is said of the manifest inside an open file; None where it cannot be told."""
    command = [sys.executable, "-P", __file__, media_type]
    try:
        # the time of the clock is for systems that cannot bound that of the processor, and for busy ones
        done = subprocess.run(
            command, stdin=descriptor, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=10 * MAX_SECONDS
        )
        told = json.loads(done.stdout) if done.returncode == 0 else None
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    if not isinstance(told, dict) or not isinstance(told.get("codes"), list):
        return None
    codes = {code for code in told["codes"] if isinstance(code, str) and _CODE.fullmatch(code)}
    return Validation(told.get("holds") is True and not codes, tuple(sorted(codes)[:MAX_CODES]))


def _main() -> None:
    import c2pa

    context = c2pa.Context.from_dict(_SETTINGS)
    _bound()
    with open(0, "rb", closefd=False) as stream:
        stream.seek(0)
        reader = c2pa.Reader(sys.argv[1], stream, context=context)
        told = json.loads(reader.json())
        if not reader.is_embedded():
            return
    failed = {one.get("code", "") for one in told.get("validation_status") or ()} - {_UNTRUSTED}
    holds = told.get("validation_state") in ("Valid", "Trusted") and not failed
    sys.stdout.write(json.dumps({"holds": holds, "codes": sorted(failed)}))


def _bound() -> None:
    """Let the system end this process where it uses too much, and give it no further file and no connection.

    There is no such way on Windows, where the settings alone keep the library from the network.
    """
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "darwin":  # which refuses a bound of the address space
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


if __name__ == "__main__":
    _main()
