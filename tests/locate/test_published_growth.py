"""Reading many published archives, and finding them again, takes as much longer as there are more of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from licscan.base.caches import CacheUse
from licscan.evidence.store import EvidenceStore
from licscan.locate import Caches, Trees
from licscan.locate.listings import user_listings
from licscan.locate.published import PublishedPackages
from licscan.locate.remote import RemoteLocator
from licscan.model import Component, Source, SourceKind
from licscan.packages import purls
from licscan.registry import Registry
from tests.growth import assert_linear
from tests.registry.settings import Settings, tarball, tarball_url
from tests.registry.wire import Answer, Wire


def component(number: int) -> Component:
    name = f"package-{number}"
    source = Source(SourceKind.REGISTRY, tarball_url(name))
    return Component(purls.npm(name, "1.0.0"), name, "1.0.0", "npm", source=source)


def archive(name: str) -> bytes:
    manifest = json.dumps({"name": name, "version": "1.0.0", "license": "MIT"}).encode()
    return tarball({"package.json": manifest, "LICENSE": f"MIT, Copyright {name}".encode()})


def reader(size: int, folder: Path) -> tuple[RemoteLocator, PublishedPackages, list[Component]]:
    every = [component(number) for number in range(size)]
    answers: dict[str, Answer] = {tarball_url(one.name): (200, {}, archive(one.name)) for one in every}
    registry = Registry(Settings(), adapter=Wire(answers), facts=False)
    packages = PublishedPackages(
        EvidenceStore(folder / f"{size}.sqlite"), registry, Trees(Caches(folder), user_listings(CacheUse()))
    )
    return RemoteLocator(registry, 2), packages, every


def test_reading_is_linear(tmp_path: Path) -> None:
    def work(size: int) -> Callable[[], object]:
        locator, packages, every = reader(size, tmp_path)

        def read() -> None:
            found, problems = locator.locate(every, every, packages.consume)
            assert (len(found), problems) == (size, ())

        return read

    assert_linear(work, 800)


def test_finding_again_is_linear(tmp_path: Path) -> None:
    def work(size: int) -> Callable[[], object]:
        locator, packages, every = reader(size, tmp_path)
        locator.locate(every, every, packages.consume)
        return lambda: packages.known(every)

    assert_linear(work, 800)


def test_received_bytes_are_counted_once(tmp_path: Path) -> None:
    use = CacheUse()
    one = component(1)
    content = archive(one.name)
    registry = Registry(Settings(), adapter=Wire({tarball_url(one.name): (200, {}, content)}), facts=False, use=use)
    with registry.archive(one) as opened:
        assert opened.stream is not None
        opened.stream.read(10)
        opened.verify()
        opened.close()
    assert use.received == len(content)
