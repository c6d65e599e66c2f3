"""docs/policy.md: its recipes can be followed, and it names every setting."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from licscan.config import Config, parse_config
from licscan.config.kinds import CATEGORIES, WAIVER_REASONS, profile_names
from licscan.config.schema import COMPONENT_FACTS, KEYS
from licscan.law.vocabulary import Deployment

TEXT = (Path(__file__).resolve().parents[1] / "docs" / "policy.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("recipe", RECIPES, ids=range(len(RECIPES)))
def test_every_recipe_is_a_configuration(recipe: str) -> None:
    assert parse_config(recipe, "licscan.toml") != Config()


def test_there_are_recipes_for_the_usual_wishes() -> None:
    assert len(RECIPES) >= 8


def test_every_name_is_explained() -> None:
    keys = {key for table, names in KEYS.items() if table != "scan" for key in names}
    names = {*keys, *COMPONENT_FACTS, *CATEGORIES, *WAIVER_REASONS, *profile_names(), *Deployment}
    assert sorted(name for name in names if f"`{name}`" not in TEXT and f"`{name} = " not in TEXT) == []
