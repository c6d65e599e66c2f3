"""Python projects from a seed: workspaces, folders, wheels, git, forks, constraints, groups, requirements files."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from made.npm_projects import bare_repository
from made.python_packages import Universe
from made.registry import wheel_of

BACKEND = """import pathlib, zipfile
NAME, VERSION, REQUIRES = {name!r}, {version!r}, {requires!r}
STEM = NAME.replace("-", "_") + "-" + VERSION
def _meta():
    lines = ["Metadata-Version: 2.1", "Name: " + NAME, "Version: " + VERSION]
    return "\\n".join([*lines, *("Requires-Dist: " + r for r in REQUIRES)]) + "\\n"
def get_requires_for_build_wheel(config_settings=None): return []
get_requires_for_build_editable = get_requires_for_build_wheel
def prepare_metadata_for_build_wheel(folder, config_settings=None):
    into = pathlib.Path(folder) / (STEM + ".dist-info"); into.mkdir()
    (into / "METADATA").write_text(_meta())
    (into / "WHEEL").write_text("Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    return into.name
prepare_metadata_for_build_editable = prepare_metadata_for_build_wheel
def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = STEM + "-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder) / name, "w") as wheel:
        wheel.writestr(STEM + ".dist-info/METADATA", _meta())
        wheel.writestr(STEM + ".dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(STEM + ".dist-info/RECORD", "")
    return name
build_editable = build_wheel
"""


@dataclass
class Project:
    """One project while it is made: its pyproject tables by folder, and the folders' names."""

    seed: int
    universe: Universe
    folder: Path
    index: str
    rand: random.Random = field(init=False)
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    constructs: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.rand = random.Random(f"project {self.seed}")

    def chance(self, construct: str, part: float) -> bool:
        """Whether this project has it; what it has is remembered."""
        if self.rand.random() < part:
            self.constructs.add(construct)
            return True
        return False

    def asked(self, count: int) -> list[str]:
        """Requirements of as many packages."""
        return [self.universe.request(name) for name in self.rand.sample(sorted(self.universe.packages), count)]

    def table(self, place: str, name: str, count: int) -> dict[str, Any]:
        """The pyproject of a folder."""
        self.own.add(name)
        made: dict[str, Any] = {"project": {"name": name, "version": "1.0", "requires-python": ">=3.9"}}
        made["project"]["dependencies"] = self.asked(count)
        self.tables[place] = made
        return made


def make_project(seed: int, universe: Universe, folder: Path, index: str, *, plain: bool = False) -> Project:
    """A project for uv, written to its folder; `plain`: with nothing that only uv knows."""
    project = Project(seed, universe, folder, index)
    root = project.table("", "acme", project.rand.randint(2, 4))
    if project.chance("extras", 0.5):
        root["project"]["optional-dependencies"] = {"voice": project.asked(1), "all": project.asked(1)}
        if not plain:
            root["project"]["optional-dependencies"]["all"].append("acme[voice]")
    if project.chance("groups", 0.6):
        root["dependency-groups"] = {"dev": project.asked(2), "docs": [{"include-group": "dev"}, *project.asked(1)]}
    if project.chance("fork", 0.4):
        root["project"]["dependencies"] += [
            'made-numpy<2 ; python_version < "3.12"',
            'made-numpy>=2 ; python_version >= "3.12"',
        ]
    if not plain:
        for make in (_members, _folder, _wheel, _git, _bounds):
            make(project)
    for place, table in project.tables.items():
        home = folder / place
        home.mkdir(parents=True, exist_ok=True)
        (home / "pyproject.toml").write_text(toml_of(table))
        write_backend(home, table)
    return project


def _sources(project: Project) -> dict[str, Any]:
    return project.tables[""].setdefault("tool", {}).setdefault("uv", {}).setdefault("sources", {})


def _members(project: Project) -> None:
    if not project.chance("workspace", 0.5):
        return
    tool = project.tables[""].setdefault("tool", {}).setdefault("uv", {})
    tool["workspace"] = {"members": ["libs/*"]}
    names = ["acme-core", "acme-web"][: project.rand.randint(1, 2)]
    for name in names:
        table = project.table(f"libs/{name[5:]}", name, 2)
        if project.chance("groups of a member", 0.4):
            table["dependency-groups"] = {"dev": project.asked(1)}
    if project.rand.random() < 0.6:
        project.tables[""]["project"]["dependencies"].append("acme-core")
        _sources(project)["acme-core"] = {"workspace": True}


def _folder(project: Project) -> None:
    if project.chance("path", 0.35):
        table = project.table("vendor/loc", "loc", 2)
        table["dependency-groups"] = {"dev": project.asked(1)}
        group = project.tables[""].get("dependency-groups", {}).get("dev")
        wanted = group if group is not None and project.rand.random() < 0.4 else None
        (project.tables[""]["project"]["dependencies"] if wanted is None else wanted).append("loc")
        _sources(project)["loc"] = {"path": "vendor/loc", "editable": project.rand.random() < 0.5}


def _wheel(project: Project) -> None:
    if project.chance("wheel", 0.3):
        name = project.rand.choice(sorted(project.universe.packages))
        file, content = wheel_of("packed", "1.4", [name], [])
        (project.folder / "vendor").mkdir(parents=True, exist_ok=True)
        (project.folder / "vendor" / file).write_bytes(content)
        project.tables[""]["project"]["dependencies"].append("packed")
        _sources(project)["packed"] = {"path": f"vendor/{file}"}


def _git(project: Project) -> None:
    if project.chance("git", 0.25):
        table = {"project": {"name": "gitpkg", "version": "3.1", "dependencies": project.asked(1)}}
        bare = bare_repository(project.folder.parent / "gitpkg", {"pyproject.toml": toml_of(table)})
        project.tables[""]["project"]["dependencies"].append("gitpkg")
        _sources(project)["gitpkg"] = {"git": f"file://{bare}", "tag": "v3.1.0"}


def _bounds(project: Project) -> None:
    tool = project.tables[""].setdefault("tool", {}).setdefault("uv", {})
    names = sorted(project.universe.packages)
    if project.chance("constraints", 0.3):
        name = project.rand.choice(names)
        tool["constraint-dependencies"] = [f"{name}<={max(project.universe.packages[name])}"]
    if project.chance("overrides", 0.25):
        name = project.rand.choice(names)
        tool["override-dependencies"] = [f"{name}=={project.rand.choice(sorted(project.universe.packages[name]))}"]
    if "dependency-groups" in project.tables[""] and project.chance("default groups", 0.2):
        tool["default-groups"] = ["dev", "docs"]
    if project.chance("development of uv alone", 0.2):
        tool["dev-dependencies"] = project.asked(1)


def toml_of(table: dict[str, Any]) -> str:
    """TOML of nested tables; values are JSON but for inline tables."""
    lines: list[str] = []

    def write(place: list[str], inner: dict[str, Any]) -> None:
        plain = {key: value for key, value in inner.items() if not isinstance(value, dict) or "sources" in place}
        if plain:
            lines.append(f"[{'.'.join(place)}]")
            lines.extend(f"{key} = {inline(value)}" for key, value in plain.items())
        for key, value in inner.items():
            if key not in plain:
                write([*place, key], value)

    for key, value in table.items():
        write([key], value)
    return "\n".join(lines) + "\n"


def inline(value: Any) -> str:
    """One value of TOML."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {inline(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, value)) + "]"
    return json.dumps(value)


def write_backend(home: Path, table: dict[str, Any]) -> None:
    """A build backend of its own in the folder, so that nothing is fetched to build it."""
    said = table["project"]
    backend = BACKEND.format(name=said["name"], version=said["version"], requires=said["dependencies"])
    (home / "made_backend.py").write_text(backend)
    with (home / "pyproject.toml").open("a") as file:
        file.write('[build-system]\nrequires = []\nbuild-backend = "made_backend"\nbackend-path = ["."]\n')
