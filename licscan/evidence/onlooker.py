"""Who else looks at the files of a package while its archive is read."""

from __future__ import annotations

from typing import Protocol


class Onlooker(Protocol):
    """Is shown whole files as they come, in no order; nothing of them is kept for it."""

    def wants(self, path: str, size: int) -> bool:
        """Whether it is shown a file of so many bytes."""

    def see(self, path: str, data: bytes) -> None:
        """A file that it wants."""

    def forget(self, path: str) -> None:
        """A path comes again: it counts as it comes last."""
