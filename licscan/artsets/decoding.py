"""Sounds decoded by miniaudio, the extra `sounds`, in a process of its own: samples, or nothing.

The library is native code that reads hostile bytes: its process may use so much time and memory and no more, and may
open no file and no connection. One process decodes file after file; one that ends takes the sound that ended it along
and no other. Run as a program, this module is that process: lengths and bytes on standard input, the same on standard
output.
"""

from __future__ import annotations

import subprocess
import sys
import time
from functools import cache
from threading import Timer
from types import TracebackType
from typing import IO, Any

RATE = 16_000
"""Samples a second of what is heard, of one channel."""
MAX_BYTES = 32 * 1024 * 1024
MAX_HEARD = 60
"""Seconds of a sound that are heard."""
MAX_SECONDS = 20
"""Processor time for one file."""
MAX_MEMORY = 1 << 30
_LENGTH = 8
_NOTHING = (1 << 64) - 1
"""The length that says that a file could not be decoded."""
_STEP = RATE
_SAMPLE = 2
_DECODED = frozenset({"wav", "flac", "mp3", "ogg"})


@cache
def can_hear() -> bool:
    """Whether the extra `sounds` is installed."""
    from importlib.util import find_spec

    return find_spec("miniaudio") is not None


def may_be_heard(data: bytes, made: str) -> bool:
    """Whether the library has a decoder for a format: of what Ogg holds for Vorbis alone, and for no AAC."""
    return made in _DECODED and len(data) <= MAX_BYTES and (made != "ogg" or b"\x01vorbis" in data[:4096])


class Ears:
    """The process that decodes; it starts with the first sound and ends with the block."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Ears:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def hear(self, data: bytes) -> bytes | None:
        """The samples of a sound: 16 bits, little-endian, `RATE` a second, `MAX_HEARD` seconds at most."""
        process = self._process or self._start()
        if process is None or process.stdin is None or process.stdout is None:
            return None
        # the clock is for systems that cannot bound the time of the processor, and for busy ones
        timer = Timer(10 * MAX_SECONDS, process.kill)
        timer.start()
        try:
            _send(process.stdin, data)
            return _receive(process.stdout, MAX_HEARD * RATE * _SAMPLE)
        except (OSError, EOFError):
            self._end()
            return None
        finally:
            timer.cancel()

    def _start(self) -> subprocess.Popen[bytes] | None:
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", __file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            return None
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:
                continue  # what was not written yet is lost with the process that should have read it


def _send(stream: IO[bytes], data: bytes | None) -> None:
    stream.write((_NOTHING if data is None else len(data)).to_bytes(_LENGTH, "little"))
    stream.write(data or b"")
    stream.flush()


def _receive(stream: IO[bytes], most: int) -> bytes | None:
    """What was sent; None for nothing.

    Raises:
        EOFError: the other side is gone, or says what it may not.
    """
    head = stream.read(_LENGTH)
    length = int.from_bytes(head, "little")
    if len(head) < _LENGTH or (length > most and length != _NOTHING):
        raise EOFError
    if length == _NOTHING:
        return None
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return data


def _main() -> None:
    import miniaudio

    _bound()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            data = _receive(source, MAX_BYTES)
        except EOFError:
            return
        _allow(MAX_SECONDS)
        try:
            made: bytes | None = _decoded(miniaudio, data or b"")
        except Exception:
            # hostile bytes reach every corner of a decoder: no list of what it raises is whole
            made = None
        _send(sink, made)


def _decoded(library: Any, data: bytes) -> bytes:
    pieces = library.stream_memory(data, library.SampleFormat.SIGNED16, 1, RATE, _STEP)
    found = bytearray()
    for piece in pieces:
        found += piece.tobytes()
        if len(found) >= MAX_HEARD * RATE * _SAMPLE:
            break
    return bytes(found[: MAX_HEARD * RATE * _SAMPLE])


def _bound() -> None:
    """Let the system end this process where it uses too much memory, and give it no further file and no connection."""
    try:
        import resource
    except ImportError:
        return  # there is no such way on Windows
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "darwin":  # which refuses a bound of the address space
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _allow(seconds: int) -> None:
    """Let this process use so many seconds of the processor more."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 1 + seconds, resource.RLIM_INFINITY))


if __name__ == "__main__":
    _main()
