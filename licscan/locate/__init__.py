"""Component to its license evidence, in order of trust: installed tree, client caches, registry."""

from licscan.locate.cached import LOCATORS, CachedLocator, locate_cached
from licscan.locate.caches import Caches
from licscan.locate.installed import locate_installed, locate_project
from licscan.locate.trees import Trees

__all__ = ["LOCATORS", "CachedLocator", "Caches", "Trees", "locate_cached", "locate_installed", "locate_project"]
