"""Why licscan and a Python client may differ: one row a reason."""

from __future__ import annotations

from collections.abc import Callable

from made.python_projects import Project
from made.python_views import View
from made.reasons import Difference

Excuses = Callable[[Project, Difference, View], bool]

REASONS: tuple[tuple[str, Excuses], ...] = ()


def reason_of(project: Project, found: Difference, view: View) -> str:
    """The reason of a difference; empty where there is none."""
    return next((reason for reason, excuses in REASONS if excuses(project, found, view)), "")
