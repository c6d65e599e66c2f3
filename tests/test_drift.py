"""What counts as a change of license between two versions, and how grave each is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from licscan.cli import run
from licscan.compare.drift import Earlier, drift, pair
from licscan.judge import Policy, judge
from licscan.model import (
    NOASSERTION,
    NONE,
    Component,
    Conclusion,
    Copyright,
    Dependency,
    Evidence,
    EvidenceKind,
    Finding,
    Graph,
    Location,
    Origin,
    Scope,
    Severity,
    Verdict,
)

ROOT = Component("pkg:npm/shop@1.0.0", "shop", "1.0.0", "npm", manifest="package.json")


def said(license_id: str) -> Evidence:
    where = Location("node_modules/left/package.json")
    return Evidence(EvidenceKind.DECLARED, "license", license_id, license_id, Origin.INSTALLED, where, "spdx", 1.0)


def text(license_id: str, digest: str, kind: EvidenceKind = EvidenceKind.FILE, name: str = "LICENSE") -> Evidence:
    where = Location(f"node_modules/left/{name}", 1, 20)
    return Evidence(kind, name, license_id, license_id, Origin.INSTALLED, where, "text", 1.0, sha256=digest * 64)


def concluded(version: str, license_id: str, *evidence: Evidence, **more: object) -> Conclusion:
    detected = license_id if any(one.sha256 for one in evidence) else None
    made = Conclusion(f"pkg:npm/left@{version}", license_id, detected, license_id, "", evidence=evidence)
    return replace(made, **more)  # type: ignore[arg-type]


def by(holder: str, years: str = "2020") -> tuple[Copyright, ...]:
    return (Copyright("node_modules/left/LICENSE", 3, f"Copyright (c) {years} {holder}", holder, years),)


MIT = concluded("1.0.0", "MIT", said("MIT"), text("MIT", "a"), copyrights=by("Ada"))


@pytest.mark.parametrize(
    ("new", "told"),
    [
        pytest.param(concluded("1.1.0", "BUSL-1.1", said("BUSL-1.1")), "license", id="another license"),
        pytest.param(
            concluded("1.1.0", NOASSERTION, said("SEE LICENSE")), "license", id="a license that nobody can tell"
        ),
        pytest.param(concluded("1.1.0", NONE, said("UNLICENSED")), "license", id="no license any more"),
        pytest.param(
            concluded("1.1.0", "MIT", said("MIT"), text("ISC", "b"), copyrights=by("Ada")), "text", id="a text"
        ),
        pytest.param(concluded("1.1.0", "MIT", said("MIT"), detected=NONE), "gone", id="a text that went"),
        pytest.param(
            concluded("1.1.0", "MIT", said("MIT"), text("MIT", "b"), copyrights=by("Bob")), "names", id="a holder"
        ),
        pytest.param(
            concluded("1.1.0", "MIT", said("MIT"), text("MIT", "b"), copyrights=by("Ada", "2021")), "names", id="a year"
        ),
        pytest.param(
            concluded("1.1.0", "MIT", said("MIT"), text("MIT", "b"), copyrights=by("Ada")), "", id="white space"
        ),
        pytest.param(concluded("1.1.0", "MIT", said("MIT")), "", id="nobody looked at the texts"),
        pytest.param(concluded("1.1.0", NOASSERTION), "", id="nobody looked at all"),
        pytest.param(concluded("1.1.0", "ISC", said("ISC"), clarified="read"), "", id="a person has answered"),
        pytest.param(
            concluded("1.0.0", "ISC", said("ISC"), text("MIT", "a")), "", id="the same version, the same texts"
        ),
        pytest.param(concluded("1.0.0", "ISC", text("ISC", "b")), "license", id="the same version with other texts"),
    ],
)
def test_what_changed(new: Conclusion, told: str) -> None:
    found = drift(MIT, new)
    assert [name for name in ("license", "text", "gone", "names") if getattr(found, name)] == ([told] if told else [])


def test_a_notice_that_vanishes() -> None:
    before = concluded("1.0.0", "Apache-2.0", text("Apache-2.0", "a"), notice_files=("node_modules/left/NOTICE",))
    found = drift(before, concluded("1.1.0", "Apache-2.0", text("Apache-2.0", "a")))
    assert "node_modules/left/NOTICE" in found.gone


def test_the_message_has_both_sides() -> None:
    message = drift(MIT, concluded("1.1.0", "BUSL-1.1", said("BUSL-1.1"))).license
    assert message.startswith("The license was MIT (license, node_modules/left/package.json) and is now BUSL-1.1 (")


def graph(*versions: str, scope: Scope = Scope.RUNTIME) -> Graph:
    purls = [f"pkg:npm/left@{version}" for version in versions]
    left = tuple(Component(p, "left", v, "npm", scopes=(scope,)) for p, v in zip(purls, versions, strict=True))
    return Graph((ROOT.purl,), (*left, ROOT), tuple(Dependency(ROOT.purl, purl, scope) for purl in purls))


def earlier(*versions: str) -> list[Earlier]:
    return [Earlier("npm", "left", version, concluded(version, "MIT", said("MIT"))) for version in versions]


@pytest.mark.parametrize(
    ("before", "now", "pairs"),
    [
        (["1.0.0"], ["1.1.0"], {"1.1.0": "1.0.0"}),
        (["1.0.0", "2.0.0"], ["1.0.0", "2.1.0"], {"1.0.0": "1.0.0", "2.1.0": "2.0.0"}),
        (["1.9.0", "1.10.0"], ["1.11.0"], {"1.11.0": "1.10.0"}),
        (["3.0.0"], ["1.0.0"], {"1.0.0": "3.0.0"}),
        (["1.0.0"], ["1.0.0", "5.0.0"], {"1.0.0": "1.0.0", "5.0.0": "1.0.0"}),
        ([], ["1.0.0"], {}),
    ],
)
def test_which_version_it_is_held_against(before: list[str], now: list[str], pairs: dict[str, str]) -> None:
    found = pair(graph(*now), earlier(*before))
    assert {purl.rpartition("@")[2]: one.version for purl, one in found.items()} == pairs
    assert pair(graph(*now), reversed(earlier(*before))) == found


def judged(old: str, new: str, scope: Scope = Scope.RUNTIME) -> Finding:
    shown = graph("1.1.0", scope=scope)
    held = pair(shown, [Earlier("npm", "left", "1.0.0", concluded("1.0.0", old, said(old)))])
    conclusions = {"pkg:npm/left@1.1.0": concluded("1.1.0", new, said(new))}
    found = judge(shown, conclusions, (), Policy(), earlier=held)
    (one,) = (finding for finding in found if finding.code == "license-drift")
    return one


@pytest.mark.parametrize(
    ("old", "new", "severity", "verdict"),
    [
        ("MIT", "GPL-3.0-only", Severity.ERROR, Verdict.CANNOT_TELL),
        ("MIT", "BUSL-1.1", Severity.ERROR, Verdict.CANNOT_TELL),
        ("MIT", NOASSERTION, Severity.ERROR, Verdict.CANNOT_TELL),
        ("MIT", "MPL-2.0", Severity.WARNING, Verdict.CANNOT_TELL),
        ("GPL-3.0-only", "MIT", Severity.NOTE, Verdict.OK),
        ("MIT", "ISC", Severity.NOTE, Verdict.OK),
    ],
)
def test_how_grave_it_is(old: str, new: str, severity: Severity, verdict: Verdict) -> None:
    found = judged(old, new)
    assert (found.severity, found.verdict) == (severity, verdict)


def test_what_is_not_shipped_gives_a_note() -> None:
    assert judged("MIT", "GPL-3.0-only", Scope.DEV).severity is Severity.NOTE


def test_a_scan_is_held_against_the_one_before(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def bring(version: str, license_id: str) -> list[dict[str, str]]:
        entry = {"version": version, "resolved": "https://registry.npm.example/l.tgz", "license": license_id}
        root = {"name": "shop", "version": "1.0.0", "dependencies": {"left": "*"}}
        lock = {"name": "shop", "lockfileVersion": 3, "packages": {"": root, "node_modules/left": entry}}
        (tmp_path / "package.json").write_text(json.dumps(root))
        (tmp_path / "package-lock.json").write_text(json.dumps(lock))
        run(["scan", "--offline", "--format", "json", str(tmp_path)])
        found = json.loads(capsys.readouterr().out)["findings"]
        return [finding for finding in found if finding["code"] == "license-drift"]

    assert bring("1.0.0", "MIT") == []
    (found,) = bring("1.1.0", "BUSL-1.1")
    assert "The license was MIT" in found["message"]
    assert bring("1.1.0", "BUSL-1.1") == []
