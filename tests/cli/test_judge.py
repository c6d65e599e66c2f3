"""`licscan judge`: a line for each case, and one clear line for a case that cannot be answered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from licscan.cli import run

GOOD = {
    "id": "1",
    "outbound": "LicenseRef-Proprietary",
    "inbound": "LGPL-2.1-only",
    "relationship": "dynamic-link",
    "deployment": "on-premise",
}


def write(path: Path, *lines: object) -> Path:
    path.write_text("".join(line if isinstance(line, str) else json.dumps(line) + "\n" for line in lines))
    return path


def test_answers_in_the_order_of_the_cases(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    file = write(tmp_path / "cases.jsonl", GOOD, "\n", {**GOOD, "id": "2", "inbound": ["MIT", "GPL-2.0-only"]})
    assert run(["judge", str(file)]) == 0
    first, second = map(json.loads, capsysbinary.readouterr().out.splitlines())
    assert (first["id"], first["verdict"], first["choice"]) == ("1", "ok-obligations", "LGPL-2.1-only")
    assert "relink" in first["obligations"]
    assert (second["id"], second["verdict"]) == ("2", "conflict")
    assert second["choice"] == ["MIT", "GPL-2.0-only"]
    assert any("GPL-2.0-only 2(b)" in line for line in second["why"])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{\n", "line 2: is not JSON"),
        ("[1]\n", "line 2: should be a JSON object"),
        ({**GOOD, "relationship": "marriage"}, "line 2, relationship: marriage is not a relationship"),
        ({**GOOD, "deployment": "moon"}, "line 2, deployment: moon is not a deployment"),
        ({**GOOD, "inbound": []}, "line 2, inbound: should be an expression"),
        ({**GOOD, "inbound": [3]}, "line 2, inbound: should be an expression"),
        ({**GOOD, "outbound": "no such license"}, "line 2, outbound: no such license is not a license"),
        ({**GOOD, "facts": {"mau": "many"}}, "line 2, mau: should be a number"),
        ({**GOOD, "facts": 7}, "line 2, facts: should be a table of facts"),
        ({**GOOD, "entitlements": "X"}, "line 2, entitlements: should be a list of licenses"),
        ({**GOOD, "policy": "nobody's"}, "line 2, policy: nobody's is not a profile"),
    ],
)
def test_a_bad_case_is_one_line_and_nothing_is_written(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], line: object, said: str
) -> None:
    file, output = write(tmp_path / "cases.jsonl", GOOD, line), tmp_path / "out.jsonl"
    assert run(["judge", str(file), "--output", str(output)]) == 2
    heard = capfd.readouterr().err
    assert said in heard
    assert heard.count("\n") == 1
    assert not output.exists()


def test_statements_that_are_no_expressions(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """Several readings that lead to one answer are that answer; what is unknown is never ok."""
    texts = ["BSD", "GPL", "SEE LICENSE IN LICENSE.md", "UNLICENSED", "MIT/Apache-2.0", "gibberish"]
    file = write(tmp_path / "c.jsonl", *({**GOOD, "inbound": text, "relationship": "dependency"} for text in texts))
    assert run(["judge", str(file)]) == 0
    verdicts = [json.loads(line)["verdict"] for line in capsysbinary.readouterr().out.splitlines()]
    assert dict(zip(texts, verdicts, strict=True)) == {
        "BSD": "ok",
        "GPL": "conflict",
        "SEE LICENSE IN LICENSE.md": "review",
        "UNLICENSED": "conflict",
        "MIT/Apache-2.0": "ok",
        "gibberish": "review",
    }
