"""Real bundles of real packages of a messenger, built by esbuild and Vite; skipped where npm cannot install them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from licscan.cli import run
from licscan.compose.verify import Question, verify
from licscan.model import Scan, Verdict
from licscan.verify.records import What
from tests.verify.making import scanned
from tests.verify.test_deletions import DELETIONS, check_deletions, owed_of, text_of
from tests.verify.test_verify import lacking, written

pytestmark = pytest.mark.slow

CASE = Path(__file__).resolve().parents[1] / "cases" / "verify" / "messenger"
INSTALL = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--replace-registry-host=always"]


@pytest.fixture(scope="module")
def messenger(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Scan]:
    """The project, installed and built twice, with its scan."""
    root = tmp_path_factory.mktemp("real") / "messenger"
    shutil.copytree(CASE, root)
    if not shutil.which("npm"):
        pytest.skip("npm is not here: no real bundle can be built")
    # nothing but the network may be missing: what npm takes from its environment stays
    installed = subprocess.run(INSTALL, cwd=root, capture_output=True, timeout=300, env=dict(os.environ), check=False)
    if installed.returncode:
        pytest.skip("npm cannot install the packages: no network, or no registry")
    for bundler in ("esbuild", "vite"):
        subprocess.run(["node", "build.mjs", bundler], cwd=root, check=True, timeout=300)
    return root, scanned(root)


def package(path: str) -> str | None:
    """The package of a module's path; None for one of the project's own."""
    before, _mark, after = path.rpartition("node_modules/")
    parts = after.split("?")[0].split("/")
    return "/".join(parts[: 2 if after.startswith("@") else 1]) if before or _mark else None


def packages(sizes: Mapping[str, int]) -> set[str]:
    return {name for path, size in sizes.items() if size > 0 and (name := package(path))}


def in_metafile(root: Path) -> set[str]:
    outputs = json.loads((root / "dist-esbuild/meta.json").read_text())["outputs"]
    return packages({p: e["bytesInOutput"] for one in outputs.values() for p, e in one["inputs"].items()})


def rendered(root: Path) -> dict[str, int]:
    """What Rollup rendered of every module, as a plugin of the build wrote it."""
    chunks = json.loads((root / "account.json").read_text())
    return {path: m["renderedLength"] for chunk in chunks.values() for path, m in chunk["modules"].items()}


def test_verify_lists_what_the_metafile_lists(messenger: tuple[Path, Scan]) -> None:
    root, scan = messenger
    told = verify(Question(root / "dist-esbuild"), scan, root)
    names = {component.name for component in told.components}
    assert names == in_metafile(root)
    assert len(names) >= 25
    assert told.unknown == ()
    assert told.verdict is Verdict.VIOLATION
    # every package of these licenses asks for its text; what asks for nothing lacks nothing
    asking = {c.name for c in told.components if c.license in ("MIT", "ISC", "BSD-3-Clause", "Apache-2.0")}
    assert asking == {name for name, what in lacking(told).items() if What.TEXT in what} & asking
    assert "tweetnacl" not in lacking(told)


def test_source_maps_show_all_but_data(messenger: tuple[Path, Scan]) -> None:
    root, scan = messenger
    code = {path: size for path, size in rendered(root).items() if not path.endswith(".json")}
    told = verify(Question(root / "dist-vite"), scan, root)
    assert {component.name for component in told.components} == packages(code)
    assert told.unknown == ()
    assert any("JSON" in sentence for sentence in told.assumed)
    whole = verify(Question(root / "dist-vite", stats=(root / "account.json",)), scan, root)
    assert {component.name for component in whole.components} == packages(rendered(root))


@pytest.mark.parametrize(
    ("format_", "name"), [("text", "n.txt"), ("markdown", "n.md"), ("html", "n.html"), ("json", "n.json")]
)
def test_with_the_notices_nothing_is_missing(
    messenger: tuple[Path, Scan], tmp_path: Path, format_: str, name: str
) -> None:
    root, scan = messenger
    (tmp_path / name).write_text(written(scan, root, format_))
    for dist in ("dist-esbuild", "dist-vite"):
        assert lacking(verify(Question(root / dist, notices=(tmp_path / name,)), scan, root)) == {}


def test_every_deletion_is_found_and_no_other(messenger: tuple[Path, Scan]) -> None:
    root, scan = messenger
    # each is a verification of the whole bundle; all of them are tried on a small project in test_deletions
    count = DELETIONS // 5
    told = check_deletions(scan, owed_of(scan, root, root / "dist-esbuild"), text_of(scan, root), count)
    assert told[What.HOLDER] > count // 4
    assert told[What.TEXT] > 1


def test_the_command_line(messenger: tuple[Path, Scan], tmp_path: Path) -> None:
    root, _scan = messenger
    dist = tmp_path / "dist"
    shutil.copytree(root / "dist-esbuild", dist)
    store = ["--offline", "--db", str(tmp_path / "scans.db")]
    assert run(["verify", str(dist), "--project", str(root), *store]) == 1
    run(["notices", str(root), "--surface", "web", "-o", str(dist / "THIRD-PARTY-NOTICES.txt"), *store])
    assert run(["verify", str(dist), "--project", str(root), *store]) == 0
    cut = (dist / "THIRD-PARTY-NOTICES.txt").read_text().replace("uuid 9.0.1", "")
    (dist / "THIRD-PARTY-NOTICES.txt").write_text(cut)
    assert run(["verify", str(dist), "--project", str(root), *store]) == 1
