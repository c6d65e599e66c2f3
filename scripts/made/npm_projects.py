"""Projects for one npm client from a seed, with the constructs that the client knows."""

from __future__ import annotations

import json
import os
import random
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from made.npm_packages import Manifest, Universe
from made.registry import archive_of

DATES = {"GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2001-01-01T00:00:00Z"}
WORKSPACE = {"pnpm": "workspace:", "yarn-berry": "workspace:", "bun": "workspace:"}
FOLDERS = {
    "npm": ("file:",),
    "pnpm": ("file:", "link:"),
    "yarn-classic": ("file:", "link:"),
    "yarn-berry": ("file:", "link:", "portal:"),
    "bun": ("file:",),
}
PATCH = """diff --git a/index.js b/index.js
--- a/index.js
+++ b/index.js
@@ -1 +1 @@
-module.exports = 1
+module.exports = 3
"""


@dataclass
class Project:
    """One project while it is made; `own` are the names of folders and members, which are nobody else's."""

    client: str
    seed: int
    universe: Universe
    folder: Path
    registry: str
    rand: random.Random = field(init=False)
    manifests: dict[str, Manifest] = field(default_factory=dict)
    settings: Manifest = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    constructs: set[str] = field(default_factory=set)
    aliases: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rand = random.Random(f"{self.client} {self.seed}")
        self.aliases.update((f"alias-{name.rpartition('/')[2]}", name) for name in self.universe.manifests)

    def chance(self, construct: str, part: float) -> bool:
        """Whether this project has it; what it has is remembered."""
        if self.rand.random() < part:
            self.constructs.add(construct)
            return True
        return False

    @property
    def root(self) -> Manifest:
        return self.manifests[""]

    def importer(self, place: str, name: str, count: int) -> Manifest:
        """A manifest of one's own with requests in all sections."""
        made: Manifest = {"name": name, "version": "1.0.0", "license": "MIT"}
        self.manifests[place] = made
        self.own.add(name)
        chosen = self.rand.sample(sorted(n for n in self.universe.manifests if n.lstrip("@s/").startswith("p")), count)
        for name in chosen:
            section = self.rand.choice(("dependencies", "dependencies", "devDependencies"))
            if self.rand.random() < 0.1:
                section = "optionalDependencies"
            made.setdefault(section, {})[name] = self.universe.range(name)
        return made


def need(manifest: Manifest, name: str, spec: str, section: str = "dependencies") -> None:
    """A request in one section alone."""
    for other in ("dependencies", "devDependencies", "optionalDependencies"):
        manifest.get(other, {}).pop(name, None)
    manifest.setdefault(section, {})[name] = spec


def make_project(client: str, seed: int, universe: Universe, folder: Path, registry: str) -> Project:
    """The project, written to its folder."""
    project = Project(client, seed, universe, folder, registry)
    project.importer("", "acme", project.rand.randint(3, 6))
    for make in (_members, _special, _alias, _local, _archive, _git, _peers, _overrides, _catalog, _patched, _extended):
        make(project)
    if project.chance("nested project", 0.25):
        project.importer("services/bot", "acme-bot", 3)
    write(project)
    return project


def _members(project: Project) -> None:
    if not project.chance("workspace", 0.6):
        return
    names = ["@acme/core", "@acme/web", "@acme/cli"][: project.rand.randint(1, 3)]
    for at, name in enumerate(names):
        place = f"packages/{name.partition('/')[2]}"
        manifest = project.importer(place, name, project.rand.randint(1, 4))
        protocol = WORKSPACE.get(project.client, "")
        for other in names[:at]:
            spec = protocol + project.rand.choice(("*", "^1.0.0") if not protocol else ("*", "^", "~", "^1.0.0"))
            if project.rand.random() < 0.6:
                section = project.rand.choice(("dependencies", "devDependencies"))
                need(manifest, other, "workspace:*" if project.client == "bun" else spec, section)
    project.root["private"] = True
    if project.client == "pnpm":
        project.settings["packages"] = ["packages/*"]
    else:
        project.root["workspaces"] = ["packages/*"]


def _someone(project: Project) -> Manifest:
    places = [place for place in project.manifests if not place or place.startswith("packages/")]
    return project.manifests[project.rand.choice(sorted(places))]


def _special(project: Project) -> None:
    if project.chance("platform packages", 0.5):
        need(_someone(project), "native", "^1.0.0", project.rand.choice(("dependencies", "devDependencies")))
    if project.chance("absent platform package", 0.4):
        need(_someone(project), "only-mac", "^2.0.0", "optionalDependencies")
    if project.chance("platform of this machine", 0.2):
        need(_someone(project), "not-windows", "*")
    if project.chance("bundled packages", 0.3):
        need(_someone(project), "bundler", "^1.0.0")


def _alias(project: Project) -> None:
    if project.chance("alias", 0.4):
        name = project.rand.choice(sorted(n for n in project.universe.manifests if n.startswith("p")))
        spec = f"npm:{name}@{project.universe.version(name)}"
        project.aliases["renamed"] = name
        need(_someone(project), "renamed", spec, project.rand.choice(("dependencies", "devDependencies")))


def _local(project: Project) -> None:
    if not project.chance("local folder", 0.4):
        return
    manifest = project.importer("vendor/loc", "loc", 2)
    manifest.pop("optionalDependencies", None)
    protocol = project.rand.choice(FOLDERS[project.client])
    project.constructs.add(protocol)
    need(project.root, "loc", f"{protocol}./vendor/loc", project.rand.choice(("dependencies", "devDependencies")))


def _archive(project: Project) -> None:
    if project.chance("archive", 0.3):
        name = project.rand.choice(sorted(n for n in project.universe.manifests if n.startswith("p")))
        made = {"name": "packed", "version": "1.4.0", "license": "MIT", "dependencies": {name: "*"}}
        (project.folder / "vendor").mkdir(parents=True, exist_ok=True)
        packed = archive_of({"package.json": json.dumps(made), "index.js": "module.exports = 1\n"})
        (project.folder / "vendor/packed-1.4.0.tgz").write_bytes(packed)
        need(project.root, "packed", "file:./vendor/packed-1.4.0.tgz")


def _git(project: Project) -> None:
    if not project.chance("git", 0.1 if project.client == "yarn-berry" else 0.25):
        return
    name = project.rand.choice(sorted(n for n in project.universe.manifests if n.startswith("p")))
    made = {"name": "gitpkg", "version": "3.1.0", "license": "MIT", "dependencies": {name: "*"}}
    address = bare_repository(project.folder.parent / "gitpkg", {"package.json": json.dumps(made), "index.js": ""})
    section = project.rand.choice(("dependencies", "devDependencies"))
    need(project.root, "gitpkg", f"git+file://{address}#v3.1.0", section)


def bare_repository(folder: Path, files: dict[str, str]) -> Path:
    """A bare repository with one commit, tagged v3.1.0."""
    work, bare = folder / "work", folder / "gitpkg.git"
    work.mkdir(parents=True)
    for path, text in files.items():
        (work / path).write_text(text)
    who = ("-c", "user.name=made", "-c", "user.email=made@made.example")
    for command in (
        ("git", "init", "-q", "-b", "main"),
        ("git", "add", "."),
        ("git", *who, "commit", "-q", "-m", "Made"),
        ("git", "tag", "v3.1.0"),
        ("git", "clone", "-q", "--bare", ".", str(bare)),
    ):
        subprocess.run(command, cwd=work, check=True, env={**os.environ, **DATES}, capture_output=True)
    return bare


def _peers(project: Project) -> None:
    if project.chance("peers of one's own", 0.3):
        manifest = _someone(project)
        name = project.rand.choice(sorted(n for n in project.universe.manifests if n.startswith("p")))
        # pnpm asks for every peer of one's own, also an optional one
        absent = {} if project.client == "pnpm" else {"absent-peer": "*"}
        manifest["peerDependencies"] = {**absent, **({name: "*"} if project.rand.random() < 0.6 else {})}
        manifest["peerDependenciesMeta"] = {name: {"optional": True} for name in absent}


def _overrides(project: Project) -> None:
    if not project.chance("overrides", 0.35):
        return
    direct = {name for manifest in project.manifests.values() for name in manifest.get("dependencies", {})}
    direct |= {name for manifest in project.manifests.values() for name in manifest.get("devDependencies", {})}
    names = sorted(n for n in project.universe.manifests if n.startswith("p") and n not in direct)
    one, two = project.rand.sample(names, 2)
    first, second = project.universe.version(one), f"npm:{one}@{project.universe.version(one)}"
    if project.client == "npm":
        project.root["overrides"] = project.rand.choice(
            ({one: first}, {two: second}, {two: {one: first}}, {f"{one}@1": first})
        )
    elif project.client == "pnpm":
        said = project.rand.choice(
            ({one: first}, {two: second}, {f"{two}>{one}": first}, {f"{one}@1": first}, {two: "-"})
        )
        project.settings["overrides"] = said
    elif project.client == "yarn-classic":
        said = project.rand.choice(({one: first}, {f"**/{one}": first}, {f"{two}/{one}": first}))
        project.root["resolutions"] = said
    elif project.client == "yarn-berry":
        project.root["resolutions"] = project.rand.choice(({one: first}, {two: second}, {f"{two}/{one}": first}))
    else:
        project.root["overrides"] = {one: first}


def _catalog(project: Project) -> None:
    if project.client not in ("pnpm", "yarn-berry", "bun") or not project.chance("catalogs", 0.3):
        return
    name, other = project.rand.sample(sorted(n for n in project.universe.manifests if n.startswith("p")), 2)
    catalog = {name: f"^{project.universe.version(name)}"}
    catalogs = {"old": {other: project.universe.version(other)}}
    if project.client == "bun":
        listed = project.root.get("workspaces", [])
        project.root["workspaces"] = {"packages": listed or ["packages/*"], "catalog": catalog, "catalogs": catalogs}
    else:
        project.settings.update(catalog=catalog, catalogs=catalogs)
    need(_someone(project), name, "catalog:")
    need(_someone(project), other, "catalog:old", "devDependencies")


def _patched(project: Project) -> None:
    if project.client not in ("pnpm", "yarn-berry", "bun") or not project.chance("patches", 0.3):
        return
    name = project.rand.choice(sorted(n for n in project.universe.manifests if n.startswith("p")))
    version = project.universe.version(name)
    (project.folder / "patches").mkdir(parents=True, exist_ok=True)
    (project.folder / "patches/one.patch").write_text(PATCH)
    if project.client == "yarn-berry":
        need(project.root, name, f"patch:{name}@npm%3A{version}#./patches/one.patch")
        return
    need(project.root, name, version)
    if project.client == "pnpm":
        project.settings.update(patchedDependencies={f"{name}@{version}": "patches/one.patch"})
    else:
        project.root["patchedDependencies"] = {f"{name}@{version}": "patches/one.patch"}


def _extended(project: Project) -> None:
    if project.client in ("pnpm", "yarn-berry") and project.chance("package extensions", 0.2):
        one, two = project.rand.sample(sorted(n for n in project.universe.manifests if n.startswith("p")), 2)
        project.settings["packageExtensions"] = {f"{one}@*": {"dependencies": {two: "*"}}}


def write(project: Project) -> None:
    """Manifests and settings; JSON is YAML too."""
    for place, manifest in project.manifests.items():
        home = project.folder / place
        home.mkdir(parents=True, exist_ok=True)
        (home / "package.json").write_text(json.dumps(manifest, indent=1) + "\n")
        write_settings(project, home, nested=place == "services/bot")


def write_settings(project: Project, home: Path, *, nested: bool) -> None:
    """What the client reads beside the manifest of a root of its own."""
    if home != project.folder and not nested:
        return
    settings: dict[str, Any] = {} if nested else dict(project.settings)
    if project.client == "yarn-berry":
        settings.update(npmRegistryServer=project.registry.rstrip("/"), unsafeHttpWhitelist=["127.0.0.1"])
        settings.update(nodeLinker="node-modules", enableTelemetry=False, enableGlobalCache=False, npmMinimalAgeGate=0)
        settings.update(
            enableImmutableInstalls=False, enableScripts=False, cacheFolder=str(project.folder.parent / "cache")
        )
        (home / ".yarnrc.yml").write_text(json.dumps(settings, indent=1) + "\n")
        (home / "yarn.lock").touch()
        return
    (home / ".npmrc").write_text(f"registry={project.registry}\n")
    if project.client == "yarn-classic":
        (home / ".yarnrc").write_text(f'registry "{project.registry}"\n')
    if project.client == "pnpm" and (settings or nested):
        settings.update(allowUnusedPatches=True)
        (home / "pnpm-workspace.yaml").write_text(json.dumps(settings, indent=1) + "\n")
