"""What a report says of odd projects: each thing once, with a remedy that can help."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from licscan.conclude.conclusion import conclude
from licscan.judge import Policy, judge
from licscan.judge.queries import MOST_READINGS, listed_readings
from licscan.model import Component, Graph
from tests.cli.test_policy import run, write

LOCK = {
    "lockfileVersion": 3,
    "packages": {
        "": {"name": "app", "dependencies": {"zebra": "1"}, "devDependencies": {"odd": "1"}},
        "node_modules/zebra": {"version": "1.0.0"},
        "node_modules/odd": {"version": "1.0.0", "dev": True},
        "node_modules/aardvark": {"version": "1.0.0"},
    },
}


def told(folder: Path, *arguments: str) -> str:
    return " ".join(run("scan", str(folder), "--offline", "--no-texts", *arguments).stdout.split())


@pytest.mark.parametrize("tried", [False, True])
def test_a_remedy_that_was_tried_is_not_given_again(tried: bool) -> None:
    loose = Component("pkg:npm/left", "left", None, "npm", resolved=False)
    graph = Graph((), (loose,), ())
    found = judge(graph, {loose.purl: conclude(loose)}, (), Policy(resolve=tried))
    (unresolved,) = [one for one in found if one.code == "dependency-unresolved"]
    assert any("--resolve" in remedy for remedy in unresolved.remedies) is not tried
    assert len(unresolved.remedies) == 2


def test_what_is_not_shipped_is_counted_apart(tmp_path: Path) -> None:
    write(tmp_path, "package.json", {"name": "app", "license": "MIT", "dependencies": {"zebra": "1"},
                                     "devDependencies": {"odd": "1"}})  # fmt: skip
    write(tmp_path, "node_modules/zebra/package.json", {"name": "zebra", "version": "1.0.0", "license": "MIT"})
    write(tmp_path, "node_modules/odd/package.json", {"name": "odd", "version": "1.0.0"})
    assert "outbound MIT): may be used: 1; not shipped: 1" in told(tmp_path)
    assert "may be used: 1; not shipped: 1" in told(tmp_path, "--format", "markdown")


def test_what_nothing_needs_comes_last(tmp_path: Path) -> None:
    write(tmp_path, "package.json", {"name": "app", "license": "MIT", "dependencies": {"zebra": "1"},
                                     "devDependencies": {"odd": "1"}})  # fmt: skip
    write(tmp_path, "package-lock.json", LOCK)
    said = told(tmp_path)
    assert 0 < said.index("zebra 1.0.0") < said.index("aardvark 1.0.0")


def test_a_runtime_is_not_looked_for_at_a_registry(tmp_path: Path) -> None:
    write(tmp_path, "package.json", {"name": "app", "license": "MIT"})
    (tmp_path / "pnpm-lock.yaml").write_text(
        "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n"
        "      node: {specifier: 'runtime:22.0.0', version: 'runtime:22.0.0'}\n"
        "packages:\n  node@runtime:22.0.0: {resolution: {type: variations, variants: []}, version: 22.0.0}\n"
        "snapshots:\n  node@runtime:22.0.0: {}\n"
    )
    said = told(tmp_path)
    assert "node 22.0.0 is not installed here, and does not come from a registry" in said
    assert "where their registry can be reached" not in said


def test_roots_of_one_name_are_told_apart(tmp_path: Path) -> None:
    write(tmp_path, "package.json", {"name": "chat", "license": "MIT", "dependencies": {"left": "1"}})
    write(tmp_path, "chat/package.json", {"license": "MIT", "dependencies": {"left": "1"}})
    write(tmp_path, "server/package.json", {"name": "server", "license": "MIT", "dependencies": {"left": "1"}})
    assert "chat (.)" in told(tmp_path)
    assert "chat (chat)" in told(tmp_path)
    assert "server (" not in told(tmp_path).replace("server (installed", "")


def test_show_names_a_few_hashes(tmp_path: Path) -> None:
    wheels = [{"url": f"https://i.example/a-1-{n}.whl", "hash": f"sha256:{n:064x}"} for n in range(30)]
    listed = ",\n".join(f'{{ url = "{one["url"]}", hash = "{one["hash"]}" }}' for one in wheels)
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "app"\nversion = "1"\ndependencies = ["a"]\n')
    (tmp_path / "uv.lock").write_text(
        'version = 1\n[[package]]\nname = "app"\nversion = "1"\nsource = { virtual = "." }\n'
        'dependencies = [{ name = "a" }]\n[[package]]\nname = "a"\nversion = "1"\n'
        f'source = {{ registry = "https://i.example/simple" }}\nwheels = [{listed}]\n'
    )
    run("scan", str(tmp_path), "--offline", "--no-texts", "--quiet")
    said = run("show", "a", "--project", str(tmp_path)).stdout
    assert len(re.findall(r"hash:\s+sha256:", said)) == 3
    assert "27 more" in said


def test_readings_are_counted_where_they_are_many() -> None:
    readings = [f"LicenseRef-{n}" for n in range(MOST_READINGS + 2)]
    assert listed_readings(readings[:MOST_READINGS]) == "; ".join(readings[:MOST_READINGS])
    assert listed_readings(readings).endswith("LicenseRef-3 and 2 more")


def test_a_release_with_the_name_of_a_project_has_a_reason_of_its_own(tmp_path: Path) -> None:
    """A workspace that needs a published release of its own member: a name that may be private is not sent out."""
    write(
        tmp_path, "package.json", {"name": "app", "license": "MIT", "workspaces": ["lib"], "dependencies": {"lib": "1"}}
    )
    write(tmp_path, "lib/package.json", {"name": "lib", "version": "2.0.0", "license": "MIT"})
    write(tmp_path, "package-lock.json", {
        "lockfileVersion": 3,
        "packages": {
            "": {"name": "app", "license": "MIT", "workspaces": ["lib"], "dependencies": {"lib": "1"}},
            "lib": {"name": "lib", "version": "2.0.0", "license": "MIT"},
            "node_modules/lib": {"version": "1.0.0", "resolved": "https://registry.example/lib/-/lib-1.0.0.tgz"},
        },
    })  # fmt: skip
    scan = json.loads(run("scan", str(tmp_path), "--offline", "--no-texts", "--format", "json").stdout)
    (found,) = [one for one in scan["findings"] if one["purl"] == "pkg:npm/lib@1.0.0"]
    assert found["message"] == "lib 1.0.0 is not installed here, and has the name of one of your own projects."
    assert "published = true" in found["remedies"][0]


@pytest.mark.parametrize("record", ["", None, "a-1.dist-info/METADATA,,\n"])
def test_lists_of_parts_count_whatever_record_says(tmp_path: Path, record: str | None) -> None:
    """An empty RECORD, or none (distributions of Linux remove it), hides no list of parts."""
    site = ".venv/lib/python3.11/site-packages/a-1.dist-info"
    parts = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "components": [{"type": "library", "name": "inner", "version": "2"}],
    }
    write(tmp_path, f"{site}/sboms/x.cdx.json", parts)
    (tmp_path / ".venv/pyvenv.cfg").write_text("version = 3.11.2\n")
    (tmp_path / site / "METADATA").write_text("Metadata-Version: 2.4\nName: a\nVersion: 1\nLicense-Expression: MIT\n")
    if record is not None:
        (tmp_path / site / "RECORD").write_text(record)
    (tmp_path / "requirements.txt").write_text("a==1\n")
    said = " ".join(run("scan", str(tmp_path), "--offline").stdout.split())
    assert "contains 1 part with no stated license: inner 2" in said


@pytest.mark.parametrize(
    ("files", "is_said"),
    [
        ({"requirements.txt": "left==1.0\nright==2.0\n"}, True),
        ({"requirements.txt": "left==1.0\nright==2.0\n    # via left\n"}, False),
        ({"requirements.txt": ""}, False),
        (
            {
                "requirements.txt": "left==1.0\n",
                "Pipfile.lock": '{"_meta": {}, "default": {"left": {"version": "==1.0"}}}',
            },
            False,
        ),
    ],
)
def test_a_bare_list_is_said_to_be_taken_for_the_whole(tmp_path: Path, files: dict[str, str], is_said: bool) -> None:
    """What packages need in turn stands in no such list; nobody may read the answer as one about that too."""
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    printed = run("scan", str(tmp_path), "--offline").stdout
    assert ("their own dependencies were not looked up" in " ".join(printed.split())) == is_said


def test_notes_on_what_is_not_shipped_are_one_line_and_a_command(tmp_path: Path) -> None:
    lock = json.loads(json.dumps(LOCK))
    for name in ("zebra", "odd", "aardvark"):
        lock["packages"][f"node_modules/{name}"]["license"] = "Apache 2"
    write(tmp_path, "package.json", {"name": "app", "dependencies": {"zebra": "1"}, "devDependencies": {"odd": "1"}})
    write(tmp_path, "package-lock.json", lock)
    screen = told(tmp_path)
    assert "1 note on packages that are not shipped: `licscan findings --not-shipped`" in screen
    listed = run("findings", "--not-shipped", "--project", str(tmp_path), "--format", "json").stdout
    assert [one["purl"] for one in json.loads(listed)["findings"]] == ["pkg:npm/odd@1.0.0"]
