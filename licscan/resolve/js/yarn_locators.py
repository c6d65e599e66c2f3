"""The locators of yarn 2 and later, `name@protocol:reference`: which package they name and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote

from licscan.base.tree import join
from licscan.model import Source, SourceKind
from licscan.resolve.js.archives import source_of_archive
from licscan.resolve.js.manifest import source_of
from licscan.resolve.js.pnpm_keys import split_at
from licscan.resolve.js.sources import clean_url

UNKNOWN = Source()
_FOLDERS = ("link:", "portal:")
_ARCHIVES = (".tgz", ".tar.gz", ".tar")


@dataclass(frozen=True, slots=True)
class Locator:
    """A package in the lock: `member` is the folder of a workspace member, `folder` one whose contents are taken."""

    name: str
    reference: str
    member: str | None = None
    folder: str | None = None
    source: Source = UNKNOWN
    patches: tuple[str, ...] = ()
    script: str | None = None


def locator_of(text: str, root: str) -> Locator:
    """A `resolution` of the lock, whose folder is `root`; patches are taken off and virtual instances made plain."""
    name, reference = split_at(text)
    reference = reference or ""
    patches: list[str] = []
    while True:
        if reference.startswith("virtual:"):
            reference = reference.partition("#")[2]
        elif reference.startswith("patch:"):
            inner, found = _unpatch(reference, root)
            patches += found
            name, plain = split_at(inner)
            reference = plain or ""
        else:
            break
    return _plain(name, reference, root, tuple(sorted(set(patches))))


def _plain(name: str, reference: str, root: str, patches: tuple[str, ...]) -> Locator:
    address, parameters = parameters_of(reference)
    base = _bound_folder(parameters, root)
    path = address.partition(":")[2].partition("#")[0]
    if address.startswith("workspace:"):
        return Locator(name, reference, member=join(root, path))
    if address.startswith(_FOLDERS):
        return Locator(name, reference, folder=join(base, path), patches=patches)
    if address.startswith("file:"):
        if not path.endswith(_ARCHIVES):
            return Locator(name, reference, folder=join(base, path), patches=patches)
        return Locator(name, reference, source=Source(SourceKind.PATH, join(base, path)), patches=patches)
    if address.startswith("exec:"):
        source = Source(SourceKind.PATH, join(base, path))
        return Locator(name, reference, source=source, patches=patches, script=source.url)
    if address.startswith("npm:"):
        archive = parameters.get("__archiveUrl")
        source = Source(SourceKind.REGISTRY, clean_url(archive) if archive else None)
        return Locator(name, reference, source=source, patches=patches)
    source = source_of_archive(address) or (source_of(address) if ":" in address else UNKNOWN)
    return Locator(name, reference, source=source, patches=patches)


def parameters_of(reference: str) -> tuple[str, dict[str, str]]:
    """A reference without its `::name=value&...`, and those."""
    plain, _, parameters = reference.partition("::")
    if not parameters:
        return plain, {}
    return plain, dict(parse_qsl(parameters, max_num_fields=100)) if parameters.count("&") < 100 else {}


def _bound_folder(parameters: dict[str, str], root: str) -> str:
    """The folder of the workspace that a relative path is bound to."""
    bound = parameters.get("locator", "")
    return join(root, bound.partition("@workspace:")[2]) if "@workspace:" in bound else root


def _unpatch(reference: str, root: str) -> tuple[str, list[str]]:
    """What is patched, and with which files: `patch:<locator, escaped>#<paths, joined by &>::<parameters>`."""
    address, parameters = parameters_of(reference.removeprefix("patch:"))
    inner, _, paths = address.partition("#")
    base = _bound_folder(parameters, root)
    return unquote(inner), [_patch_file(path, base, root) for path in paths.split("&") if path]


def _patch_file(path: str, base: str, root: str) -> str:
    """A patch relative to the scanned root; yarn's own keep their name, `builtin<compat/fsevents>`."""
    path = path.removeprefix("optional!")
    if path.startswith("~/"):
        return join(root, path[2:])
    path = path.removeprefix("~")
    return path if path.startswith("builtin<") else join(base, path)


def patched_descriptor(text: str) -> str | None:
    """The descriptor below a patched one: `a@patch:a@npm%3A^1#...` is made of `a@npm:^1`."""
    requirement = split_at(text)[1] or ""
    return unquote(requirement.removeprefix("patch:").partition("#")[0]) if requirement.startswith("patch:") else None


def condition_of(text: str) -> str | None:
    """`os=darwin & (cpu=x64 | cpu=arm64)` as `os=darwin cpu=x64,arm64`; `!os=win32` as `os=!win32`."""
    parts = []
    for part in text.split("&"):
        choices = [choice.strip().partition("=") for choice in part.strip().strip("()").split("|")]
        field = choices[0][0].removeprefix("!")
        if field and all(choice[0].removeprefix("!") == field and choice[2] for choice in choices):
            values = ["!" * choice[0].startswith("!") + choice[2] for choice in choices]
            parts.append(f"{field}={','.join(values)}")
    return " ".join(parts) or None
