"""Where things lie in the user's cache that are asked for before anything heavy is imported."""

from __future__ import annotations

from pathlib import Path


def code_folder() -> Path:
    """The folder of the user's index of code (`XDG_CACHE_HOME` moves it)."""
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("licscan")) / "code"


def has_code_index() -> bool:
    """Whether code was ever indexed on this machine; two looks at the disk."""
    folder = code_folder()
    return (folder / "code.index").is_file() or (folder / "segments.sqlite").is_file()
