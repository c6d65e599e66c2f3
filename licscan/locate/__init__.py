"""Component to its license evidence, in order of trust: installed tree, client caches, registry."""

from licscan.locate.caches import Caches, locate_cached
from licscan.locate.installed import locate_installed

__all__ = ["Caches", "locate_cached", "locate_installed"]
