"""Small projects with files of content, written and scanned."""

from __future__ import annotations

from pathlib import Path

from licscan.compose.options import Options
from licscan.compose.scan import scan
from licscan.config import load_config
from licscan.model import Scan

MANIFEST = '{"name": "talk", "version": "1.0.0", "license": "MIT", "author": "Talk Ltd"}'
OFL = "This Font Software is licensed under the SIL Open Font License, Version 1.1."
Files = dict[str, bytes | str]


def written(root: Path, files: Files) -> Path:
    """The folder, with these files in it."""
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def built(root: Path, files: Files) -> Scan:
    """The scan of a project with these files."""
    written(root, files)
    return scan(Options((root,), offline=True, config=load_config(root)))
