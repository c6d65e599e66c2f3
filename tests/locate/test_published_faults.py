"""Faults of registries, through to the store: one line each, the rest stands, nothing is kept by halves."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import requests

from licscan.evidence.store import EvidenceStore
from licscan.locate.caches import Caches
from licscan.locate.published import PublishedPackages
from licscan.locate.remote import RemoteLocator
from licscan.locate.trees import Trees
from licscan.model import Component, Problem
from licscan.registry import Registry
from tests.evidence import made
from tests.registry.settings import (
    FILES,
    INDEX,
    Settings,
    digest,
    in_ranges,
    listed,
    npm,
    page,
    pypi,
    tarball,
    tarball_url,
)
from tests.registry.wire import Answer, Endless, Said, Wire

TARBALL = tarball({"package.json": b'{"name": "a", "version": "1.0.0"}', "LICENSE": b"The text.\n" * 400})
OTHER = tarball({"package.json": b'{"name": "b", "version": "1.0.0"}', "LICENSE": b"Another text.\n"})
FILLER = {"x/data.bin": made.noise(400_000)}
WHEEL = made.wheel({**FILLER, "x-1.0.dist-info/licenses/LICENSE": b"The text.\n"}, "x")
Y_WHEEL = made.wheel({"y-1.0.dist-info/licenses/LICENSE": b"Another text.\n"}, "y")
NAMES = {"x": "x-1.0-py3-none-any.whl", "y": "y-1.0-py3-none-any.whl"}


def read(
    folder: Path, wire: Wire, *components: Component
) -> tuple[tuple[Problem, ...], set[str], dict[str, int], EvidenceStore]:
    """What went wrong, what is known afterwards, and how much of each ecosystem the store holds."""
    store = EvidenceStore(folder / "evidence.sqlite")
    published = PublishedPackages(store, Registry(Settings(), adapter=wire, facts=False), Trees(Caches(folder)))
    _found, problems = RemoteLocator(published.registry, 1).locate(components, (), published.consume)
    again = PublishedPackages(store, Registry(Settings(), adapter=Wire({}), offline=True), Trees(Caches(folder)))
    return problems, set(again.known(components)), dict(store.info().packages), store


def only(problems: tuple[Problem, ...]) -> str:
    assert len(problems) == 1
    assert "\n" not in problems[0].message
    assert "report it" not in problems[0].message
    return problems[0].message


def pinned(content: bytes, *, length: int | None = None) -> Said:
    return 200, {"Content-Length": str(len(content) if length is None else length)}, content


@cache
def bomb() -> bytes:
    """A tarball of a few bytes that unpacks to many."""
    manifest = b'{"name": "a", "version": "1.0.0"}'
    return tarball({"package.json": manifest, "LICENSE": b"x", "zeros": bytes(300_000_000)})


NPM_FAULTS: dict[str, tuple[Answer, str, bytes | Callable[[], bytes]]] = {
    "truncated": (pinned(TARBALL[:-60], length=len(TARBALL)), "ended early", TARBALL),
    "cut-off-quietly": (pinned(TARBALL[:-60]), "not the one that the lockfile pins", TARBALL),
    "longer-than-said": (pinned(TARBALL, length=len(TARBALL) * 2), "ended early", TARBALL),
    "wrong-hash": (pinned(OTHER), "not the one that the lockfile pins", TARBALL),
    "another-package": (pinned(OTHER), "contains b instead", OTHER),
    "page-with-200": (pinned(b"<html>log in</html>"), "not the one that the lockfile pins", TARBALL),
    "pinned-but-damaged": (pinned(TARBALL[:-60]), "is truncated", TARBALL[:-60]),
    "bomb": (lambda _request: pinned(bomb()), "", bomb),
    "404": ((404, {}, b""), "does not have it", TARBALL),
    "429": ((429, {"Retry-After": "3600"}, b""), "too many requests", TARBALL),
    "500": ((500, {}, b""), "an internal error", TARBALL),
    "no-answer": (requests.ConnectTimeout("x"), "no answer in time", TARBALL),
}


@pytest.mark.parametrize("name", NPM_FAULTS)
def test_a_tarball(name: str, tmp_path: Path) -> None:
    answer, said, found = NPM_FAULTS[name]
    content = found() if callable(found) else found
    wire = Wire({tarball_url("a"): answer, tarball_url("b"): pinned(OTHER)})
    components = npm("a", (digest(content),), tarball_url("a")), npm("b", (digest(OTHER),), tarball_url("b"))
    problems, known, packages, store = read(tmp_path, wire, *components)
    assert said in only(problems)
    assert problems[0].subject == components[0].purl
    expected = {components[1].purl}
    assert (known, packages) == (expected, {"npm": 1})
    assert store.info().blobs == 2  # the manifest and the text of the other one


def test_a_slow_tarball(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("licscan.registry.archive.GRACE", 0.1)
    monkeypatch.setattr("licscan.registry.wire.MAX_SECONDS", 0.2)
    wire = Slow({tarball_url("a"): (200, {}, b"")})
    problems, known, packages, _store = read(tmp_path, wire, npm("a", (digest(TARBALL),), tarball_url("a")))
    assert "took too long" in only(problems)
    assert (known, packages) == (set(), {})


class Slow(Wire):
    """Every answer drips, also the second one."""

    def send(self, *args: Any, **kwargs: Any) -> requests.Response:
        self.body = Endless(pause=0.01)
        return super().send(*args, **kwargs)


def ranges(change: Callable[[int, dict[str, str], bytes], tuple[dict[str, str], bytes]]) -> Answer:
    """A server of the wheel's ranges that changes its answers; it is told which one it is."""
    honest = in_ranges(WHEEL)
    count = [0]

    def answer(request: requests.PreparedRequest) -> tuple[int, dict[str, str], bytes]:
        status, headers, body = honest(request)  # type: ignore[operator]
        count[0] += 1
        headers, body = change(count[0], dict(headers), body)
        return status, headers, body

    return answer


@cache
def bomb_wheel() -> bytes:
    """A wheel of a few bytes that unpacks to many."""
    return made.wheel({**FILLER, "x/zeros.so": bytes(400_000_000)}, "x")


WHEEL_FAULTS: dict[str, tuple[Answer, str]] = {
    "short-ranges": (ranges(lambda n, headers, body: (headers, body[: len(body) // 2])), "ended early"),
    "short-later": (ranges(lambda n, h, body: (h, body if n < 2 else body[:7])), "ended early"),
    "lying-range": (ranges(lambda n, h, body: (h | {"Content-Range": "bytes 0-9/10"}, body)), "not the part"),
    "lying-bytes": (ranges(lambda n, h, body: (h, bytes(len(body)))), ""),
    "changed": (ranges(lambda n, h, body: (h | {"ETag": f'"{n}"'}, body)), "changed while it was read"),
    "404": ((404, {}, b""), "does not have it"),
    "429": ((429, {"Retry-After": "3600"}, b""), "too many requests"),
    "whole-but-other": ((200, {}, WHEEL[:-1] + b"x"), "not the one"),
    "bomb": (lambda request: in_ranges(bomb_wheel())(request), ""),
}


@pytest.mark.parametrize("name", WHEEL_FAULTS)
def test_a_wheel(name: str, tmp_path: Path) -> None:
    answer, said = WHEEL_FAULTS[name]
    # metadata first: the reader has to come back for them
    entry = listed(NAMES["x"], WHEEL)
    answers: dict[str, Answer] = {
        f"{INDEX}x/": page(entry),
        f"{INDEX}y/": page(listed(NAMES["y"], Y_WHEEL)),
        f"{FILES}{NAMES['x']}": answer,
        f"{FILES}{NAMES['y']}": (200, {}, Y_WHEEL),
    }
    x, y = pypi("x", (digest(WHEEL, "sha256"),)), pypi("y", (digest(Y_WHEEL, "sha256"),))
    problems, known, packages, _store = read(tmp_path, Wire(answers), x, y)
    assert said in only(problems)
    assert problems[0].subject == x.purl
    assert (known, packages) == ({y.purl}, {"pypi": 1})
