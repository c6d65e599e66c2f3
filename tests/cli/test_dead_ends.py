"""What a terminal leaves out it names, with what shows it; elsewhere nothing is left out. No name is ever cut."""

from __future__ import annotations

import json
import re
import shlex
from io import StringIO
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from licscan.export import differences, duties, licenses, screen, show, table, why
from licscan.export.page import Page
from licscan.licenses.licensedb import license_text
from licscan.model import Scan
from licscan.store import load
from tests.cli.test_policy import run, write

NAMES = [f"@a-scope-of-{number:02}/package-with-a-long-name" for number in range(60)]
CHOICES = {
    "one": "MIT OR GPL-3.0-or-later",
    "two": "(GPL-3.0-or-later OR MIT)",
    "three": "MIT OR GPL-3.0-or-later",
    "other": "MIT OR WTFPL",
}


def locked(folder: Path, licenses_: dict[str, str], name: str = "chat") -> None:
    """A project whose lock says what each package is under."""
    top = {"name": name, "version": "1.0.0", "license": "MIT", "dependencies": dict.fromkeys(licenses_, "1.0.0")}
    packages: dict[str, object] = {"": top}
    for package, license_ in licenses_.items():
        packages[f"node_modules/{package}"] = {"version": "1.0.0", "license": license_}
    write(folder, "package.json", top)
    write(folder, "package-lock.json", {"name": name, "lockfileVersion": 3, "packages": packages})


@pytest.fixture
def scanned(tmp_path: Path) -> tuple[Path, Scan]:
    locked(tmp_path, dict.fromkeys(NAMES, "MPL-2.0"))
    run("scan", str(tmp_path), "--offline", "--no-texts", "--quiet")
    return tmp_path, load(tmp_path / ".licscan" / "licscan.db")


def pages(scan: Scan, width: int, *, cuts: bool) -> dict[str, str]:
    """What commands say of a scan, on a terminal or elsewhere."""
    made = {}
    purl = scan.graph.roots[0]
    lines = licenses.lines_of(scan)
    for name, write_ in {
        "scan": lambda page: screen.write(scan, page),
        "scan --all": lambda page: table.write(scan, page),
        "licenses": lambda page: licenses.write(lines, page, packages=False),
        "licenses --packages": lambda page: licenses.write(lines, page, packages=True),
        "duties": lambda page: duties.write(scan, scan.surfaces, page),
        "show": lambda page: show.write_component(scan, purl, page),
        "why": lambda page: why.write(scan, scan.graph.by_purl[purl], page),
    }.items():
        page = Page(width, cuts=cuts)
        write_(page)
        made[name] = page.plain
    return made


@pytest.mark.parametrize("width", [40, 60, 80, 140])
def test_no_name_and_no_command_is_cut_on_a_terminal(scanned: tuple[Path, Scan], width: int) -> None:
    _folder, scan = scanned
    for command, text in pages(scan, width, cuts=True).items():
        for line in text.splitlines():
            # a name that is cut ends in the sign for it
            assert not re.search(r"[\w/@.-]…(?!\w)", line), (command, line)
            assert line.count("`") % 2 == 0, (command, line)
            assert cell_len(line) <= width or max(map(len, line.split())) > width // 3, (command, line)


@pytest.mark.parametrize("width", [60, 100])
def test_what_is_counted_can_be_seen(scanned: tuple[Path, Scan], width: int) -> None:
    """A page that leaves names out says in which command they are, and that command has them all."""
    folder, scan = scanned
    for command, text in pages(scan, width, cuts=True).items():
        if " more" not in text:
            continue
        named = [shlex.split(one) for one in re.findall(r"`(licscan [^`]+)`", text)]
        options = [["licscan", *command.split(" ")[:1], *one.split()] for one in re.findall(r"`(--format \w+)`", text)]
        assert named or options, command
        found = [run(*one[1:], "--stored", "--project", str(folder)).stdout for one in named if one[1] in SHOWING]
        assert any(all(name in said for name in NAMES) for said in found), command


SHOWING = ("findings", "licenses", "duties", "show")


def test_a_file_and_a_pipe_have_all_of_it(scanned: tuple[Path, Scan]) -> None:
    _folder, scan = scanned
    told = pages(scan, 100, cuts=False)
    assert all(name in told[command] for name in NAMES for command in ("licenses", "licenses --packages"))


def test_a_diff_is_whole_but_on_a_terminal(tmp_path: Path) -> None:
    locked(tmp_path, {"left": "MIT"})
    run("scan", str(tmp_path), "--offline", "--no-texts", "--quiet")
    locked(tmp_path, dict.fromkeys(NAMES, "MIT"))
    run("scan", str(tmp_path), "--offline", "--no-texts", "--quiet")
    whole = run("diff", str(tmp_path)).stdout
    assert all(name in whole for name in NAMES)
    assert " more" not in whole
    found = _differences(tmp_path)
    page = Page(80, cuts=True)
    differences.write(found, page)
    assert f"{len(NAMES) - differences.MOST_ROWS} more (`--format markdown`)" in page.plain
    said = run("diff", str(tmp_path), "--format", "markdown").stdout
    assert all(name in said for name in NAMES)


def _differences(folder: Path) -> differences.Differences:
    from licscan.cli.sides import Sides
    from licscan.compare.differences import compare

    sides = Sides(folder, folder / ".licscan" / "licscan.db")
    return compare(sides.state("previous"), sides.state("latest"))


# --- one decision, one entry ------------------------------------------------------------------------------------------


def test_a_choice_is_one_entry_whatever_the_order_of_its_licenses(tmp_path: Path) -> None:
    locked(tmp_path, CHOICES)
    run("scan", str(tmp_path), "--offline", "--no-texts", "--quiet")
    said = run("findings", "license-choice", "--project", str(tmp_path)).stdout
    assert "license-choice (2), 4 packages" in said
    assert said.count("GPL-3.0-or-later OR MIT; ") == 1
    assert "Each of these 3 offers GPL-3.0-or-later OR MIT; " in said
    assert "    one 1.0.0, three 1.0.0, two 1.0.0\n" in said
    assert not re.search(r"(?m)^ +(?:one|two|three) 1\.0\.0 ", said.replace("    one 1.0.0, three", "")), (
        "one line each"
    )
    document = json.loads(run("findings", "license-choice", "--project", str(tmp_path), "--format", "json").stdout)
    assert sorted(len(one["packages"]) for one in document["findings"]) == [1, 3]


def test_a_choice_that_differs_between_surfaces_says_where(tmp_path: Path) -> None:
    locked(tmp_path, dict.fromkeys(("one", "two"), "MIT OR GPL-3.0-or-later"))
    (tmp_path / "licscan.toml").write_text(
        '[project]\noutbound = "proprietary"\n[[surface]]\nname = "server"\ndeployment = "on-premise"\nroots = ["."]\n'
        '[[surface]]\nname = "desk"\ndeployment = "desktop-app"\nroots = ["."]\n'
    )
    run("scan", str(tmp_path), "--offline", "--no-texts", "--quiet")
    said = run("findings", "license-choice", "--project", str(tmp_path)).stdout
    lines = [line.strip() for line in said.splitlines() if " is chosen" in line]
    choices = {line.partition("offers ")[2] for line in lines}
    assert len(choices) == 1 or all(line.startswith(("server: ", "desk: ")) for line in lines)


# --- what only a text tells -------------------------------------------------------------------------------------------


@pytest.fixture
def told_by_text(tmp_path: Path) -> Path:
    """A project, and a package in it, of which nothing but a text tells the license."""
    write(tmp_path, "package.json", {"name": "chat", "version": "1.0.0", "dependencies": {"left": "1"}})
    write(tmp_path, "node_modules/left/package.json", {"name": "left", "version": "1.0.0"})
    text = license_text("mit").replace("<year>", "2026").replace("<copyright holders>", "Ada Example")
    for folder in (tmp_path, tmp_path / "node_modules" / "left"):
        (folder / "LICENSE").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_tree_names_the_license_that_a_text_tells(told_by_text: Path) -> None:
    assert "left 1.0.0 [MIT]" in run("deps", str(told_by_text)).stdout
    graph = json.loads(run("deps", str(told_by_text), "--format", "json").stdout)
    assert {one["name"]: one["concluded"] for one in graph["components"]}["left"] == "MIT"
    run("scan", str(told_by_text), "--offline", "--quiet")
    assert re.search(r"concluded: +MIT", run("show", "left", "--project", str(told_by_text)).stdout)


def test_the_tree_names_the_readings_that_are_open(tmp_path: Path) -> None:
    write(tmp_path, "package.json", {"name": "chat", "version": "1.0.0", "dependencies": {"left": "1"}})
    write(tmp_path, "node_modules/left/package.json", {"name": "left", "version": "1.0.0", "license": ["MIT", "ISC"]})
    assert "left 1.0.0 [MIT AND ISC or MIT OR ISC?]" in run("deps", str(tmp_path)).stdout


def test_a_mark_stays_where_a_license_is_too_long_for_the_line() -> None:
    from licscan.export.tree import write_tree
    from licscan.model import Component, Graph, Verdict

    graph = Graph(("pkg:npm/a@1",), (Component("pkg:npm/a@1", "a", "1", "npm"),))
    page = Page(40, cuts=True)
    write_tree(graph, "pkg:npm/a@1", page, {"pkg:npm/a@1": (" OR ".join(["MIT"] * 30), Verdict.VIOLATION)}, None)
    assert page.plain.startswith("a 1 [MIT OR MIT")
    assert page.plain.endswith("…] !\n")
    assert cell_len(page.plain.rstrip("\n")) <= 40


def test_init_takes_the_license_of_a_text_where_the_manifest_names_none(told_by_text: Path) -> None:
    assert run("init", str(told_by_text)).exit_code == 0
    text = (told_by_text / "licscan.toml").read_text(encoding="utf-8")
    assert '\noutbound = "MIT"\n' in text
    assert "The project's license text is MIT" in text


# --- files and words in the wrong place -------------------------------------------------------------------------------


@pytest.mark.parametrize("last", ["nowhere/b.xlsx", "", "package.json/b.xlsx"])
def test_nothing_is_written_where_one_of_several_files_cannot_be(tmp_path: Path, last: str) -> None:
    locked(tmp_path, {"left": "MIT"})
    run("scan", str(tmp_path), "--offline", "--no-texts", "--quiet")
    first, second = tmp_path / "a.csv", tmp_path / last
    done = run("export", str(tmp_path), "--format", f"csv={first}", "--format", f"sarif={second}")
    assert (done.exit_code, first.exists()) == (2, False)
    assert "cannot be written" in done.stderr


def test_a_license_in_the_place_of_the_folder_is_told_where_it_belongs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked(tmp_path, {"left": "MIT"})
    monkeypatch.chdir(tmp_path)
    run("scan", "--offline", "--no-texts", "--quiet")
    done = run("licenses", "MIT")
    assert done.exit_code == 2
    (command,) = re.findall(r"`licscan ([^`]+)`", done.stderr)
    assert "left 1.0.0" in run(*shlex.split(command)).stdout
    assert "does not exist" in run("licenses", "no-such-folder").stderr


def test_a_rest_of_one_is_shown_instead_of_counted(scanned: tuple[Path, Scan]) -> None:
    _folder, scan = scanned
    file = StringIO()
    screen.render(scan, Console(file=file, width=80, force_terminal=True, color_system=None))
    assert "and 1 more" not in file.getvalue()


def test_a_finding_of_several_packages_has_the_places_of_the_one_that_is_shown(tmp_path: Path) -> None:
    locked(tmp_path, CHOICES)
    run("scan", str(tmp_path), "--offline", "--no-texts", "--quiet")
    shown = json.loads(run("show", "two", "--project", str(tmp_path), "--format", "json").stdout)
    (component,) = shown["components"]
    (finding,) = [one for one in component["findings"] if one["code"] == "license-choice"]
    assert [one["purl"] for one in finding["packages"]] == ["pkg:npm/two@1.0.0"]
    assert len(finding["locations"]) == 1


def test_words_of_a_package_that_are_shortened_say_so(tmp_path: Path) -> None:
    words = "The MIT License (MIT) Copyright (c) 2020 Ada Example and the many contributors of the project left"
    write(
        tmp_path, "package.json", {"name": "chat", "version": "1.0.0", "license": "MIT", "dependencies": {"left": "1"}}
    )
    write(tmp_path, "node_modules/left/package.json", {"name": "left", "version": "1.0.0", "license": words})
    run("scan", str(tmp_path), "--offline", "--quiet")
    said = " ".join(run("findings", "--project", str(tmp_path)).stdout.split())
    assert words[:60] in said
    quoted = said.partition(words[:60])[2]
    assert quoted.startswith(words[60:]) or "…" in quoted[: len(words)]


def test_a_long_sentence_ends_at_the_end_of_one() -> None:
    first, second = "It is " + "long " * 30 + "enough. ", "It goes " + "on and " * 40 + "on."
    assert screen._short(first + second) == first.rstrip() + " …"
    assert screen._short(second).endswith((" and …", " on …"))
    assert screen._short(first.strip()) == first.strip()
