"""The errors that a person can mend; each names the file, the place inside it and the remedy."""

from __future__ import annotations

from licscan.base.messages import _


class LicscanError(Exception):
    """Something that the user can mend, told in one line.

    `path` is the file as the user knows it, `place` where inside it (`line 4`, `packages[3].version`), `remedy`
    what to do next. The command line turns it into one line on standard error and exit status 2.
    """

    def __init__(self, message: str, *, path: str | None = None, place: str | None = None, remedy: str | None = None):
        super().__init__(message)
        self.message = message
        self.path = path
        self.place = place
        self.remedy = remedy

    def __str__(self) -> str:
        where = ": ".join(part for part in (self.path, self.place) if part)
        said = f"{where}: {self.message}" if where else self.message
        return _("{said} ({remedy})").format(said=said, remedy=self.remedy) if self.remedy else said


class InputError(LicscanError):
    """A file that cannot be read or understood, or an argument that makes no sense."""


class FormatError(InputError):
    """A manifest or lockfile whose contents do not have the shape that its format asks for."""


class ConfigError(InputError):
    """A licscan.toml that cannot be followed."""


class RegistryError(LicscanError):
    """A package registry that gave no usable answer."""


class IntegrityError(RegistryError):
    """An archive that is not the one that its lock or registry names: `expected` and `found` are `algorithm:hex`."""

    def __init__(self, message: str, *, expected: tuple[str, ...], found: str, path: str | None = None):
        super().__init__(message, path=path)
        self.expected = expected
        self.found = found


class StoreError(LicscanError):
    """A database that cannot be opened, read or written."""


class ToolError(LicscanError):
    """An ecosystem's own resolver that is missing or failed."""
