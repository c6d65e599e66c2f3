"""License evidence from the user's caches, for what is not installed."""

from __future__ import annotations

from collections.abc import Callable

from licscan.errors import InputError
from licscan.locate import npm_cache, pnpm_store, uv_cache, yarn_cache
from licscan.locate.caches import Caches
from licscan.messages import _
from licscan.model import Component, Origin, PackageFiles, Problem

Locator = Callable[[Component, Caches], tuple[PackageFiles, ...]]

LOCATORS: dict[str, tuple[Locator, ...]] = {
    "npm": (npm_cache.locate, pnpm_store.locate, yarn_cache.locate),
    "pypi": (uv_cache.locate,),
}
"""The caches of each ecosystem in order of trust: those that are addressed by content first."""


def locate_cached(component: Component, caches: Caches) -> tuple[PackageFiles, ...]:
    """The files of a component in the first cache that has it; a damaged entry is a problem of an empty place."""
    failed: list[PackageFiles] = []
    for locator in LOCATORS.get(component.ecosystem, ()):
        try:
            found = locator(component, caches)
        except InputError as error:
            failed.append(_failure(component, error.path or "", str(error)))
            continue
        except OSError as error:
            message = _("a cache cannot be read: {reason}").format(reason=error.strerror or str(error))
            failed.append(_failure(component, "", message))
            continue
        if found:
            return found
    return tuple(failed)


def _failure(component: Component, place: str, message: str) -> PackageFiles:
    return PackageFiles(Origin.CACHE, place, problems=(Problem("locate", component.purl, message),))
