"""A small consumer of archives, and a run of the locator over a wire."""

from __future__ import annotations

import tarfile
import zipfile
from typing import Any

from licscan.base.errors import InputError
from licscan.locate.remote import RemoteLocator
from licscan.model import Component, Origin, PackageFiles, Problem
from licscan.registry import Registry
from licscan.registry.archive import Archive
from tests.registry.settings import (
    Settings,
)
from tests.registry.wire import Answer, Wire

MAX_UNPACKED = 1024 * 1024
WHEEL = "x-1.0-py3-none-any.whl"
Kept = dict[str, dict[str, bytes]]


class Reader:
    """A small consumer: the texts of an archive, kept once they are verified."""

    def __init__(self) -> None:
        self.kept: Kept = {}
        self.hashes: dict[str, tuple[str, ...]] = {}
        self.facts: dict[str, Any] = {}
        self.partial: dict[str, bool] = {}

    def __call__(self, component: Component, archive: Archive) -> PackageFiles:
        files = _of_wheel(archive) if archive.file is not None else _of_stream(archive)
        self.hashes[component.purl] = archive.verify()
        self.kept[component.purl] = files
        self.facts[component.purl] = archive.facts
        self.partial[component.purl] = archive.partial
        return PackageFiles(Origin.REGISTRY, archive.url, license_files=tuple(sorted(files)))


def _of_stream(archive: Archive) -> dict[str, bytes]:
    files, size = {}, 0
    try:
        with tarfile.open(fileobj=archive.stream, mode="r|gz") as tar:
            for member in tar:
                size += member.size
                if size > MAX_UNPACKED:
                    raise InputError("its archive unpacks to too much")
                reader = tar.extractfile(member)
                files[member.name] = reader.read() if reader else b""
    except (tarfile.TarError, EOFError, OSError) as error:
        raise InputError("its archive is damaged") from error
    if "package/package.json" not in files and archive.kind == "npm":
        raise InputError("its archive has no package.json")
    return files


def _of_wheel(archive: Archive) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(archive.file) as packed:  # type: ignore[arg-type]
            return {name: packed.read(name) for name in packed.namelist() if ".dist-info/" in name}
    except zipfile.BadZipFile as error:
        raise InputError("its archive is damaged") from error


def read(
    answers: dict[str, Answer], *components: Component, clients: Any = None, facts: bool = True, jobs: int = 2
) -> tuple[Reader, tuple[Problem, ...], Wire]:
    wire, reader = Wire(answers), Reader()
    registry = Registry(clients or Settings(), adapter=wire, facts=facts)
    _found, problems = RemoteLocator(registry, jobs).locate(components, components, reader)
    return reader, problems, wire


def only(problems: tuple[Problem, ...]) -> str:
    assert len(problems) == 1
    assert "\n" not in problems[0].message
    assert "report it" not in problems[0].message
    return problems[0].message
