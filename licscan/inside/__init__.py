"""Looks inside installed packages: what stands there that is not their own work, and what was changed."""

from __future__ import annotations

from licscan.inside.looking import Looked, look_closer, look_inside, parts_apart

__all__ = ["Looked", "look_closer", "look_inside", "parts_apart"]
