"""License evidence from the user's caches, for what is not installed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.locate import npm_cache, pip_cache, pnpm_store, uv_cache, yarn_cache
from licscan.locate.caches import Caches
from licscan.locate.trees import split_place
from licscan.model import Component, Origin, PackageFiles, Problem
from licscan.registry.answers import Answers

Locator = Callable[[Component, Caches], tuple[PackageFiles, ...]]

LOCATORS: dict[str, tuple[Locator, ...]] = {
    "npm": (npm_cache.locate, pnpm_store.locate, yarn_cache.locate),
    "pypi": (uv_cache.locate, pip_cache.locate),
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


class CachedLocator:
    """The caches, with a memory: an archive that is named by its hash is opened once and never again."""

    def __init__(self, caches: Caches, answers: Answers, components: Iterable[Component]):
        self._caches = caches
        self._answers = answers
        self._known = answers.get_many(key for component in components if (key := _key(component)))

    def locate(self, component: Component) -> tuple[PackageFiles, ...]:
        """What a cache holds of a component; see `locate_cached`."""
        key = _key(component)
        known = self._known.get(key) if key else None
        if known is not None and (os.path.exists(known.place) or split_place(known.place)[0]):
            return (known,)
        found = locate_cached(component, self._caches)
        if key and found and not any(place.problems for place in found):
            self._answers.put(key, found[0])
        return found

    def save(self) -> None:
        """Write what was learned."""
        self._answers.save()


def _key(component: Component) -> str | None:
    """The name under which an archive's contents are remembered: only its hash tells that it is the same."""
    strong = next((entry for entry in component.hashes if entry.startswith(("sha512:", "sha256:"))), None)
    return f"archive {strong} {component.name}@{component.version}" if strong else None
