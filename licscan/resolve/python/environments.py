"""The Python environments of a scan: which there are, what they answer, and what in them nobody asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from licscan.base.errors import InputError
from licscan.base.listing import listed
from licscan.base.messages import _, ngettext
from licscan.base.tree import Tree, folder_of, join
from licscan.model import Component, ComponentKind, Problem, Scope
from licscan.resolve.assemble import SHOWN
from licscan.resolve.builder import Builder, Parsed
from licscan.resolve.formats import FORMATS, Role
from licscan.resolve.python.environment import find_site_packages, known_of
from licscan.resolve.python.extras import NOTHING_SAID, Shipping, absent_sentences, without_absent
from licscan.resolve.python.identity import MANIFESTS
from licscan.resolve.python.joining import drift, graft, hang, leftovers, lent, nearest
from licscan.resolve.python.sites import ECOSYSTEMS, INSTALLERS, Environments, Installed, Joined, key_of
from licscan.resolve.reading import Read, read_all

_PREFIX_DEPTH = 3


def read_environments(
    tree: Tree, inside: Sequence[str], given: Sequence[Path], problems: list[Problem]
) -> Environments:
    """The Python environments that the user named, or else those that stand in the project. Raises InputError."""
    reads: list[Read] = []
    installed: list[Installed] = []
    for folder in given or tuple(tree.path(path) for path in inside):
        sites = find_site_packages(folder)
        if not sites and given:
            raise InputError(
                _("is not a Python environment"),
                path=str(folder),
                remedy=_("name a virtual environment or its site-packages"),
            )
        for site in sites:
            for read in _read_site(tree, site, problems):
                reads.append(read)
                installed.append(_installed(tree, folder, site, read, bool(given)))
    assumptions = []
    if inside and not given:
        names = _(", ").join(inside)
        assumptions.append(_("Python packages are looked up in {names}, found in the project").format(names=names))
    return Environments(tuple(reads), tuple(installed), tuple(assumptions))


def _installed(tree: Tree, folder: Path, site: Path, read: Read, given: bool) -> Installed:
    """Whose answers they are: a virtual environment's are for its project, a file system's for all that is in it."""
    if given or not folder.is_relative_to(tree.root):
        return Installed(read.input.path, read.parsed, None, known_of(site), given)
    path = folder.relative_to(tree.root).as_posix()
    own = (folder / "pyvenv.cfg").is_file() or folder.name in ("venv", ".venv")
    owner = folder_of(path)
    if not own and (folder / "conda-meta").is_dir():
        own = any(tree.exists(join(owner, name)) for name in (*MANIFESTS, "environment.yml", "requirements.txt"))
    return Installed(read.input.path, read.parsed, owner if own else None, known_of(site), whole=not own)


def _read_site(tree: Tree, site: Path, problems: list[Problem]) -> list[Read]:
    """One site-packages folder; paths are relative to the project where it lies inside, else absolute."""
    known = FORMATS["site-packages"]
    if site.is_relative_to(tree.root):
        return read_all(tree, [(site.relative_to(tree.root).as_posix(), known)], problems)
    # what conda installed is told at its prefix
    above = [parent for parent in list(site.parents)[:_PREFIX_DEPTH] if (parent / "conda-meta").is_dir()]
    root = above[0] if above else site
    inside = site.relative_to(root).as_posix() if above else ""
    reads = read_all(Tree(root), [(inside, known)], problems, label=site.as_posix())
    return [replace(read, parsed=_rebased(read.parsed, root.as_posix())) for read in reads]


def _rebased(parsed: Parsed, prefix: str) -> Parsed:
    """The components of a tree outside the project, their places made absolute."""

    def place(path: str) -> str:
        return f"{prefix}/{path}" if path else prefix

    components = tuple(
        replace(
            component,
            found_in=tuple(replace(where, path=place(where.path)) for where in component.found_in),
            installed_at=tuple(place(path) for path in component.installed_at),
            claims=tuple(
                replace(claim, location=replace(claim.location, path=place(claim.location.path)))
                for claim in component.claims
            ),
        )
        for component in parsed.components
    )
    return replace(parsed, components=components)


def join_environments(
    reads: Sequence[Read],
    lots: Sequence[Parsed],
    environments: Environments,
    complete: Collection[str] = (),
    shipping: Shipping = NOTHING_SAID,
) -> Joined:
    """The manifests' and locks' lots joined with the environments beside them; `lots` are those of `reads`.

    A lock, and a manifest that was resolved (`complete`), has all its answers: an environment lends it files. All
    other manifests get their answers from the environments. What nothing asks for hangs on no root of its own.
    """
    if not environments.installed:
        return Joined(tuple(lots))
    join = _Join(reads, list(lots), environments.installed, shipping)
    return join.run(complete)


class _Join:
    def __init__(self, reads: Sequence[Read], lots: list[Parsed], installed: Sequence[Installed], shipping: Shipping):
        self.shipping = shipping
        self.absent: dict[tuple[str, str], set[str]] = {}
        self.reads = reads
        self.lots = lots
        self.installed = installed
        self.used: set[str] = set()
        self.problems: list[Problem] = []
        self.left_out: set[str] = set()
        self.added: list[Parsed] = []
        ours = [c for lot in lots for c in lot.components if c.kind is ComponentKind.PROJECT]
        self.ours = frozenset(key_of(component) for component in ours)

    def run(self, complete: Collection[str]) -> Joined:
        for index, read in enumerate(self.reads):
            if read.format.ecosystem not in ECOSYSTEMS:
                continue
            if read.format.role is Role.LOCK or read.path in complete:
                self._lend(index)
            else:
                self._graft(index, read)
        assumptions = []
        if self.left_out:
            message = _("Left out, since their markers do not match the given environment: {names}")
            assumptions.append(message.format(names=listed(sorted(self.left_out), SHOWN)))
        assumptions += absent_sentences(self.absent)
        for one in self.installed:
            assumptions += self._left(one)
        absent = frozenset((project, name) for (project, _place), names in self.absent.items() for name in names)
        return Joined((*self.lots, *self.added), tuple(self.problems), tuple(assumptions), absent)

    def _lend(self, index: int) -> None:
        """The lock's components with the places and claims of their installed copies."""
        for one in self.installed:
            copies = {(key_of(copy), copy.version): copy for copy in one.parsed.components}
            components = []
            for component in self.lots[index].components:
                if copy := copies.get((key_of(component), component.version)):
                    self.used.add(copy.purl)
                    component = lent(component, copy)
                components.append(component)
            self.lots[index] = replace(self.lots[index], components=tuple(components))

    def _graft(self, index: int, read: Read) -> None:
        near = nearest(self.installed, read.folder)
        for one in near:
            if problem := drift(self.lots[index], read.path, one):
                self.problems.append(problem)
        grafted = graft(self.lots[index], read.path, near)
        present = without_absent(grafted.parsed, near, self.shipping)
        self.lots[index] = present.lot
        if present.absent:
            project = next((c.name for c in present.lot.components if c.purl in present.lot.roots), read.path)
            places = _(", ").join(sorted(one.path for one in near))
            self.absent.setdefault((project, places), set()).update(present.absent)
        self.used |= grafted.used
        self.left_out.update(grafted.left_out)

    def _left(self, one: Installed) -> list[str]:
        """What nothing asks for: said as a problem beside a lock, else hung below a root under an assumption."""
        left = leftovers(one, self.used, self.ours)
        said = []
        for ecosystem in sorted(ECOSYSTEMS):
            same = [component for component in left if component.ecosystem == ecosystem]
            if same and (sentence := self._left_of(one, ecosystem, same)):
                said.append(sentence)
        return said

    def _left_of(self, one: Installed, ecosystem: str, left: list[Component]) -> str:
        formats = ("environment.yml",) if ecosystem == "pypi" else ()
        asking = [
            read
            for read in self.reads
            if read.parsed.roots and (read.format.ecosystem == ecosystem or read.format.name in formats)
        ]
        if any(read.format.role is Role.LOCK for read in asking) and not one.whole:
            self.problems += _extraneous(one.path, left)
            return ""
        tools = bool(asking) and not one.whole
        unsure = [c for c in left if key_of(c) not in INSTALLERS] if tools and self._open(asking) else []
        idle = [component for component in left if component not in unsure] if tools else []
        shipped = [component for component in left if component not in idle]
        root = self._root(one, asking)
        for part, scope in ((idle, Scope.DEV), (shipped, Scope.RUNTIME)):
            if part:
                self.added.append(hang(one, root, part, scope))
        return _sentence(one, idle, shipped, bool(asking))

    def _open(self, asking: Iterable[Read]) -> bool:
        """Whether a manifest asks for something that could not be read: what is installed may be just that."""
        return any(problem.code == "dependency-unresolved" for read in asking for problem in read.parsed.problems)

    def _root(self, one: Installed, asking: Sequence[Read]) -> str:
        """The project that the environment belongs to: that of the nearest folder, else a nameless one is added."""
        owner = one.owner or ""
        asking = sorted(asking, key=lambda read: (read.folder != owner, read.path.count("/"), read.path))
        for read in asking:
            if read.parsed.roots:
                return read.parsed.roots[0]
        builder = Builder(one.path)
        inside = not one.path.startswith("/")
        root = builder.project("pypi", None, None, manifest=join(owner, "environment") if inside and owner else "")
        self.added.append(builder.build())
        return root


def _extraneous(path: str, left: Iterable[Component]) -> list[Problem]:
    extra = [f"{component.name}@{component.version}" for component in left if key_of(component) not in INSTALLERS]
    if not extra:
        return []
    message = ngettext(
        "{count} package is installed but not in the lockfile: {names}",
        "{count} packages are installed but not in the lockfile: {names}",
        len(extra),
    ).format(count=f"{len(extra):,}", names=listed(sorted(extra), SHOWN))
    return [Problem("resolve", path, message, "lock-out-of-date")]


def _sentence(one: Installed, idle: list[Component], shipped: list[Component], asked: bool) -> str:
    names = listed(sorted(component.name for component in idle or shipped), SHOWN)
    if idle:
        message = ngettext(
            "{count} package in {environment} that no manifest requires is taken as a tool, not as shipped: {names}",
            "{count} packages in {environment} that no manifest requires are taken as tools, not as shipped: {names}",
            len(idle),
        )
        return message.format(count=f"{len(idle):,}", environment=one.path, names=names)
    message = ngettext(
        "{count} package in {environment} that no manifest requires is taken as shipped: {names}",
        "{count} packages in {environment} that no manifest requires are taken as shipped: {names}",
        len(shipped),
    )
    return message.format(count=f"{len(shipped):,}", environment=one.path, names=names)
