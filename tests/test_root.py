"""The project itself: one root with its own name, version, license and supplier; pointers to license files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from licscan.cli.options import options_of, project_config
from licscan.compose.scan import scan
from licscan.licenses.licensedb import license_text
from licscan.model import Scan
from licscan.sbom.from_scan import SbomOptions, bom_of
from licscan.store import load, save

MIT = license_text("mit")


def scanned(folder: Path, files: dict[str, str]) -> Scan:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    root, config = project_config((folder,))
    return scan(options_of((folder,), root, config, offline=True))


PYPROJECT = '[project]\nname = "app"\ndynamic = ["version"]\nauthors = [{name = "Ada", email = "ada@x.example"}]\n'
VERSIONS = {
    "setuptools-attr": (
        PYPROJECT + '[tool.setuptools.dynamic]\nversion = {attr = "app.__version__"}\n',
        "app/__init__.py",
    ),
    "hatch": (PYPROJECT + '[tool.hatch.version]\npath = "app/about.py"\n', "app/about.py"),
    "flit": (
        PYPROJECT + '[build-system]\nrequires = []\nbuild-backend = "flit_core.buildapi"\n',
        "src/app/__init__.py",
    ),
    "scm": (PYPROJECT + '[tool.setuptools_scm]\nversion_file = "app/_version.py"\n', "app/_version.py"),
}


@pytest.mark.parametrize("name", VERSIONS)
def test_dynamic_versions_are_read_and_never_run(name: str, tmp_path: Path) -> None:
    manifest, source = VERSIONS[name]
    run = 'raise SystemExit("imported")\n'
    found = scanned(tmp_path, {"pyproject.toml": manifest, source: f'__version__ = "1.2.3"\n{run}'})
    assert found.graph.roots == ("pkg:pypi/app@1.2.3",)
    assert (found.project.name, found.project.version, found.project.root) == ("app", "1.2.3", "pkg:pypi/app@1.2.3")


SETUP = {
    "helper": 'def find(*p): return open(join(here, *p)).read()\nsetup(name="app", version=find("app", "version.py"))',
    "about": 'about = {}\nexec(open("app/version.py").read(), about)\nv = find("app/version.py")\n'
    'setup(name="app", version=v)',
}


@pytest.mark.parametrize("name", SETUP)
def test_setup_py_that_computes_its_version_from_a_file(name: str, tmp_path: Path) -> None:
    found = scanned(tmp_path, {"setup.py": SETUP[name], "app/version.py": 'VERSION = "4.5"\n'})
    assert found.project.version == "4.5"


def test_a_version_that_nobody_says_is_said_to_be_dynamic(tmp_path: Path) -> None:
    found = scanned(tmp_path, {"pyproject.toml": PYPROJECT})
    assert (found.project.name, found.project.version) == ("app", "")
    assert any("dynamic" in one for one in found.project.assumptions)
    found = scanned(tmp_path, {"PKG-INFO": "Metadata-Version: 2.1\nName: app\nVersion: 7.0\n"})
    assert found.project.version == "7.0"


def test_licscan_toml_wins(tmp_path: Path) -> None:
    found = scanned(
        tmp_path,
        {"package.json": '{"name": "a", "version": "1.0.0"}', "licscan.toml": '[project]\nname = "P"\nversion = "9"\n'},
    )
    assert found.project.label == "P 9"
    bom = bom_of(found, SbomOptions("2026-01-01T00:00:00Z"))
    subject = next(one for one in bom.components if one.ref == bom.subject)
    assert (subject.name, subject.version) == ("P", "9")


SITE = ".venv/lib/python3.11/site-packages"


@pytest.mark.parametrize("editable", [True, False])
def test_a_project_installed_in_its_own_environment_is_the_root(editable: bool, tmp_path: Path) -> None:
    direct = f'{{"url": "{tmp_path.as_uri()}", "dir_info": {{"editable": true}}}}' if editable else "{}"
    found = scanned(
        tmp_path,
        {
            "pyproject.toml": PYPROJECT + 'license = "MIT"\ndependencies = ["dep"]\n',
            "LICENSE": MIT,
            ".venv/pyvenv.cfg": "version = 3.11.0\n",
            f"{SITE}/app-2.0.dist-info/METADATA": "Name: App\nVersion: 2.0\nRequires-Dist: dep\n",
            f"{SITE}/app-2.0.dist-info/direct_url.json": direct,
            f"{SITE}/dep-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: dep\nVersion: 1.0\nLicense: MIT\n",
        },
    )
    purls = [one.purl for one in found.graph.components if one.purl.startswith("pkg:pypi/")]
    assert purls == ["pkg:pypi/app@2.0", "pkg:pypi/dep@1.0"]
    root = found.graph.by_purl["pkg:pypi/app@2.0"]
    assert root.is_first_party
    assert found.project.root == root.purl
    assert ("pkg:pypi/app@2.0", "pkg:pypi/dep@1.0") in {(e.parent, e.child) for e in found.graph.dependencies}
    assert found.by_purl[root.purl].concluded == "MIT"


def test_facts_of_the_root_and_of_packages_reach_the_sbom_also_from_the_store(tmp_path: Path) -> None:
    found = scanned(
        tmp_path,
        {
            "package.json": '{"name": "mono", "version": "1.0.0", "private": true, "author": "Ada <ada@x.example>",'
            ' "workspaces": ["p/*"], "dependencies": {"left": "1.0.0"}}',
            "p/a/package.json": '{"name": "a", "version": "2.0.0"}',
            "node_modules/left/package.json": '{"name": "left", "version": "1.0.0", "licence": "MIT", "author": "Bo",'
            ' "repository": "o/left", "description": "Pads"}',
        },
    )
    assert found.project.label == "mono 1.0.0"
    assert found.by_purl["pkg:npm/left@1.0.0"].concluded == "MIT"
    save(found, tmp_path / "db.sqlite", "2026-01-01T00:00:00Z")
    stored = load(tmp_path / "db.sqlite")
    assert stored == found
    bom = bom_of(stored, SbomOptions("2026-01-01T00:00:00Z"))
    subject = next(one for one in bom.components if one.ref == bom.subject)
    assert (subject.name, subject.version, subject.supplier and subject.supplier.email) == (
        "mono",
        "1.0.0",
        "ada@x.example",
    )
    left = next(one for one in bom.components if one.name == "left")
    assert (left.description, left.supplier and left.supplier.name) == ("Pads", "Bo")
    assert [(one.kind, one.url) for one in left.references] == [("vcs", "https://github.com/o/left")]


POINTERS = [
    ('{"name": "a", "version": "1.0.0", "license": "SEE LICENSE IN legal/terms.txt"}', "legal/terms.txt"),
    ('{"name": "a", "version": "1.0.0", "license": "see COPYING"}', "COPYING.md"),
]


@pytest.mark.parametrize(("manifest", "text"), POINTERS)
@pytest.mark.parametrize("there", [True, False])
def test_the_text_that_a_statement_points_to_decides(manifest: str, text: str, there: bool, tmp_path: Path) -> None:
    files = {"package.json": '{"name": "r", "version": "1.0.0", "dependencies": {"a": "1.0.0"}}'}
    files |= {"node_modules/a/package.json": manifest} | ({f"node_modules/a/{text}": MIT} if there else {})
    conclusion = scanned(tmp_path, files).by_purl["pkg:npm/a@1.0.0"]
    assert conclusion.concluded == ("MIT" if there else "NOASSERTION")
    assert any("which does not exist" in doubt for doubt in conclusion.doubts) is not there


def test_file_tables_of_pyproject_point_to_the_license(tmp_path: Path) -> None:
    manifest = '[project]\nname = "app"\nversion = "1"\nlicense = {file = "docs/terms.txt"}\n'
    found = scanned(tmp_path, {"pyproject.toml": manifest, "docs/terms.txt": MIT})
    assert found.by_purl["pkg:pypi/app@1"].concluded == "MIT"


def test_a_link_is_no_license_file(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(MIT)
    project = tmp_path / "project"
    project.mkdir()
    (project / "terms.txt").symlink_to(tmp_path / "secret.txt")
    manifest = '[project]\nname = "app"\nversion = "1"\nlicense = {file = "terms.txt"}\n'
    assert scanned(project, {"pyproject.toml": manifest}).by_purl["pkg:pypi/app@1"].concluded == "NOASSERTION"


@pytest.mark.parametrize(("key", "expected"), [("agpl-3.0", "AGPL-3.0"), ("gpl-2.0", "GPL-2.0")])
def test_whole_texts_in_a_license_field_are_read(key: str, expected: str, tmp_path: Path) -> None:
    text = license_text(key)
    folded = "\n        ".join(line or " " for line in text.splitlines())
    files = {
        "requirements.txt": "dep==1.0\n",
        ".venv/pyvenv.cfg": "version = 3.11.0\n",
        f"{SITE}/dep-1.0.dist-info/METADATA": f"Metadata-Version: 2.1\nName: dep\nVersion: 1.0\nLicense: {folded}\n",
    }
    conclusion = scanned(tmp_path, files).by_purl["pkg:pypi/dep@1.0"]
    assert len(text) > 15_000
    assert conclusion.concluded.startswith(expected)


def test_the_first_scan_of_a_folder_by_another_name_is_found_again(tmp_path: Path) -> None:
    from licscan.store.earlier import earlier

    found = scanned(tmp_path, {"package.json": '{"name": "a", "dependencies": {"b": "1"}}'})
    save(replace(found, project=replace(found.project, name="folder")), tmp_path / "db.sqlite")
    assert earlier(tmp_path / "db.sqlite", path=str(tmp_path))


def test_two_folders_may_have_projects_of_one_name(tmp_path: Path) -> None:
    """Each keeps its own version and license, though both locks leave the version out."""
    files = {}
    for folder, version in (("one", "1.0"), ("two", "2.0")):
        files |= {
            f"{folder}/pyproject.toml": '[project]\nname = "app"\nlicense = "MIT"\ndynamic = ["version"]\n'
            'dependencies = ["six"]\n[tool.setuptools.dynamic]\nversion = {attr = "app.__version__"}\n',
            f"{folder}/app.py": f"__version__ = '{version}'\n",
            f"{folder}/uv.lock": 'version = 1\n[[package]]\nname = "app"\nsource = { editable = "." }\n'
            'dependencies = [{ name = "six" }]\n[[package]]\nname = "six"\nversion = "1.16.0"\n'
            'source = { registry = "https://index.example/simple" }\n',
        }
    graph = scanned(tmp_path, files).graph
    assert graph.roots == ("pkg:pypi/app@1.0", "pkg:pypi/app@2.0")
    assert [[claim.raw for claim in graph.by_purl[root].claims] for root in graph.roots] == [["MIT"], ["MIT"]]
    assert {(edge.parent, edge.child) for edge in graph.dependencies} == {
        (root, "pkg:pypi/six@1.16.0") for root in graph.roots
    }
