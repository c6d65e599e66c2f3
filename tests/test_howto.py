"""The how-tos are followed: their commands run in order in the tutorial's project, with status and key lines.

In one process, so that all of them together take a few seconds.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import click
import pytest

from licscan.base.messages import use_language
from licscan.cli import cli, run
from tests.test_docs_commands import NOW, STATUS, plain

ROOT = Path(__file__).resolve().parents[1]
HOWTO = ROOT / "docs" / "howto"
PAGES = sorted(HOWTO.glob("*.md"))
SAMPLE = ROOT / "tests" / "cases" / "projects" / "messenger" / "web"
PIECE = re.compile(r"^## [^\n]*$|(?:<!-- (file|add|try): (\S+) -->\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
"""A heading, or a block with what becomes of it: a file, an addition to one, or an addition up to the next heading."""
GIT = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The tutorial's project with its licscan.toml, committed, as the current folder; a home and a day of its own."""
    folder = tmp_path / "messenger-web"
    shutil.copytree(SAMPLE, folder)
    (folder / "licscan.toml").write_text(piece("licscan.toml"))
    for line in ("init -q", "add .", "commit -qm x", "update-ref refs/remotes/origin/main HEAD"):
        subprocess.run([*GIT, *line.split()], cwd=folder, check=True, capture_output=True)
    for name in list(os.environ):
        if name.startswith(("LC_", "LICSCAN_", "npm_", "PIP_", "GIT_")):
            monkeypatch.delenv(name)
    for name, value in {"HOME": str(tmp_path), "LANG": "C.UTF-8", "LANGUAGE": "", "SOURCE_DATE_EPOCH": NOW}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(folder)
    yield folder
    use_language()


def piece(name: str) -> str:
    """A file that the tutorial gives."""
    pieces = PIECE.findall((ROOT / "docs" / "tutorial.md").read_text())
    return next(block for _how, named, _language, block in pieces if named == name)


def followed(line: str) -> tuple[int, str]:
    """One command line; licscan runs in this process, and never with the network."""
    words = shlex.split(line, comments=True)
    if words[0] != "licscan":
        done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr
    out = StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        status = run([*words[1:], *(["--offline"] if may_go_online(words[1:]) else [])])
    return status, out.getvalue()


def may_go_online(words: list[str]) -> bool:
    """Whether a command has the option --offline."""
    assert isinstance(cli, click.Group)
    command = cli.get_command(click.Context(cli), words[0])
    assert command is not None
    below = words[1:2] == ["check"]  # of `licscan sbom`
    return not below and any(option.name == "offline" for option in command.params)


@pytest.mark.skipif(shutil.which("bash") is None, reason="the how-tos are written for a POSIX shell")
@pytest.mark.parametrize("page", [page.stem for page in PAGES])
def test_a_how_to_does_what_it_says(page: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if page == "release" and shutil.which("openssl") is None:
        pytest.skip("openssl, which makes the keys of a delivery, is not on the path")
    said, ran, checked = "", 0, 0
    if page.endswith(".zh"):
        monkeypatch.setenv("LICSCAN_LANG", "zh")
        use_language()
    tried: dict[str, str] = {}
    for how, name, language, block in PIECE.findall((HOWTO / f"{page}.md").read_text()):
        if not language:
            for file, before in tried.items():
                (project / file).write_text(before)
            tried = {}
        elif name:
            before = (project / name).read_text() if how != "file" else ""
            (project / name).write_text(before + block)
            tried |= {name: before} if how == "try" else {}
        elif language == "sh":
            said = ""
            for line in block.splitlines():
                expected = int(found[1]) if (found := STATUS.search(line)) else 0
                status, output = followed(line)
                assert (status, "Traceback" in output) == (expected, False), f"{line}\n{output}"
                said, ran = said + output, ran + 1
        elif language == "text":
            missing = [line for line in block.splitlines() if plain(line) not in plain(said)]
            assert missing == [], said
            checked += len(block.splitlines())
    assert ran >= 3
    assert checked >= 1


@pytest.mark.parametrize("page", [page.stem for page in PAGES])
def test_what_is_reported_comes_from_a_scan_that_gives_an_answer(page: str) -> None:
    """A scan that no severity counts in has no verdict, and neither has a report or a delivery made of it."""
    lines = [
        line
        for _how, _name, language, block in PIECE.findall((HOWTO / f"{page}.md").read_text())
        if language == "sh"
        for line in block.splitlines()
    ]
    scans = [line for line in lines if line.startswith("licscan scan")]
    told = any(line.split()[1] in ("report", "deliver", "licenses", "export") for line in lines)
    assert not told or not any("--fail-on never" in line for line in scans)


def test_chinese_how_tos_run_the_same_commands() -> None:
    for page in PAGES:
        if not page.name.endswith(".zh.md"):
            continue
        english, chinese = (
            [(name, block) for _how, name, language, block in PIECE.findall(file.read_text()) if language != "text"]
            for file in (page.with_name(page.name.replace(".zh.md", ".md")), page)
        )
        assert chinese == english
