"""licscan.toml: what the user says of the project. Every key is known, typed and explained by `licscan init`."""

from __future__ import annotations

from licscan.config.kinds import FAIL_ON
from licscan.config.read import FILE_NAME, load_config, parse_config
from licscan.config.schema import KEYS
from licscan.config.settings import (
    DEFAULT_PROFILE,
    NO_CONFIG,
    Clarification,
    ComponentSetting,
    Config,
    Entitlement,
    Fact,
    Grant,
    NoticesSetting,
    PartSetting,
    PolicySetting,
    RuleSetting,
    SurfaceSetting,
    Waiver,
    with_facts,
)

__all__ = [
    "DEFAULT_PROFILE",
    "FAIL_ON",
    "FILE_NAME",
    "KEYS",
    "NO_CONFIG",
    "Clarification",
    "ComponentSetting",
    "Config",
    "Entitlement",
    "Fact",
    "Grant",
    "HookSetting",
    "NoticesSetting",
    "PartSetting",
    "PolicySetting",
    "RuleSetting",
    "SurfaceSetting",
    "Waiver",
    "load_config",
    "parse_config",
    "with_facts",
]
