"""A commit, or the index, as a tree that the parsers read: from git's objects, never from the disk."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.base.tree import Tree
from licscan.vcs.git import POINTER, Blobs, Repository


class GitTree(Tree):
    """The regular files of a commit; of the index where `commit` is None; of nothing where it is empty."""

    def __init__(self, repository: Repository, blobs: Blobs, commit: str | None):
        super().__init__(repository.top)
        self._repository = repository
        self._blobs = blobs
        self._commit = commit

    def exists(self, relative: str) -> bool:
        """Whether there is such a file."""
        try:
            return self._get(relative) is not None
        except InputError:
            return False

    def folder_exists(self, relative: str) -> bool:
        """Whether there is a file below such a folder."""
        return not relative or relative.rstrip("/") in self._folders

    def names(self, relative: str) -> list[str]:
        """The sorted names in a folder."""
        return sorted(self._folders.get(relative.rstrip("/"), ()))

    def read_bytes(self, relative: str) -> bytes:
        """The whole file; a pointer of Git LFS is not the file."""
        data = self._get(relative)
        if data is None:
            raise InputError(_("does not exist"), path=relative)
        if len(data) > self.max_bytes:
            limit = self.max_bytes // 1024 // 1024
            raise InputError(_("is larger than {limit} MB and was not read").format(limit=limit), path=relative)
        if data.startswith(POINTER):
            raise InputError(_("is a Git LFS pointer, not the file itself"), path=relative)
        return data

    def _get(self, relative: str) -> bytes | None:
        if self._commit == "":
            return None
        path = Path(os.path.normpath(self.path(relative))).relative_to(self.root).as_posix()
        return self._blobs.get(f"{self._commit or ''}:{path}")

    @cached_property
    def _folders(self) -> dict[str, set[str]]:
        """The names in every folder."""
        found: dict[str, set[str]] = {}
        for path in () if self._commit == "" else self._repository.paths(self._commit):
            while path:
                folder, _slash, name = path.rpartition("/")
                names = found.setdefault(folder, set())
                if name in names:
                    break
                names.add(name)
                path = folder
        return found
