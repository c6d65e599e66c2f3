"""Looks inside packages, wherever their files lie: what there is not their own work, and what was changed."""

from __future__ import annotations

from licscan.inside.credits import with_credits
from licscan.inside.inspect import Inspection, inspect_further, inspect_packages, separate_parts

__all__ = ["Inspection", "inspect_further", "inspect_packages", "separate_parts", "with_credits"]
