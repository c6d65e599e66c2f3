"""What commands share: the joining of their options with licscan.toml."""

from __future__ import annotations

from licscan.compose.configured import database_of, options_of, own_licenses, project_config, threshold_of

__all__ = ["database_of", "options_of", "own_licenses", "project_config", "threshold_of"]
