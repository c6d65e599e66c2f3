"""The pages of credits that fetched programs bring: what they list of Chromium, FFmpeg and the rest."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from licscan.base.errors import InputError
from licscan.base.files import is_inside, read_file
from licscan.detect.decoding import decode
from licscan.model import Component, Problem
from licscan.model.contents import ContentsByPurl, Credits, PackageContents
from licscan.packages.credits import MAX_PAGE, read_credits
from licscan.packages.downloaders import downloader_of


def with_credits(
    components: Iterable[Component], insides: ContentsByPurl, root: Path
) -> tuple[ContentsByPurl, tuple[Problem, ...]]:
    """The facts of packages with the credits of what they fetched, and what could not be read."""
    told = dict(insides)
    problems = []
    for component in components:
        known = downloader_of(component.ecosystem, component.name, component.version)
        if known is None or not known.credits:
            continue
        try:
            found = credits_at(component, known.credits, root)
        except InputError as error:
            problems.append(Problem("inside", component.purl, f"{known.credits}: {error.message}"))
            continue
        if found is not None:
            told[component.purl] = replace(told.get(component.purl, PackageContents()), credits=found)
    return told, tuple(problems)


def credits_at(component: Component, path: str, root: Path) -> Credits | None:
    """The credits in the first folder that has them; None where none has, or the page has another layout.

    InputError for a page that cannot be read. A link out of the package's folder is not followed.
    """
    for place in sorted(component.installed_at):
        folder = os.path.join(root, place)
        full = os.path.join(folder, *path.split("/"))
        if not os.path.isfile(full) or not is_inside(full, os.path.realpath(folder)):
            continue
        parts = read_credits(decode(read_file(full, MAX_PAGE)) or "")
        if parts:
            names = tuple(sorted({part.name for part in parts}))
            return Credits(path, f"{place}/{path}", names, len({part.name for part in parts if part.text}))
    return None
