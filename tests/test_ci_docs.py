"""The action and the job that docs/ci.md gives: they parse, name commands that exist, and the action's script runs."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml_rs

from licscan.cli import cli
from licscan.export import EXPORTERS

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PROJECT = ROOT / "tests" / "cases" / "projects" / "messenger"


def parsed(text: str) -> Any:
    """What YAML says."""
    return yaml_rs.loads(text)


def action_steps() -> dict[str, dict[str, Any]]:
    """The steps of the action by name."""
    action = parsed((DOCS / "ci" / "action.yml").read_text())
    assert action["runs"]["using"] == "composite"
    return {step["name"]: step for step in action["runs"]["steps"]}


def job() -> dict[str, Any]:
    """The job of GitLab."""
    found: dict[str, Any] = parsed((DOCS / "ci" / "gitlab-ci.yml").read_text())["licscan"]
    return found


def fenced(language: str) -> list[str]:
    """The blocks of a language in the page."""
    return re.findall(rf"^```{language}\n(.*?)^```$", (DOCS / "ci.md").read_text(), re.MULTILINE | re.DOTALL)


def licscan_lines(script: str) -> list[list[str]]:
    """The command lines of licscan in a script, without redirections."""
    found = []
    for line in script.replace("\\\n", " ").splitlines():
        words = shlex.split(re.sub(r"\$\{options.*?\}\"\}|>>.*|\|\|.*", "", line), comments=True)
        if words[:1] == ["licscan"]:
            found.append(words[1:])
    return found


SCRIPTS = {
    "action": action_steps()["Scan"]["run"],
    "gitlab": "\n".join(job()["script"]),
    "jenkins": "\n".join(re.findall(r"sh '(.*?)'", fenced("groovy")[0])),
    "pull request": next(
        str(parsed(block)[0]["run"]) for block in fenced("yaml") if block.lstrip().startswith("- run")
    ),
}


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_every_command_line_parses(script: str) -> None:
    lines = licscan_lines(script)
    assert lines
    for name, *words in lines:
        given = ["error" if word in ("$FAIL_ON", "$LICSCAN_FAIL_ON") else word for word in words]
        command = cli.get_command(click.Context(cli), name) if isinstance(cli, click.Group) else None
        assert command is not None
        command.make_context(name, given)


def test_every_yaml_of_the_page_parses() -> None:
    assert len([parsed(block) for block in fenced("yaml")]) >= 3


def test_gitlab_gets_the_files_that_the_scan_writes() -> None:
    written = dict(re.findall(r"--format ([\w-]+)=(\S+)", SCRIPTS["gitlab"]))
    reports = job()["artifacts"]["reports"]
    assert reports == {
        "junit": written["junit"],
        "codequality": written["gitlab-quality"],
        "cyclonedx": written["gitlab-sbom"],
    }
    assert job()["artifacts"]["when"] == "always"


def test_no_input_of_the_action_is_text_of_its_scripts() -> None:
    assert not [name for name, step in action_steps().items() if "${{" in step["run"]]


def test_the_page_names_every_format() -> None:
    rows = "".join(line for line in (DOCS / "ci.md").read_text().splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`([\w-]+)`", rows)) >= set(EXPORTERS)


def test_the_script_of_the_action_runs(tmp_path: Path) -> None:
    project = tmp_path / "it's $(here)"
    shutil.copytree(PROJECT, project)
    binaries = tmp_path / "bin"
    binaries.mkdir()
    (binaries / "licscan").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m licscan "$@"\n')
    (binaries / "licscan").chmod(0o755)
    files = {"GITHUB_OUTPUT": tmp_path / "output", "GITHUB_STEP_SUMMARY": tmp_path / "summary"}
    environment = {
        **os.environ,
        **{name: str(path) for name, path in files.items()},
        "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
        "RUNNER_TEMP": str(tmp_path),
        "SCAN_PATH": str(project),
        "FAIL_ON": "error",
        "OFFLINE": "true",
    }
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", SCRIPTS["action"]]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
    assert outputs["status"] == "1"
    assert Path(outputs["sarif"]).is_file()
    assert files["GITHUB_STEP_SUMMARY"].read_text().startswith("# Licenses of ")
    shown = done.stdout.splitlines()
    token = shown[0].removeprefix("::stop-commands::")
    assert any(line.startswith("::error ") for line in shown[shown.index(f"::{token}::") :])
