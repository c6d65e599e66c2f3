"""`licscan hook --online` over a wire of the tests."""

from __future__ import annotations

import pytest

from licscan.registry import Registry
from tests.hook.conftest import Repo, lock
from tests.registry.test_registry import INDEX, NPM, Settings, document, page, wheel
from tests.registry.wire import Wire

FILES = "https://files.pypi.example/click-8.0-py3-none-any.whl"
METADATA = b"Metadata-Version: 2.4\nName: click\nVersion: 8.0\nLicense-Expression: BSD-3-Clause\n"


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    """Registries that know some versions, in the place of those of the user; nothing is kept."""
    link = {"filename": "click-8.0-py3-none-any.whl", "url": FILES, "hashes": {}}
    made = Wire(
        {
            f"{NPM}left/2.1.0": document("left", "MIT", "2.1.0"),
            f"{NPM}left/2.2.0": document("left", "BUSL-1.1", "2.2.0"),
            f"{INDEX}click/": page(link),
            FILES: (200, {}, wheel(METADATA, "click-8.0.dist-info/METADATA")),
        }
    )
    monkeypatch.setattr(Registry, "of_user", lambda *_project, **_how: Registry(Settings(), adapter=made))
    return made


def test_offline_nobody_is_asked(shop: Repo, wire: Wire) -> None:
    shop.stage("package-lock.json", lock(("left", "2.1.0", None)))
    status, said = shop.hook()
    assert (status, wire.asked) == (2, [])
    assert "--online" in said


def test_what_the_registry_tells_lets_the_commit_pass(shop: Repo, wire: Wire) -> None:
    shop.stage("package-lock.json", lock(("left", "2.1.0", None)))
    status, _said = shop.hook("--online")
    assert status == 0
    assert f"{NPM}left/2.1.0" in wire.urls


def test_what_the_registry_tells_stops_the_commit(shop: Repo, wire: Wire) -> None:
    shop.stage("package-lock.json", lock(("left", "2.2.0", None)))
    status, said = shop.hook("--online")
    assert status == 1
    assert "BUSL-1.1" in said


def test_packages_of_python_are_asked_for(repo: Repo, wire: Wire) -> None:
    repo.stage("requirements.txt", "click==8.0\n")
    status, _said = repo.hook("--online")
    assert status == 0
    assert f"{INDEX}click/" in wire.urls


def test_what_the_registry_does_not_know_stays_unknown(shop: Repo, wire: Wire) -> None:
    shop.stage("package-lock.json", lock(("left", "9.9.9", None)))
    status, said = shop.hook("--online")
    assert status == 2
    assert "left 9.9.9" in said


def test_only_what_is_not_known_otherwise_is_asked_for(shop: Repo, wire: Wire) -> None:
    shop.stage("package-lock.json", lock(("left", "2.1.0", "MIT"), ("right", "1.0.0", None)))
    shop.hook("--online")
    assert wire.urls[0] == f"{NPM}right/1.0.0"
    assert not any("left" in url for url in wire.urls)
