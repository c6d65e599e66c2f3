"""`--resolve`: manifests without a lock, through the ecosystem's own resolver, on a copy and without running code.

The answer is what the registry gives today, not what was once installed: a problem says so.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from licscan.base.tree import Tree
from licscan.resolve.builder import Parsed
from licscan.resolve.tool_npm import resolve_javascript
from licscan.resolve.tool_uv import resolve_python


def resolvers(*, offline: bool = False) -> dict[str, Callable[[Tree, str], Parsed]]:
    """By ecosystem; each raises ToolError (missing, failed, took too long) or InputError (the manifest).

    `offline`: they answer from their caches alone.
    """
    return {
        "npm": partial(resolve_javascript, offline=offline),
        "pypi": partial(resolve_python, offline=offline),
    }


__all__ = ["resolve_javascript", "resolve_python", "resolvers"]
