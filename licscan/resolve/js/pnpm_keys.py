"""The keys of pnpm-lock.yaml: how each version of the format writes a package, and a reference to one.

| lockfileVersion | key | key with peers |
|---|---|---|
| 5.x | `/name/1.2.3` | `/name/1.2.3_react@18.2.0` |
| 6.x, 7.0 | `/name@1.2.3` | `/name@1.2.3(react@18.2.0)` |
| 9.0 | `name@1.2.3` | `name@1.2.3(react@18.2.0)` |

What is not from the registry has its address in place of the version (9.0) or as the whole key (before).
"""

from __future__ import annotations

from dataclasses import dataclass

REGISTRY_BEFORE = ("file:", "link:", "http:", "https:", "git:", "git+", "github.com/", "gitlab.com/", "bitbucket.org/")


@dataclass(frozen=True, slots=True)
class Key:
    """A key taken apart: `base` is the key without peers, `version` None where an address stands in its place."""

    base: str
    suffix: str
    name: str | None = None
    version: str | None = None
    address: str | None = None


def split_suffix(key: str) -> tuple[str, str]:
    """The key and its run of balanced `(...)` at the end; brackets inside an address stay where they are."""
    start = end = len(key)
    while start and key[start - 1] == ")":
        depth = 0
        for index in range(start - 1, -1, -1):
            depth += (key[index] == ")") - (key[index] == "(")
            if depth == 0:
                start = index
                break
        else:
            break
    return key[:start], key[start:end]


def parse_key(key: str, major: int) -> Key:
    """A key of `packages` or `snapshots`."""
    if major < 6:
        return _parse_5(key)
    base, suffix = split_suffix(key)
    if major < 9:
        if not base.startswith("/"):
            return Key(base, suffix, address=base)
        name, version = split_at(base[1:])
        return Key(base, suffix, name or None, version)
    name, version = split_at(base)
    if version and _is_address(version):
        return Key(base, suffix, name, address=version)
    return Key(base, suffix, name or None, version)


def _parse_5(key: str) -> Key:
    """`/@scope/name/1.2.3_peers`; with a host in front where the registry is another one."""
    if key.startswith(REGISTRY_BEFORE) or key.startswith("@"):
        return Key(key, "", address=key)
    parts = key.split("/")[1:]
    width = 2 if parts and parts[0].startswith("@") else 1
    if len(parts) <= width:
        return Key(key, "", address=key)
    # peers follow `_`, in the oldest files a further `/`; neither occurs in a version
    version = parts[width].partition("_")[0]
    name = "/".join(parts[:width])
    base = "/".join((key.partition("/")[0], name, version))
    return Key(base, key[len(base) :], name, version)


def split_at(text: str) -> tuple[str, str | None]:
    """`@scope/name@rest` as name and rest; None where there is no rest."""
    at = text.find("@", 1)
    return (text, None) if at < 0 else (text[:at], text[at + 1 :])


def _is_address(version: str) -> bool:
    return ":" in version or "/" in version


def key_of(name: str, reference: str, major: int) -> str:
    """The key that a dependency `name: reference` stands for: an alias brings its own name along."""
    if major < 6:
        return reference if "/" in reference or ":" in reference else f"/{name}/{reference}"
    head = split_suffix(reference)[0]
    if major < 9:
        return reference if "/" in head or ":" in head else f"/{name}@{reference}"
    at, colon = head.find("@"), head.find(":")
    if head.startswith("@") or (at > 0 and (colon < 0 or at < colon)):
        return reference
    return f"{name}@{reference}"
