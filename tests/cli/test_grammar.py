"""One grammar for all commands: the same names for the same options, JSON for facts, a hint for every mistyped word."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from licscan.cli import COMMANDS, cli
from licscan.cli.params import FORMER
from licscan.licenses.known import distance, licenses_like
from tests.cli.test_policy import run, write

LOCK = {
    "lockfileVersion": 3,
    "packages": {
        "": {"name": "app", "version": "1.0.0", "license": "MIT", "dependencies": {"zebra": "1"}},
        "node_modules/zebra": {"version": "1.0.0", "license": "MIT"},
        "node_modules/aardvark": {"version": "1.0.0", "license": "ISC"},
    },
}
LOCK["packages"]["node_modules/zebra"]["dependencies"] = {"aardvark": "1"}  # type: ignore[index]


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was scanned, whose folder is not the one that commands are started in."""
    folder = tmp_path_factory.mktemp("product")
    write(folder, "package.json", {"name": "app", "version": "1.0.0", "license": "MIT", "dependencies": {"zebra": "1"}})
    write(folder, "package-lock.json", LOCK)
    run("scan", str(folder), "--offline", "-q")
    return folder


def all_commands(group: click.Command = cli, above: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    names = group.list_commands(context) if isinstance(group, click.Group) else []
    for name in names:
        assert isinstance(group, click.Group)
        command = group.get_command(context, name)
        assert command is not None
        yield f"{above}{name}", command
        yield from all_commands(command, f"{above}{name} ")


EVERY = dict(all_commands())
FACTS = ("why", "show", "deps", "duties", "explain", "doctor", "hook", "history", "diff", "verify", "identify", "audit",
         "review list", "scan", "export", "notices", "findings", "licenses")  # fmt: skip
OF_A_PROJECT = ("why", "show", "duties", "history", "diff", "browse", "export", "verify", "report", "notices", "sbom",
                "review list", "review verify", "review export", "review import")  # fmt: skip


def options_of(name: str) -> dict[str, click.Parameter]:
    return {word: one for one in EVERY[name].params if isinstance(one, click.Option) for word in one.opts}


@pytest.mark.parametrize("name", FACTS)
def test_facts_are_told_as_text_and_as_json(name: str) -> None:
    kind = options_of(name)["--format"].type
    shown = kind.get_metavar(options_of(name)["--format"], click.Context(EVERY[name])) or ""
    assert {"text", "json"} <= set(shown.strip("[]").replace("][=FILE", "").split("|"))
    assert kind.convert("table", None, None) == kind.convert("text", None, None) or name == "notices"


@pytest.mark.parametrize("name", OF_A_PROJECT)
def test_the_folder_of_a_project_is_an_argument_and_an_option(name: str) -> None:
    arguments = [one for one in EVERY[name].params if isinstance(one, click.Argument)]
    assert arguments[-1].name == "path"
    assert {"--project", "--db"} <= set(options_of(name))


def test_one_option_has_one_help() -> None:
    """An option of a name that is shared says the same everywhere."""
    said: dict[str, set[str | None]] = {"--offline": set(), "--scan": set(), "--project": set()}
    for name in EVERY:
        for word, one in options_of(name).items():
            if word in said and not name.startswith(("fleet", "findings", "deliver")):  # no PATH
                assert isinstance(one, click.Option)
                said[word].add(one.help)
    assert {word: len(told) for word, told in said.items()} == dict.fromkeys(said, 1)


def told(*words: str) -> Any:
    return json.loads(run(*words).stdout)


@pytest.mark.parametrize("name", ["why", "show"])
def test_a_component_as_json(scanned: Path, name: str) -> None:
    document = told(name, "aardvark", str(scanned), "--format", "json")
    (one,) = document["components"]
    assert one["purl"] == "pkg:npm/aardvark@1.0.0"
    assert one["paths"] == [["pkg:npm/app@1.0.0", "pkg:npm/zebra@1.0.0", "pkg:npm/aardvark@1.0.0"]]
    assert [need["purl"] for need in one["needed_by"]] == ["pkg:npm/zebra@1.0.0"]
    assert document == told(name, "aardvark", "--project", str(scanned), "--format", "json")


def test_findings_as_json_are_those_of_the_scan(tmp_path: Path) -> None:
    lock = json.loads(json.dumps(LOCK).replace("ISC", "AGPL-3.0-only"))
    lock["packages"]["node_modules/zebra"]["license"] = "Apache 2"
    write(
        tmp_path, "package.json", {"name": "app", "version": "1.0.0", "license": "MIT", "dependencies": {"zebra": "1"}}
    )
    write(tmp_path, "package-lock.json", lock)
    run("scan", str(tmp_path), "--offline", "-q", "--outbound", "proprietary")
    whole = told("export", str(tmp_path), "--format", "json")
    every = told("findings", "--project", str(tmp_path), "--format", "json")
    assert (every["findings"], every["gate"]) == (whole["findings"], whole["gate"])
    codes = {one["code"] for one in whole["findings"]}
    assert {"license-conflict", "license-nonstandard"} <= codes
    for code in sorted(codes | {"license-missing"}):
        some = told("findings", code, "--project", str(tmp_path), "--format", "json")
        assert some["findings"] == [one for one in whole["findings"] if one["code"] == code]
        assert some["gate"] == whole["gate"], "the answer is that of the whole scan"


def test_a_tree_as_json_down_to_a_depth(scanned: Path) -> None:
    whole = told("deps", str(scanned), "--format", "json")
    assert [(one["parent"], one["child"]) for one in whole["dependencies"]] == [
        ("pkg:npm/app@1.0.0", "pkg:npm/zebra@1.0.0"), ("pkg:npm/zebra@1.0.0", "pkg:npm/aardvark@1.0.0")]  # fmt: skip
    assert {one["purl"]: one["concluded"] for one in whole["components"]}["pkg:npm/aardvark@1.0.0"] == "ISC"
    first = told("deps", str(scanned), "--format", "json", "--depth", "1")
    assert [one["child"] for one in first["dependencies"]] == ["pkg:npm/zebra@1.0.0"]
    why = told("deps", str(scanned), "--why", "aardvark", "--format", "json")
    assert len(why["components"][0]["paths"][0]) == 3


def test_what_is_explained_as_json() -> None:
    assert "license-missing" in {one["code"] for one in told("explain", "--format", "json")["codes"]}
    assert told("explain", "license-missing", "--format", "json")["remedies"]
    license_ = told("explain", "MIT", "--format", "json")
    assert license_["class"] == "permissive"
    assert {one["deployment"]: one["ruling"] for one in license_["deployments"]}["on-premise"] == "ok"


@pytest.mark.parametrize(("short", "schema"), [("cyclonedx", "1.7"), ("spdx", "3.0.1")])
def test_short_names_of_sboms_are_the_newest(scanned: Path, short: str, schema: str) -> None:
    assert schema in run("sbom", str(scanned), "--format", short).stdout


def test_path_and_project_are_not_both_given(scanned: Path) -> None:
    done = run("duties", str(scanned), "--project", str(scanned))
    assert done.exit_code == 2
    assert "PATH and --project" in done.stderr


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("explain", "GLP-3.0"), "GPL-3.0-only, GPL-3.0-or-later"),
        (("explain", "AGLP-3.0"), "AGPL-3.0-only, AGPL-3.0-or-later"),
        (("explain", "MTI"), "MIT"),
        (("explain", "Apach-2.0"), "Apache-2.0"),
        (("explain", "GPL"), "GPL-2.0-only, GPL-2.0-or-later, GPL-3.0-only, GPL-3.0-or-later"),
        (("explain", "LGPL"), "LGPL-2.1-only"),
        (("explain", "license-missng"), "license-missing"),
        (("scan", "--format", "sarfi"), "'sarif'"),
        (("sbom", "--format", "cyclonedx-1.8"), "'cyclonedx-1.7'"),
        (("scan", "--fail-on", "eror"), "'error'"),
        (("completion", "zhs"), "'zsh'"),
        (("duties", "{scanned}", "--surface", "servr"), "did you mean server?"),
        (("why", "zebar", "{scanned}"), "zebra"),
        (("why", "pkg:npm/zebar@1.0.0", "{scanned}"), "zebra"),
        (("report", "{scanned}", "--scan", "999"), "`licscan history`"),
        (("scan", "{scanned}", "--outbound", "GLP-3.0"), "GPL-3.0-only"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else None,
)
def test_a_mistyped_word_is_told_what_it_may_mean(scanned: Path, words: tuple[str, ...], meant: str) -> None:
    done = run(*(word.format(scanned=scanned) for word in words))
    assert done.exit_code == 2
    assert meant in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("word", ["xyzzy", "", "-", "GPL GPL", "a" * 500, "许可证"])
def test_what_is_near_to_nothing_has_no_hint(word: str) -> None:
    assert licenses_like(word) == []


@pytest.mark.parametrize(
    ("one", "other", "far"), [("", "", 0), ("mit", "mti", 1), ("mit", "mi", 1), ("mit", "bit", 1), ("", "abc", 3)]
)
def test_a_swap_of_two_letters_is_one_step(one: str, other: str, far: int) -> None:
    assert distance(one, other) == distance(other, one) == far


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_for_each_shell(shell: str) -> None:
    made = run("completion", shell)
    assert made.exit_code == 0
    assert "_LICSCAN_COMPLETE" in made.stdout


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("licscan du", ["duties"]),
        ("licscan explain license-miss", ["license-missing"]),
        ("licscan explain GPL-3.0", ["GPL-3.0-only", "GPL-3.0-or-later"]),
        ("licscan scan --format gitlab", ["gitlab-quality", "gitlab-sbom"]),
        ("licscan why ze", ["zebra"]),
        ("licscan completion b", ["bash"]),
        ("licscan sbom --profile n", ["ntia"]),
    ],
)
def test_names_are_completed(scanned: Path, monkeypatch: pytest.MonkeyPatch, words: str, completed: list[str]) -> None:
    monkeypatch.chdir(scanned)
    code = "import sys; from licscan.cli import main\ntry: main()\nfinally: print(*sys.modules, file=sys.stderr)"
    env = {"_LICSCAN_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert [line.partition(",")[2] for line in done.stdout.split()] == completed
    heavy = {"rich", "sqlite_utils", "numpy", "requests", "jsonschema"} & set(done.stderr.split())
    assert not heavy, "a shell waits for it at each key"


def test_the_former_names_are_not_shown() -> None:
    page = (Path(__file__).parents[2] / "docs" / "commands.md").read_text()
    assert not [name for name in FORMER if f"Default: `{name}`" in page]
    assert set(COMMANDS) == {name for name in EVERY if " " not in name}


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [("MTI", 2, "did you mean MIT"), ("GPL", 2, "GPL-3.0-only"), ("foo", 2, "lists all"), ("Zlib", 0, "No packages")],
)
def test_licenses_under_a_name_that_is_none(tmp_path: Path, asked: str, status: int, said: str) -> None:
    (tmp_path / "package.json").write_text('{"name": "shop", "version": "1.0.0", "license": "MIT"}')
    assert run("scan", str(tmp_path), "--offline", "--quiet").exit_code == 0
    told = run("licenses", str(tmp_path), "--license", asked)
    assert told.exit_code == status
    assert said in told.stderr + told.stdout
