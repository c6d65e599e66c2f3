"""One entry of `packages` in pnpm-lock.yaml as a component: its name, version, source, hashes and condition."""

from __future__ import annotations

import re
from collections.abc import Mapping

from licscan.base.errors import FormatError
from licscan.base.messages import _
from licscan.base.shape import Shape
from licscan.base.tree import join
from licscan.model import Source, SourceKind
from licscan.packages import purls
from licscan.resolve.builder import Builder
from licscan.resolve.js.archives import source_of_archive
from licscan.resolve.js.manifest import bundled_names, integrity_hashes, source_of, valid_name
from licscan.resolve.js.members import Members
from licscan.resolve.js.pnpm_keys import Key
from licscan.resolve.js.sources import clean_url, vcs_url


def add_package(
    builder: Builder, members: Members, folder: str, key: Key, entry: Shape, line: int | None, patches: tuple[str, ...]
) -> str:
    """Add the component of an entry; its PackageURL. FormatError where it has no name."""
    own_name = entry.text("name")
    name = own_name or key.name
    if not name or not valid_name(name):
        raise FormatError(_("has no name"), path=entry.file, place=entry.place)
    # an entry that brings its name is not from the registry: its key may look like `host/owner/repository`
    version = entry.text("version") or (None if own_name else key.version)
    resolution = entry.table("resolution")
    directory = resolution.text("directory")
    if directory is not None:
        return members.local(join(folder, directory), name, version, line, answered=True)
    source = source_in(resolution, key, folder)
    bundled = bundled_names({"bundledDependencies": entry.data.get("bundledDependencies")})
    purl = builder.package(
        purl_of(name, version, source, key, (resolution.text("path") or "").strip("/") or None),
        name,
        version,
        line=line,
        source=source,
        hashes=integrity_hashes(resolution.text("integrity")),
        condition=condition_of(entry),
        resolved=version is not None or source.kind is not SourceKind.REGISTRY,
        patches=patches,
    )
    # the lock lists the names of what is in the archive, and nothing else of it
    builder.bundle(purl, bundled)
    return purl


def purl_of(name: str, version: str | None, source: Source, key: Key, folder: str | None = None) -> str:
    """The PackageURL: a qualifier tells what is not from a registry; a JavaScript runtime is no npm package.

    `folder` is the part of a repository that the package is made of (`#path:`).
    """
    if key.address and key.address.startswith("runtime:"):
        return purls.build("generic", None, name, version or key.address.removeprefix("runtime:"))
    if source.kind is SourceKind.GIT:
        return purls.npm(name, version, vcs_url=source.url, subpath=folder)
    if source.kind is SourceKind.URL:
        return purls.npm(name, version, download_url=source.url, subpath=folder)
    return purls.npm(name, version)


def source_in(resolution: Shape, key: Key, folder: str) -> Source:
    """Where the bytes come from; a key with a plain version stands for the registry, whatever its tarball's host."""
    if key.address and key.address.startswith("runtime:"):
        # a JavaScript runtime comes from its makers' site, for each platform an archive of its own
        return Source(SourceKind.URL)
    if repository := resolution.text("repo"):
        commit = resolution.text("commit")
        return Source(SourceKind.GIT, vcs_url(f"{repository}#{commit}" if commit else repository))
    tarball = resolution.text("tarball")
    if tarball is None:
        return source_of(key.address) if key.address else Source(SourceKind.REGISTRY)
    if tarball.startswith("file:"):
        return Source(SourceKind.PATH, join(folder, tarball.removeprefix("file:")))
    if repository_source := source_of_archive(tarball):
        return repository_source
    if key.address is None:
        return Source(SourceKind.REGISTRY, clean_url(tarball))
    return source_of(tarball)


def condition_of(entry: Shape) -> str | None:
    """The platforms that the entry names, `os=darwin cpu=arm64,x64`."""
    parts = []
    for field in ("os", "cpu", "libc"):
        value = entry.data.get(field)
        values = [value] if isinstance(value, str) else entry.texts(field)
        # `any` is how packages spell that they do not care
        if values and values != ["any"]:
            parts.append(f"{field}={','.join(values)}")
    return " ".join(parts) or None


class Patches:
    """`patchedDependencies`: the patch file of a package, by the hash in its key or by `name@version`.

    Since pnpm 11 the lock has hashes alone; the paths are in `configured` (pnpm-workspace.yaml or package.json).
    """

    def __init__(self, table: Shape, configured: Mapping[str, str], folder: str):
        self._files: dict[str, str] = {}
        self._hashes: dict[str, str] = {}
        for selector, value in table.data.items():
            about = value if isinstance(value, dict) else {"hash": value, "path": configured.get(str(selector))}
            digest, path = about.get("hash"), about.get("path")
            digest = digest if isinstance(digest, str) else None
            file = join(folder, path) if isinstance(path, str) else f"patch_hash={digest}"
            self._files[str(selector)] = file
            if digest:
                self._hashes[digest] = file

    def of(self, key: Key) -> tuple[str, ...]:
        """The patches of a package with this key."""
        if not self._files:
            return ()
        found = re.search(r"patch_hash=([^()]+)", key.suffix)
        digest = found[1] if found else key.suffix.strip("_()").partition("_")[0]
        if digest in self._hashes:
            return (self._hashes[digest],)
        file = self._files.get(f"{key.name}@{key.version}") or self._files.get(key.name or "")
        return (file,) if file else ()
