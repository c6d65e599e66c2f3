"""The action, the jobs and the image of docs/ci.md: they parse, name what there is, and the action runs."""

from __future__ import annotations

import configparser
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


ACTION: dict[str, Any] = yaml_rs.loads((ROOT / "action.yml").read_text())


def action_steps() -> dict[str, dict[str, Any]]:
    """The steps of the action by name."""
    action = ACTION
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
        words = shlex.split(re.sub(r"\$\{(options|more).*?\}\"\}|>>.*|\|\|.*", "", line), comments=True)
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
    assert set(re.findall(r"`([\w-]+)`", rows)) >= set(EXPORTERS) - {"table"} | {"text"}


def scanned(tmp_path: Path, project: Path, **inputs: str) -> tuple[subprocess.CompletedProcess[str], dict[str, str]]:
    """The scan of the action on a project, with the defaults of its inputs; what it said, and its outputs."""
    binaries = tmp_path / "bin"
    binaries.mkdir()
    (binaries / "licscan").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m licscan "$@"\n')
    (binaries / "licscan").chmod(0o755)
    given = {name: str(told.get("default", "")) for name, told in ACTION["inputs"].items()} | inputs
    step = action_steps()["Scan"]
    told = {name: given[value.split("inputs.")[1].split(" ")[0]] for name, value in step["env"].items()}
    environment = {
        **os.environ,
        **told,
        "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
    }
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    lines = (tmp_path / "output").read_text().splitlines()
    return done, dict(line.split("=", 1) for line in lines)


def test_the_scan_of_the_action_runs(tmp_path: Path) -> None:
    project = tmp_path / "it's $(here)"
    shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns(".licscan"))
    done, outputs = scanned(
        tmp_path, project, offline="true", args="--no-texts --lang en", formats="junit markdown", path=str(project)
    )
    assert done.returncode == 1, done.stderr
    assert set(outputs) == set(ACTION["outputs"])
    assert (outputs["status"], outputs["verdict"]) == ("1", "violation")
    assert Path(outputs["sarif"]).is_file()
    reports = Path(outputs["reports"])
    assert {"licscan.sarif", "licscan.junit", "licscan.markdown"} <= {path.name for path in reports.iterdir()}
    assert (tmp_path / "summary").read_text().startswith("# Licenses of ")
    assert not (project / ".licscan").exists()
    shown = done.stdout.splitlines()
    token = shown[0].removeprefix("::stop-commands::")
    assert any(line.startswith("::error ") for line in shown[shown.index(f"::{token}::") :])


def test_bad_input_of_the_action_has_a_status_and_no_verdict(tmp_path: Path) -> None:
    done, outputs = scanned(tmp_path, tmp_path, path="nowhere", offline="true")
    assert (done.returncode, outputs) == (2, {"status": "2"})


FAKE_PYTHON = """#!/bin/sh
if [ "$2" = venv ]; then mkdir -p "$3/$LAYOUT"; cp "$0" "$3/$LAYOUT/python"; else echo "$@" >> "$SAID"; fi
"""


@pytest.mark.parametrize("layout", ["bin", "Scripts"])
@pytest.mark.parametrize("version", ["", "0.1.0"])
def test_the_installation_of_the_action_runs(tmp_path: Path, layout: str, version: str) -> None:
    (tmp_path / "python3").write_text(FAKE_PYTHON)
    (tmp_path / "python3").chmod(0o755)
    environment = {
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        "VERSION": version, "PYTHON": "", "LAYOUT": layout, "SAID": str(tmp_path / "said"),
        "RUNNER_TEMP": str(tmp_path), "GITHUB_ACTION_PATH": "/the action", "GITHUB_PATH": str(tmp_path / "path"),
    }  # fmt: skip
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", action_steps()["Install"]["run"]]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True)
    wanted = f"licscan[zstd,xlsx]=={version}" if version else "/the action[zstd,xlsx]"
    assert (tmp_path / "said").read_text() == f"-m pip install --quiet {wanted}\n"
    assert (tmp_path / "path").read_text() == f"{tmp_path}/licscan/{layout}\n"


def test_the_action_gives_every_output_that_it_names() -> None:
    run = action_steps()["Scan"]["run"]
    for name, output in ACTION["outputs"].items():
        assert output["value"] == f"${{{{ steps.scan.outputs.{name} }}}}"
        assert f'echo "{name}=' in run
    used = "".join(str(step.get("env", "")) for step in action_steps().values())
    assert [name for name in ACTION["inputs"] if f"inputs.{name} " not in used] == []


def test_the_workflow_runs_every_python_that_is_promised() -> None:
    workflow = parsed((ROOT / ".github" / "workflows" / "test.yml").read_text())
    matrix = workflow["jobs"]["test"]["strategy"]["matrix"]
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg")
    classifiers = settings["metadata"]["classifiers"]
    promised = re.findall(r"Programming Language :: Python :: (3\.\d+)", classifiers)
    assert matrix["python"] == promised
    assert settings["options"]["python_requires"] == f">={promised[0]}"
    assert [one.partition("-")[0] for one in matrix["os"]] == ["ubuntu", "macos", "windows"]
    systems = re.findall(r"Operating System :: (?:\w+ :: )?(\w+)", classifiers)
    assert systems == ["Linux", "MacOS", "Windows"]


DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_the_image_gets_all_that_the_wheel_is_built_from() -> None:
    let_in = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    tracked = {"setup.cfg", "setup.py", "pyproject.toml", "MANIFEST.in", "README.md", "LICENSE", "NOTICE"}
    assert let_in == tracked | {"licscan", "data", "build_backend"}
    assert all((ROOT / name).exists() for name in let_in)


def test_the_image_names_extras_that_there_are_and_runs_as_nobody_in_particular() -> None:
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg")
    found = re.search(r"^ARG EXTRAS=(\S+)$", DOCKERFILE, re.MULTILINE)
    assert found is not None
    assert set(found[1].split(",")) <= set(settings["options.extras_require"])
    last = [line.split()[0] for line in DOCKERFILE.splitlines() if line.startswith(("USER", "ENTRYPOINT", "VOLUME"))]
    assert last == ["USER", "VOLUME", "ENTRYPOINT"]
    assert 'ENTRYPOINT ["licscan"]' in DOCKERFILE
    assert "://" not in DOCKERFILE
