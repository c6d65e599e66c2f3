"""The hook reads the texts of a version that an earlier scan has seen, wherever that was; it asks nobody."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest

from licscan.evidence.build import record_npm, record_wheel
from licscan.evidence.store import name_key, user_evidence
from licscan.licenses.licensedb import license_text
from licscan.registry import Registry
from tests.evidence import made
from tests.hook.conftest import Repo, lock
from tests.registry.settings import Settings
from tests.registry.settings import npm as npm_component
from tests.registry.settings import pypi as pypi_component
from tests.registry.wire import Wire


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    """Registries of which nothing may be asked."""
    silent = Wire({})

    def of_user(*_project: object, offline: bool, **_how: object) -> Registry:
        return Registry(Settings(), adapter=silent, offline=offline)

    monkeypatch.setattr(Registry, "of_user", of_user)
    return silent


def keep_npm(name: str, version: str, **files: bytes) -> None:
    manifest = f'{{"name": "{name}", "version": "{version}", "license": "MIT"}}'.encode()
    draft = record_npm(io.BytesIO(made.npm({"package.json": manifest, **files})))
    key = Registry(Settings()).key(npm_component(name))
    user_evidence().put(draft, [name_key(key.replace("1.0.0", version), "npm", name, version)])


def test_the_text_of_a_version_seen_once_counts(shop: Repo, wire: Wire) -> None:
    keep_npm("left", "2.1.0", LICENSE=license_text("agpl-3.0").encode())
    shop.stage("package-lock.json", lock(("left", "2.1.0", "MIT")))
    status, said = shop.hook()
    assert status == 2, said
    assert "AGPL-3.0-only" in said
    assert "metadata alone" not in said
    assert wire.asked == []


def test_what_nobody_has_seen_is_said(shop: Repo, wire: Wire) -> None:
    keep_npm("right", "1.0.0", LICENSE=license_text("mit").encode())
    shop.stage("package-lock.json", lock(("left", "2.1.0", "MIT"), ("right", "1.0.0", None)))
    status, said = shop.hook()
    assert status == 0
    assert "Read: texts of 1 of 2 shipped packages, only metadata of 1." in said
    assert wire.asked == []


def test_a_wheel_seen_once_counts(repo: Repo, wire: Wire) -> None:
    text = license_text("agpl-3.0").encode()
    content = made.wheel({"x-1.0.dist-info/licenses/LICENSE": text}, "x")
    component = pypi_component("x")
    draft = record_wheel(io.BytesIO(content), "x-1.0-py3-none-any.whl")
    user_evidence().put(draft, [name_key(Registry(Settings()).key(component), "pypi", "x", "1.0")])
    repo.stage("requirements.txt", "x==1.0\n")
    status, said = repo.hook()
    assert "Neither installed nor cached" not in said
    assert (status, "AGPL-3.0" in said) == (1, True)
    assert wire.asked == []


def test_the_store_costs_the_hook_no_client_of_registries(shop: Repo) -> None:
    keep_npm("left", "2.1.0", LICENSE=license_text("mit").encode())
    shop.stage("package-lock.json", lock(("left", "2.1.0", "MIT")))
    code = "import sys; from licscan.cli import run; run(['hook']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], cwd=shop.top, capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert "licscan.locate.published" in loaded
    assert not loaded & {"requests", "urllib3", "pypi_simple", "requests_cache"}
