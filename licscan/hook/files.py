"""The project's own files that a commit changes: license texts, other people's files, fonts, submodules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.base.tables import load_toml
from licscan.base.tree import folder_of
from licscan.hook.relevant import Relevant
from licscan.hook.trees import GitTree
from licscan.model import (
    NOASSERTION,
    Finding,
    Location,
    Severity,
    SourceGroup,
    SourceGroupKind,
    Sources,
    Verdict,
)
from licscan.packages.filenames import kind_of
from licscan.vcs.git import Change

if TYPE_CHECKING:
    from licscan.hook.code import Copied
    from licscan.read.workers import Detector

MAX_TEXT = 1024 * 1024
HEAD = 16 * 1024
"""Bytes of a file in which a header or a banner stands."""


class Files:
    """What is to be said of changed files; `licenses` are the user's own texts. Detection starts when it is needed."""

    def __init__(self, relevant: Relevant, old: GitTree, new: GitTree, licenses: Path | None):
        self._relevant = relevant
        self._old = old
        self._new = new
        self._licenses = licenses

    def sources(self, copied: Sequence[SourceGroup] = ()) -> Sources | None:
        """New files of other people, each with its license where something says it; what is a copy is told as that."""
        known = {place.path for group in copied for place in group.locations}
        came = [change for change in (*self._relevant.vendored, *self._relevant.fonts) if not change.before]
        came = [change for change in came if change.path not in known]
        if not came and not copied:
            return None
        groups = tuple(sorted((*(self._group(change.path) for change in came), *copied)))
        return Sources(by_git=True, read=len(came) + len(known), own=0, groups=groups)

    def copied(self, copied: Sequence[Copied], projects: Sequence[str]) -> tuple[SourceGroup, ...]:
        """What is to be said of copies, with what their headers and the texts beside them state."""
        from licscan.hook.code import groups_of
        from licscan.source.header import Header, find_header
        from licscan.source.placing import Cover, Own

        headers, covers = {}, {}
        for one in copied:
            header = find_header(self._detector, one.data)
            if isinstance(header, Header):
                headers[one.path] = header
            text = self._beside(one.path)
            if text:
                data = _bytes(self._new, text)
                said = self._detector.detect(data[:MAX_TEXT]).expression if data else None
                covers[one.path] = Cover(text, said or NOASSERTION)
        return groups_of(copied, headers, covers, Own(projects=tuple(projects)).is_called)

    def _group(self, path: str) -> SourceGroup:
        text = self._beside(path)
        expression = self._license(path, text)
        kind = SourceGroupKind.VENDORED if expression else SourceGroupKind.UNLICENSED
        return SourceGroup(path, kind, expression or NOASSERTION, 1, license_file=text, locations=(Location(path),))

    def _license(self, path: str, text: str | None) -> str | None:
        """What the text beside it says, else its own header; None where neither is a license that is known."""
        for place, size in ((text, MAX_TEXT), (path, HEAD)):
            data = _bytes(self._new, place) if place else None
            if data and (found := self._detector.detect(data[:size]).expression):
                return found
        return None

    def _beside(self, path: str) -> str | None:
        """The text that covers a file: a sidecar, or one in its folder or a folder above, short of the root's."""
        if self._new.exists(f"{path}.license"):
            return f"{path}.license"
        folder = folder_of(path)
        while folder:
            for name in self._new.names(folder):
                if kind_of(name) == "license" and self._new.exists(f"{folder}/{name}"):
                    return f"{folder}/{name}"
            folder = folder_of(folder)
        return None

    def findings(self) -> Iterator[Finding]:
        """License texts that say something else than before, or went; submodules that moved."""
        for change in self._relevant.texts:
            message = self._text(change)
            if message:
                yield _finding("license-drift", change.path, message, Severity.WARNING, Verdict.CANNOT_TELL)
        for change in self._relevant.modules:
            if change.after:
                message = _("{path}: a submodule changed; its contents were not checked.").format(path=change.path)
                yield _finding("source-vendored", change.path, message, Severity.NOTE, Verdict.OK)

    def _text(self, change: Change) -> str:
        """What changed in a license text; nothing where only white space did, or it is the same license still."""
        before = _bytes(self._old, change.path) if change.before else None
        after = _bytes(self._new, change.path) if change.after else None
        if before is None or before.split() == (after or b"").split():
            return ""
        was = self._detector.detect(before[:MAX_TEXT]).expression or NOASSERTION
        if after is None:
            return _("{path}: the license text ({old}) was removed.").format(path=change.path, old=was)
        now = self._detector.detect(after[:MAX_TEXT]).expression or NOASSERTION
        if was == now:
            return ""
        return _("{path}: the license text was {old} and is now {new}.").format(path=change.path, old=was, new=now)

    @cached_property
    def _detector(self) -> Detector:
        from licscan.read.workers import OpenDetector

        return OpenDetector(str(self._licenses) if self._licenses else None)()


def _bytes(tree: GitTree, path: str) -> bytes | None:
    try:
        return tree.read_bytes(path)
    except InputError:
        return None


def _finding(code: str, path: str, message: str, severity: Severity, verdict: Verdict) -> Finding:
    texts = load_toml("findings.toml")[code]
    return Finding(
        code=code,
        severity=severity,
        verdict=verdict,
        purl=None,
        message=message,
        why=_(texts["why"]),
        remedies=tuple(_(remedy) for remedy in texts["remedies"]),
        locations=(Location(path),),
    )
