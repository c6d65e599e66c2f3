"""Which commit a scan is of, and the files of a commit without its work tree being touched."""

from __future__ import annotations

from pathlib import Path

from licscan.errors import InputError
from licscan.hook import git
from licscan.model import Scan

MOST_INPUTS = 500


def revision_of(root: Path, scan: Scan) -> str:
    """The commit of the folder, with `+` where a file that the scan read differs from it; empty where nobody knows."""
    paths = [one.path for one in scan.inputs if one.sha256 and not one.path.startswith(("/", "../"))][:MOST_INPUTS]
    try:
        commit = git.run(root, "rev-parse", "-q", "--verify", "HEAD").decode("ascii", "replace").strip()
        changed = paths and git.run(root, "status", "--porcelain", "--ignored", "-z", "--", *paths)
    except InputError:
        return ""
    return f"{commit}+" if changed else commit
