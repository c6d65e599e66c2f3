"""The README and the pages beside it say what is true: every command line parses, every link leads somewhere."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from licscan.cli import COMMANDS, EXIT_INTERNAL, cli
from licscan.cli.scan import EXIT_OF

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
PAGES = [README, *sorted((ROOT / "docs").rglob("*.md")), ROOT / "CONTRIBUTING.md"]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:\.venv/bin/)?licscan [^`]*)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
PLACEHOLDER = re.compile(r"\[([A-Z]+)\]")


def shell_lines(page: Path) -> Iterator[str]:
    """Every command of the shell blocks of a page, split at `&&`; a line that ends in `\\` goes on."""
    for language, block in BLOCK.findall(page.read_text()):
        if language in ("sh", "bash", "shell", "console"):
            for line in block.replace("\\\n", " ").splitlines():
                yield from line.removeprefix("$ ").split("&&")


def command_lines() -> list[tuple[str, str]]:
    """Every command line of licscan in the pages, in a block or in the text, with the page's name."""
    found = []
    for page in PAGES:
        lines = [line.strip() for line in shell_lines(page)] + INLINE.findall(page.read_text())
        for line in lines:
            words = shlex.split(line, comments=True)
            if words and Path(words[0]).name == "licscan" and len(words) > 1:
                found.append((page.relative_to(ROOT).as_posix(), line))
    return sorted(set(found))


@pytest.mark.parametrize(("page", "line"), command_lines())
def test_every_command_line_parses(page: str, line: str) -> None:
    words = shlex.split(PLACEHOLDER.sub(r"\1", re.sub(r" --lang (en|zh)\b", "", line)), comments=True)[1:]
    if words[0].startswith("-"):
        assert words[0] in ("--help", "--version", "-h")
        return
    command = cli.get_command(click.Context(cli), words[0]) if isinstance(cli, click.Group) else None
    assert command is not None, f"{page}: no command {words[0]}"
    command.make_context(words[0], words[1:], resilient_parsing=False)


def test_there_are_command_lines_to_test() -> None:
    assert len(command_lines()) >= len(COMMANDS)


def test_a_wrong_option_would_be_found() -> None:
    command = cli.get_command(click.Context(cli), "scan") if isinstance(cli, click.Group) else None
    assert command is not None
    with pytest.raises(click.NoSuchOption):
        command.make_context("scan", ["--fromat", "json"])


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name: str) -> None:
    assert re.search(rf"licscan {name}\b", README.read_text())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for link in LINK.findall(page.read_text()):
        target, _hash, anchor = link.partition("#")
        if "://" in target:
            continue
        file = (page.parent / target).resolve() if target else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(link)
    assert broken == []


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are commonly made."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_named_file_is_there(page: Path) -> None:
    named = set(re.findall(r"`((?:licscan|data|docs|scripts|tests|\.ci)/[\w./-]+)`", page.read_text()))
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def marked_block(name: str) -> list[str]:
    """The commands of the shell block behind `<!-- NAME -->`."""
    _before, _marker, after = README.read_text().partition(f"<!-- {name} -->")
    found = BLOCK.search(after)
    assert found is not None
    return found[2].splitlines()


def test_the_run_block_scans_the_sample_and_finds_what_it_holds(tmp_path: Path) -> None:
    line = next(line for line in marked_block("run") if "licscan scan" in line)
    words = shlex.split(line)
    sample = ROOT / words[-1]
    assert sample.is_dir()
    copied = shutil.copytree(sample, tmp_path / sample.name)
    arguments = [*words[1:-1], "--offline", "--format", "json", str(copied)]
    done = subprocess.run(
        [sys.executable, "-m", "licscan", *arguments], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 1, done.stderr
    found = {(f["code"], (f["purl"] or "").rpartition("@")[0]) for f in findings(done.stdout)}
    assert ("license-conflict", "pkg:npm/%40signalapp/libsignal-client") in found
    assert (copied / ".licscan" / "licscan.db").is_file()


def findings(text: str) -> list[dict[str, str]]:
    """The findings of a JSON report."""
    listed: list[dict[str, str]] = json.loads(text)["findings"]
    return listed


@pytest.mark.parametrize("name", ["run", "test", "check"])
def test_the_blocks_that_are_run_name_what_is_there(name: str) -> None:
    lines = marked_block(name)
    assert lines
    for line in lines:
        for word in shlex.split(line):
            if word.startswith(("tests/", "scripts/", ".ci/")):
                assert (ROOT / word).exists(), word


def test_the_exit_statuses_are_those_of_the_table() -> None:
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in README.read_text().splitlines()]
    table = {row[0]: row[1] for row in rows if len(row) == 3 and row[1].isdecimal()}
    assert {verdict: str(status) for verdict, status in by_words().items()} | {"": str(EXIT_INTERNAL)} == table


def by_words() -> dict[str, int]:
    """The exit statuses by the verdict's name in words."""
    return {verdict.value.replace("-", " "): status for verdict, status in EXIT_OF.items()}


def test_every_finding_has_its_section() -> None:
    codes = set(tomllib.loads((ROOT / "data" / "findings.toml").read_text()))
    sections = set(re.findall(r"^## (.+)$", (ROOT / "docs" / "findings.md").read_text(), re.MULTILINE))
    assert codes <= sections
    assert not {section for section in sections if re.fullmatch(r"[a-z]+(-[a-z]+)+", section)} - codes


TOLD_ALONE = {"entry-unreached", "several-locks"}
"""Codes of problems that stand in the report without a finding of their own."""


def test_every_code_that_a_problem_may_have_is_a_finding() -> None:
    codes = set(tomllib.loads((ROOT / "data" / "findings.toml").read_text()))
    used = set()
    for source in (ROOT / "licscan").rglob("*.py"):
        text = source.read_text()
        used |= set(re.findall(r'code="([a-z]+(?:-[a-z]+)+)"', text))
        used |= set(re.findall(r'Problem\([^)]*?, "([a-z]+(?:-[a-z]+)+)"\)', text))
    assert len(used) >= 4
    assert used - codes <= TOLD_ALONE


@pytest.mark.parametrize("language", ["", ".zh"])
def test_the_map_leads_to_every_page(language: str) -> None:
    docs, index = ROOT / "docs", f"index{language}.md"
    mapped = {one for one in re.findall(r"\]\(([\w./-]+\.md)", (docs / index).read_text()) if not one.startswith("..")}
    pages = {page.relative_to(docs).as_posix() for page in docs.rglob("*.md")} - {index}
    assert {one for one in mapped if language or not one.endswith(".zh.md")} >= {
        page for page in pages if page.endswith(f"{language}.md") and (language or not page.endswith(".zh.md"))
    }


def test_the_findings_have_the_same_groups_in_both_languages() -> None:
    english, chinese = (
        re.findall(r"^\| [^|]+ \| (\[.*\]\(.*\)) \|$", (ROOT / "docs" / name).read_text(), re.MULTILINE)
        for name in ("findings.md", "findings.zh.md")
    )
    codes = [re.findall(r"#([a-z-]+)\)", row) for row in english]
    assert codes == [re.findall(r"#([a-z-]+)\)", row) for row in chinese]
    assert len(codes) >= 9


def test_every_finding_is_in_the_table_of_its_page() -> None:
    text = (ROOT / "docs" / "findings.md").read_text()
    sections = [one for one in re.findall(r"^## (.+)$", text, re.MULTILINE) if re.fullmatch(r"[a-z]+(-[a-z]+)+", one)]
    assert re.findall(r"\]\(#([a-z-]+)\)", text.partition("\n## ")[0]) == sections
