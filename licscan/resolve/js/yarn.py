"""Reads yarn.lock: tells the classic format (v1) from that of yarn 2 and later, and hands over."""

from __future__ import annotations

import re

from licscan.base.tree import Tree
from licscan.resolve.builder import Parsed
from licscan.resolve.js import yarn_berry, yarn_v1
from licscan.resolve.js.conflicts import refuse_conflicts

_BERRY = re.compile(r"^__metadata:", re.MULTILINE)


def parse(tree: Tree, path: str) -> Parsed:
    """Everything that the lock names; the manifests beside it are the roots. FormatError where it is neither format."""
    text = tree.read_text(path)
    refuse_conflicts(text, path)
    return yarn_berry.read(tree, path, text) if _BERRY.search(text) else yarn_v1.read(tree, path, text)
