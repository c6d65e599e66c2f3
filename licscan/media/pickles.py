"""Pickles and what PyTorch packs with them: never loaded; a walk over the opcodes lists which globals they name.

The arguments of the opcodes are those of the standard library's pickletools; the walk executes nothing.
"""

from __future__ import annotations

from licscan.media.blob import Blob
from licscan.media.found import MAX_FIELD, Found
from licscan.media.kinds import Format
from licscan.media.numbers import little
from licscan.media.zips import entries_of, held_by
from licscan.model.media import Meaning, MediaFacts

_FIXED = {ord(code): size for size, codes in ((1, "Khq\x80\x82"), (2, "M\x83"), (4, "Jjr\x84"), (8, "G\x95"))
          for code in codes}  # fmt: skip
_SIZED = {ord("T"): 4, ord("U"): 1, ord("X"): 4, 0x8C: 1, 0x8D: 8, ord("B"): 4, ord("C"): 1, 0x8E: 8, 0x8A: 1,
          0x8B: 4, 0x96: 8}  # fmt: skip
_LINES = frozenset(map(ord, "FILSVPgp"))
_TEXTS = frozenset({ord("X"), 0x8C, 0x8D, ord("U"), ord("T")})
_GLOBAL, _INST, _STACK_GLOBAL, _STOP, _MEMOIZE = ord("c"), ord("i"), 0x93, ord("."), 0x94
_PUTS = {ord("q"): 1, ord("r"): 4}
_GETS = {ord("h"): 1, ord("j"): 4}
_OPCODES = 100_000
_GLOBALS = 200
_NAMES = 50
_LINE = 1_000


def read(blob: Blob, made: Format) -> MediaFacts:
    """Facts of a pickle: the globals that loading it would import."""
    found = Found()
    _keep_globals(found, blob.at(0, MAX_FIELD))
    return found.facts(made)


def read_torch(blob: Blob, made: Format) -> MediaFacts:
    """Facts of a file of PyTorch: the names in its zip, and the globals of the pickles in it."""
    found = Found()
    if blob.at(0, 2) != b"PK":
        _keep_globals(found, blob.at(0, MAX_FIELD))
        return found.facts(made)
    pickles = 0
    for number, entry in enumerate(entries_of(blob)):
        if "/data/" not in entry.name and number < _NAMES:
            found.add(Meaning.OTHER, "torch:entry", entry.name)
        if entry.name.endswith(".pkl") and pickles < 4:
            pickles += 1
            _keep_globals(found, held_by(found, blob, entry))
    return found.facts(made)


def _keep_globals(found: Found, data: bytes) -> None:
    walk = _Walk(data)
    for _count in range(_OPCODES):
        if walk.place >= len(data) or len(walk.names) >= _GLOBALS or not walk.step():
            break
    else:
        found.crowded()
    if len(walk.names) >= _GLOBALS:
        found.crowded()
    for name in walk.names:
        found.add(Meaning.OTHER, "pickle:global", name)


class _Walk:
    """A walk over opcodes that keeps the last two texts, from which newer protocols make the name of a global."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0
        self.names: dict[str, None] = {}
        self.before = self.last = b""
        self.memo: dict[int, bytes] = {}
        self.memos = 0

    def step(self) -> bool:
        """Step over one opcode; false at the last."""
        code = self.data[self.place]
        self.place += 1
        if code in _SIZED:
            self._sized(code)
        elif code in (_GLOBAL, _INST):
            module = self._line()
            self.names[f"{module}.{self._line()}"] = None
        elif code == _STACK_GLOBAL:
            self.names[f"{self.before.decode('utf-8', 'replace')}.{self.last.decode('utf-8', 'replace')}"] = None
        elif code in _LINES:
            self._line()
        elif code == _MEMOIZE:
            self.memo[self.memos] = self.last
            self.memos += 1
        elif code in _PUTS:
            self.memo[self._number(_PUTS[code])] = self.last
        elif code in _GETS:
            self.before, self.last = self.last, self.memo.get(self._number(_GETS[code]), b"")
        else:
            self.place += _FIXED.get(code, 0)
        return code != _STOP

    def _number(self, width: int) -> int:
        value = little(self.data[self.place : self.place + width])
        self.place += width
        return value

    def _sized(self, code: int) -> None:
        """What stands after its length; a text is remembered."""
        size = self._number(_SIZED[code])
        if code in _TEXTS:
            self.before, self.last = self.last, self.data[self.place : self.place + min(size, _LINE)]
        self.place += size

    def _line(self) -> str:
        """A line, of which at most `_LINE` bytes are kept."""
        end = self.data.find(b"\n", self.place)
        end = len(self.data) if end < 0 else end
        text = self.data[self.place : min(end, self.place + _LINE)].decode("utf-8", "replace")
        self.place = end + 1
        return text
