"""Who supplies a component: the author or maintainer that its own installed metadata names.

A scan keeps what is said of licenses, so this is read again from the folders where a component is installed; where
they are gone, nobody is known, and nobody is made up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from email.utils import getaddresses
from pathlib import Path
from typing import Any

from licscan.base.errors import InputError
from licscan.base.files import read_file
from licscan.model import Component
from licscan.packages.core_metadata import first, read_headers
from licscan.packages.purls import strip_credentials
from licscan.sbom.model import Party

MAX_METADATA = 4 * 1024 * 1024
MAX_NAME = 300
_PERSON = re.compile(r"\s*([^<(]*)(?:<([^>]*)>)?\s*(?:\(([^)]*)\))?")
_UNKNOWN = frozenset({"", "unknown", "none", "n/a", "author", "your name"})


def parties_of(components: Iterable[Component], root: Path) -> dict[str, tuple[Party, ...]]:
    """Author and maintainers of each installed component, by PackageURL; those that name nobody are not in it."""
    found = {component.purl: _installed(component, root) for component in components if component.installed_at}
    return {purl: parties for purl, parties in found.items() if parties}


def _installed(component: Component, root: Path) -> tuple[Party, ...]:
    for place in component.installed_at:
        folder = root / place
        if component.ecosystem == "npm":
            parties = _npm(folder)
        else:
            parties = next(filter(None, (_python(folder / name) for name in ("METADATA", "PKG-INFO"))), ())
        if parties:
            return parties
    return ()


def _npm(folder: Path) -> tuple[Party, ...]:
    from licscan.base.load import load_json

    try:
        path = folder / "package.json"
        data = load_json(read_file(path, MAX_METADATA).decode("utf-8", "replace"), path.name)
    except (InputError, OSError, ValueError):
        return ()
    return npm_parties(data) if isinstance(data, dict) else ()


def npm_parties(data: Mapping[str, Any]) -> tuple[Party, ...]:
    """What a package.json names: its author, else its maintainers, else its contributors."""
    home = data.get("homepage")
    fallback = home if isinstance(home, str) else ""
    for field in ("author", "maintainers", "contributors"):
        value = data.get(field)
        people = value if isinstance(value, list) else [value]
        parties = tuple(filter(None, (_npm_person(person, fallback) for person in people[:20])))
        if parties:
            return parties
    return ()


def _npm_person(value: object, home: str) -> Party | None:
    if isinstance(value, dict):
        parts = [value.get(key) for key in ("name", "email", "url")]
        name, email, url = (part if isinstance(part, str) else "" for part in parts)
    elif isinstance(value, str) and (match := _PERSON.match(value[: 3 * MAX_NAME])):
        name, email, url = (part or "" for part in match.groups())
    else:
        return None
    return party(name, email, url or home)


def _python(path: Path) -> tuple[Party, ...]:
    try:
        headers = read_headers(read_file(path, MAX_METADATA))
    except (InputError, OSError):
        return ()
    return python_parties(headers)


def python_parties(headers: tuple[tuple[str, str], ...]) -> tuple[Party, ...]:
    """What core metadata names: the author, else the maintainer, each by name and address."""
    home = first(headers, "home-page") or next((_link(v) for n, v in headers if n == "project-url"), "")
    for field in ("author", "maintainer"):
        named = first(headers, field) or ""
        addresses = getaddresses([(first(headers, f"{field}-email") or "")[:2_000]])
        people = [party(name or (named if len(addresses) == 1 else ""), email, home) for name, email in addresses]
        parties = tuple(filter(None, people)) or tuple(filter(None, (party(named, "", home),)))
        if parties:
            return parties
    return ()


def _link(value: str) -> str:
    return value.partition(",")[2].strip()


def party(name: str, email: str, url: str) -> Party | None:
    """A party of these parts, tidied; None where neither a name nor an address is left."""
    name, email, url = (" ".join(part.split())[:MAX_NAME] for part in (name, email, url))
    if name.casefold() in _UNKNOWN:
        name = ""
    if email.count("@") != 1 or re.search(r"[\s<>(),;]", email):
        email = ""
    url = strip_credentials(url) if url.startswith(("http://", "https://")) else ""
    return Party(name or email, email, url) if name or email else None
