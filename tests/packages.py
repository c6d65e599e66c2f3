"""Files out of published packages, for tests that hold output against a schema of somebody else's."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
from functools import cache
from pathlib import Path

import pytest


@cache
def npm_file(package: str, path: str) -> str:
    """A text out of a package of the npm registry (`name@version`); the test skips where npm cannot bring it."""
    if shutil.which("npm") is None:
        pytest.skip(f"npm is not installed: {package} is not fetched")
    command = ("npm", "pack", "--silent", "--ignore-scripts", package)
    return _fetched(command, package, f"package/{path}")


@cache
def sdist_file(package: str, path: str) -> str:
    """A text out of the source distribution of a Python package (`name==version`); the test skips without it."""
    name, _equals, version = package.partition("==")
    command = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", name, package)
    return _fetched(command, package, f"{name}-{version}/{path}")


def _fetched(command: tuple[str, ...], package: str, path: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=300)
        archives = [*Path(folder).glob("*.tgz"), *Path(folder).glob("*.tar.gz")]
        if done.returncode or not archives:
            pytest.skip(f"the registry did not give {package}")
        with tarfile.open(fileobj=io.BytesIO(archives[0].read_bytes())) as archive:
            member = archive.extractfile(path)
            assert member is not None
            return member.read().decode()
