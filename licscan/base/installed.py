"""Which version of a package is installed, told by the name of its folder of metadata."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def installed_version(package: str) -> str | None:
    """The version of a distribution that is named as its package; None where it is not installed.

    `importlib.metadata` imports the reader of e-mails, which is 50 ms of every scan; it is asked where the folder
    `PACKAGE-VERSION.dist-info` does not stand beside the package.
    """
    spec = find_spec(package)
    if spec is None:
        return None
    beside = Path(spec.origin).parents[1] if spec.origin else None
    found = sorted(beside.glob(f"{package}-*.dist-info")) if beside is not None else []
    if len(found) == 1:
        return found[0].name.removeprefix(f"{package}-").removesuffix(".dist-info")
    from importlib import metadata

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
