"""Places of evidence as people name them: `LICENSE:5 in lib-1.0.tgz`, whatever machine keeps the file where."""

from __future__ import annotations

from licscan.base.messages import _
from licscan.base.shown import shown_place
from licscan.model import Component, Location

_NPM_CACHE = "/_cacache/content-v2/"
_INSTALLED = ("/site-packages/", "/dist-packages/", "/node_modules/")


def evidence_place(component: Component, location: Location) -> str:
    """The file with its line, and what it is in."""
    line = "" if location.start_line is None else f":{location.start_line}"
    path = location.path
    if _NPM_CACHE in path:
        # algorithm, two folders of the hash and the rest of it
        file = "/".join(path.partition(_NPM_CACHE)[2].split("/")[4:])
        archive = f"{component.name.rpartition('/')[2]}-{component.version or ''}.tgz"
        return _("{file} in {archive}").format(file=file + line, archive=archive) if file else archive
    shown = shown_place(path + line)
    if shown != path + line or not path.startswith("/"):
        return shown
    for folder in _INSTALLED:
        if folder in path:
            return folder[1:] + path.rpartition(folder)[2] + line
    return _("{file} in {archive}").format(file="/".join(path.split("/")[-1:]) + line, archive=component.name)
