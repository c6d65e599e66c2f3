from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.conclude.conclusion import conclude
from licscan.licenses.statements import validate
from licscan.model import (
    Claim,
    Component,
    Conclusion,
    Copyright,
    Evidence,
    EvidenceKind,
    Location,
    Origin,
    PackageFiles,
)

CASES = json.loads((Path(__file__).parent / "cases" / "conclude" / "cases.json").read_text(encoding="utf-8"))
_LINE = re.compile(r"(?P<origin>\S+) (?P<field>\S+): (?P<raw>.*)")


def claim(origin: str, field: str, raw: str) -> Claim:
    kind = EvidenceKind.CLASSIFIER if field == "Classifier" else EvidenceKind.DECLARED
    return Claim(
        kind, field, raw, Origin(origin), Location(f"{origin}/metadata"), structured=raw[:1] in "[{" and bool(raw)
    )


TEXTS = {"text": EvidenceKind.FILE, "part": EvidenceKind.PART, "readme": EvidenceKind.README}


def text(kind: str, path: str, expression: str | None) -> Evidence:
    name = path.rpartition("/")[2]
    where = Location(path)
    return Evidence(TEXTS[kind], name, "", expression, Origin.INSTALLED, where, "text", 1.0, sha256="00" * 32)


def component(*claims: Claim) -> Component:
    return Component("pkg:pypi/left@1.0", "left", "1.0", "pypi", claims=claims)


def concluded(lines: list[str]) -> Conclusion:
    """The conclusion from lines `origin field: raw`, or `text|part|readme path: expression` (`?`: not recognised)."""
    claims, texts = [], []
    for line in lines:
        match = _LINE.fullmatch(line)
        assert match
        origin, field, raw = match.groups()
        if origin in TEXTS:
            texts.append(text(origin, field, None if raw == "?" else raw))
        else:
            claims.append(claim(origin, field, raw))
    return conclude(component(*claims), texts=texts or None)


def dump(conclusion: Conclusion) -> dict[str, Any]:
    """What the cases compare: all but the evidence (of which the parts are named), without what is empty."""
    names = ("declared", "detected", "concluded", "basis", "disagreements", "text_conflicts", "doubts", "candidates")
    shown = {name: getattr(conclusion, name) for name in names}
    parts = (e for e in conclusion.evidence if e.kind is EvidenceKind.PART)
    shown["parts"] = [f"{part.location}: {part.expression}" for part in parts]
    return {name: list(value) if isinstance(value, tuple) else value for name, value in shown.items() if value}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    assert dump(concluded(case["evidence"])) == case["expected"]


def test_claims_of_the_component_and_of_its_files_are_one() -> None:
    lock = claim("lock", "license", "MIT")
    installed = claim("installed", "license", "ISC")
    together = conclude(component(lock, installed))
    apart = conclude(component(lock), [PackageFiles(Origin.INSTALLED, "node_modules/left", claims=(installed,))])
    assert together == apart
    assert together.declared == "ISC"


def test_evidence_says_how_each_statement_was_read() -> None:
    (evidence,) = conclude(component(claim("installed", "License", "Apache 2" + " " * 5_000))).evidence
    assert (evidence.expression, evidence.method, evidence.field) == ("Apache-2.0", "alias", "License")
    assert len(evidence.raw) == 2_000


def test_files_are_named_from_the_project_where_they_stand_in_a_folder() -> None:
    places = [
        PackageFiles(Origin.INSTALLED, "node_modules/left", license_files=("LICENSE",), notice_files=("NOTICE",)),
        PackageFiles(Origin.PROJECT, ".", license_files=("COPYING",)),
        PackageFiles(Origin.REGISTRY, "https://registry.npm.example/left.tgz", license_files=("LICENSE.md",)),
    ]
    found = conclude(component(), places)
    assert found.license_files == ("COPYING", "LICENSE.md", "node_modules/left/LICENSE")
    assert found.notice_files == ("node_modules/left/NOTICE",)


def test_evidence_from_a_cache_names_no_place_of_this_machine() -> None:
    cache = "/home/me/.npm/_cacache/content-v2/sha512/ab/cd/ef0123"
    told = replace(claim("cache", "license", "MIT"), location=Location(f"{cache}/package.json"))
    text = Evidence(
        EvidenceKind.FILE, "LICENSE", "", "ISC", Origin.CACHE, Location(f"{cache}/LICENSE", 3), "text:exact", 1.0
    )
    place = PackageFiles(Origin.CACHE, cache, claims=(told,))
    found = conclude(component(), [place], [text], [Copyright(f"{cache}/LICENSE", 1, "Copyright 2020 Acme")])
    name = f"{component().name}-{component().version}.whl"
    assert [str(one.location) for one in found.evidence] == [f"{name}/package.json", f"{name}/LICENSE:3"]
    assert [one.path for one in found.copyrights] == [f"{name}/LICENSE"]
    assert all(f"LICENSE in {name}" in said for said in found.text_conflicts)
    assert found.text_conflicts


def test_absence_is_never_none() -> None:
    assert conclude(component()).concluded == "NOASSERTION"


STATEMENTS = [
    "MIT",
    "BSD",
    "GPL",
    "GPL-3.0",
    "GPL-3.0-or-later",
    "BSD-3-Clause",
    "MIT OR ISC",
    "MIT, ISC",
    "UNKNOWN",
    "Dual License",
    "acme",
    "",
    "[]",
    "UNLICENSED",
    '["MIT","ISC"]',
    "SEE LICENSE IN x",
    "LicenseRef-acme",
    "License :: OSI Approved :: BSD License",
    "License :: OSI Approved :: MIT License",
    "License :: Other/Proprietary License",
]
FIELDS = ("License-Expression", "License", "license", "licenses", "Classifier")
CLAIMS = st.builds(claim, st.sampled_from(Origin), st.sampled_from(FIELDS), st.sampled_from(STATEMENTS))


@given(st.lists(CLAIMS, max_size=6), st.randoms())
def test_the_order_of_claims_does_not_show(claims: list[Claim], random: Any) -> None:
    shuffled = list(claims)
    random.shuffle(shuffled)
    assert conclude(component(*claims)) == conclude(component(*shuffled))


@given(st.lists(CLAIMS, max_size=6))
def test_a_conclusion_is_one_of_the_statements(claims: list[Claim]) -> None:
    found = conclude(component(*claims))
    said = {evidence.expression for evidence in found.evidence} | {"NOASSERTION"}
    assert found.concluded == found.declared
    assert found.concluded in said


EXPRESSIONS = [
    None, "MIT", "ISC OR MIT", "GPL-3.0-only", "LGPL-3.0-only", "GPL-2.0-or-later WITH Classpath-exception-2.0",
    "BSD-2-Clause", "Apache-2.0 AND LicenseRef-scancode-commons-clause", "LicenseRef-scancode-public-domain",
]  # fmt: skip
PATHS = ["LICENSE", "LICENSE-MIT", "COPYING", "vendor/LICENSE", "README.md"]
PIECES = st.builds(text, st.sampled_from(sorted(TEXTS)), st.sampled_from(PATHS), st.sampled_from(EXPRESSIONS))


@given(st.lists(CLAIMS, max_size=4), st.lists(PIECES, max_size=6), st.randoms())
def test_any_texts_are_held_against_any_claims(claims: list[Claim], texts: list[Evidence], random: Any) -> None:
    found = conclude(component(*claims), texts=texts)
    random.shuffle(texts)
    assert conclude(component(*claims), texts=texts) == found
    if found.concluded not in ("NOASSERTION", "NONE"):
        assert validate(found.concluded) == ()
    assert found.detected in ("NONE", "NOASSERTION") or validate(found.detected or "") == ()
    assert all(validate(candidate) == () for candidate in found.candidates)
    parts = [e for e in found.evidence if e.kind is EvidenceKind.PART]
    assert len(parts) >= sum(text.kind is EvidenceKind.PART for text in texts)


def test_dev_cases_are_never_wrong_in_silence(shared: Path) -> None:
    import subprocess
    import sys

    script = Path(__file__).resolve().parents[1] / "scripts" / "measure_ambiguous"
    cases = shared / "im" / "truth" / "ambiguous.dev.jsonl"
    done = subprocess.run([sys.executable, str(script), str(cases)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
