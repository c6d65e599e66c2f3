"""The whole of `licscan hook`: what changed, what it brings, what is known of that, and what follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from licscan.base.places import has_code_index
from licscan.hook.relevant import SETTINGS, Relevant, sort_out
from licscan.vcs.git import Blobs, Repository

if TYPE_CHECKING:
    from licscan.compare.drift import Earlier
    from licscan.config import Config
    from licscan.hook.answer import Answer, Item
    from licscan.hook.code import Copied
    from licscan.hook.evidence import NewEvidence
    from licscan.hook.packages import NewPackage
    from licscan.hook.trees import GitTree
    from licscan.model import Conclusion, Finding, Graph, Severity, SourceGroup


_MANIFESTS = ("package.json", "pyproject.toml")
MAX_MEDIA = 200
"""So many new files of content are looked at; a commit waits for it."""


@dataclass(frozen=True, slots=True)
class HookOptions:
    """What the command line says: two commits instead of HEAD and the index, paths, what counts, the network."""

    old: str | None = None
    new: str | None = None
    paths: tuple[str, ...] = ()
    database: Path | None = None
    fail_on: str | None = None
    unknown: str | None = None
    online: bool = False
    texts: bool = True


def answer(repository: Repository, asked: HookOptions) -> Answer | None:
    """What follows from what the commit changes; None where it changes nothing that matters here."""
    changes = repository.changes(asked.old, asked.new)
    if asked.paths:
        wanted = set(asked.paths)
        changes = [change for change in changes if change.path in wanted]
    relevant = sort_out(changes)
    code = bool(relevant.code) and has_code_index()
    if not (relevant or relevant.settings or relevant.media or code):
        return None
    with Blobs(repository) as blobs:
        run = _Run(repository, asked, blobs)
        # a mistake in the settings ends here, also where nothing else is staged
        relevant = sort_out(changes, run.config.exclude if run.has_settings else ())
        copied = run.copied(relevant) if code else ()
        return run.answer(relevant, copied) if relevant or copied else run.only_media(relevant)


class _Run:
    """One run: the trees before and after, and the settings as they will be committed."""

    def __init__(self, repository: Repository, asked: HookOptions, blobs: Blobs):
        from licscan.hook.trees import GitTree

        self.repository = repository
        self.asked = asked
        self.new = GitTree(repository, blobs, asked.new)
        first = asked.old or ("HEAD" if repository.has("HEAD") else "")
        merged = repository.others() if asked.new is None else ()
        self.parents: tuple[GitTree, ...] = tuple(GitTree(repository, blobs, commit) for commit in (first, *merged))

    @cached_property
    def config(self) -> Config:
        """licscan.toml as it will be committed."""
        from licscan.config import NO_CONFIG, parse_config

        return parse_config(self.new.read_text(SETTINGS), SETTINGS) if self.new.exists(SETTINGS) else NO_CONFIG

    @cached_property
    def has_settings(self) -> bool:
        """Whether there is a licscan.toml; without one its reader need not be imported."""
        return self.new.exists(SETTINGS)

    def only_media(self, relevant: Relevant) -> Answer | None:
        """New pictures and sounds are named; what their own fields say against them is judged."""
        if not relevant.media:
            return None
        from licscan.hook.answer import Answer

        said = self._media(relevant)
        if not said:
            return Answer(media=len(relevant.media))
        told = Answer(threshold=self._threshold(), media=len(relevant.media))
        from licscan.hook.judge_new import Subject, judge_new
        from licscan.model import Graph
        from licscan.store.decisions import ledger

        findings = judge_new(Subject(Graph(), {}, (), set(), own=said), self.config, ledger(self._database()))
        return replace(told, files=tuple(sorted({change.path for change in relevant.media})), findings=findings)

    def _media(self, relevant: Relevant) -> tuple[Finding, ...]:
        """The findings about files of content that come, by their own fields alone."""
        came = [change.path for change in (*relevant.media, *relevant.fonts) if not change.before][:MAX_MEDIA]
        if not came or (self.has_settings and not self.config.content):
            return ()
        from licscan.content.staged import staged_questions

        held = [(path, data) for path in came if (data := self._bytes(path)) is not None]
        said = list(staged_questions(held))
        if not said:
            return ()
        from licscan.config.settings import is_about
        from licscan.hook.media import findings_of

        records = self.config.contents
        digests = {path: sha256(data).hexdigest() for path, data in held} if said and records else {}
        recorded = {path for path, digest in digests.items() if any(is_about(one, path, digest) for one in records)}
        return tuple(findings_of((one.path, one.question, one.words) for one in said if one.path not in recorded))

    def _bytes(self, path: str) -> bytes | None:
        return _read(self.new, path)

    def copied(self, relevant: Relevant) -> tuple[Copied, ...]:
        """The files of code that are copies of an indexed package, and were none before."""
        if not relevant.code:
            return ()
        from licscan.hook.code import copied_among

        return copied_among(relevant.code, self._bytes, [partial(_read, parent) for parent in self.parents])

    def answer(self, relevant: Relevant, copied: tuple[Copied, ...] = ()) -> Answer:
        """Resolve, compare, look and judge."""
        from licscan.hook.answer import Answer
        from licscan.hook.files import Files
        from licscan.hook.packages import new_packages, resolve_changed

        paths = [change.path for change in relevant.packages]
        if copied:
            # whose the project is, and under which license it goes out
            paths += [path for path in _MANIFESTS if path not in paths and self.new.exists(path)]
        resolution = resolve_changed(self.new, paths, self.config.extras)
        before = [resolve_changed(parent, paths, self.config.extras) for parent in self.parents] if paths else []
        found = new_packages(resolution.graph, [one.graph for one in before])
        known = {problem for one in before for problem in one.problems}
        problems = tuple(problem for problem in resolution.problems if problem not in known)
        files = Files(relevant, self.parents[0], self.new, self._licenses())
        projects = [one.name for one in resolution.graph.components if one.is_first_party]
        groups = files.copied(copied, projects) if copied else ()
        sources, own = files.sources(groups), (*files.findings(), *self._media(relevant))
        told = Answer(_named(relevant, groups), (), (), self._threshold(), media=len(relevant.media))
        if not (found or problems or sources or own):
            return told
        from licscan.compare.drift import pair
        from licscan.hook.judge_new import Subject, judge_new
        from licscan.hook.packages import around
        from licscan.store.decisions import ledger

        graph = resolution.graph
        looked, was = self._look(found, graph)
        small = around(graph, [one.component.purl for one in found])
        merged = replace(small, components=tuple(looked.components.get(c.purl, c) for c in small.components))
        earlier = pair(merged, was.values())
        subject = Subject(
            merged,
            looked.conclusions,
            problems,
            {one.component.purl for one in found},
            sources,
            own,
            earlier,
            offline=not self.asked.online,
        )
        findings = judge_new(subject, self.config, ledger(self._database()))
        items = tuple(_item(one, looked, was, graph) for one in found)
        unknown = frozenset(item.purl for item in items if item.unknown)
        passed = unknown if (self.asked.unknown or self.config.hook.unknown) == "pass" else frozenset()
        return replace(told, items=items, findings=findings, passed=passed)

    def _look(self, found: Sequence[NewPackage], graph: Graph) -> tuple[NewEvidence, dict[str, Earlier]]:
        """What is known of what the commit brings and of the roots; and of what was there before, by PackageURL."""
        from licscan.compare.drift import Earlier
        from licscan.hook.evidence import Installed, gather_evidence
        from licscan.store.earlier import earlier

        root, licenses = self.repository.top, self._licenses()
        installed = Installed(root, self.config.python)
        names = {c.purl: c.name for c in graph.components}
        wanted = [graph.by_purl[purl] for purl in graph.roots if purl in graph.by_purl]
        for one in found:
            needed_by = [names[edge.parent] for edge in graph.parents.get(one.component.purl, ())]
            wanted.append(installed.find(one.component, needed_by))
        looked = gather_evidence(wanted, root, licenses=licenses, texts=self.asked.texts, online=self.asked.online)
        before = {component.purl: component for one in found for component in one.before}
        was = {one.conclusion.purl: one for one in earlier(self._database(), purls=before)}
        rest = [component for purl, component in before.items() if purl not in was]
        if rest:
            told = gather_evidence(
                rest, root, licenses=licenses, texts=self.asked.texts, online=self.asked.online
            ).conclusions
            was |= {c.purl: Earlier(c.ecosystem, c.name, c.version, told[c.purl]) for c in rest}
        return looked, was

    def _database(self) -> Path:
        return self.asked.database or self.repository.top / (self.config.database or ".licscan/licscan.db")

    def _licenses(self) -> Path | None:
        """The folder of the user's own license texts, as in a scan."""
        named = self.repository.top / (self.config.licenses or "licenses")
        return named if named.is_dir() and (self.config.licenses or self.new.exists(SETTINGS)) else None

    def _threshold(self) -> Severity | None:
        from licscan.model import Severity

        name = self.asked.fail_on or self.config.fail_on or "error"
        return None if name == "never" else Severity(name)


def _read(tree: GitTree, path: str) -> bytes | None:
    """A file's bytes; None where it is not there or cannot be read."""
    from licscan.base.errors import InputError

    try:
        return tree.read_bytes(path)
    except InputError:
        return None


def _named(relevant: Relevant, copied: Sequence[SourceGroup] = ()) -> tuple[str, ...]:
    """The changed files that were looked at; of code those that are copies."""
    kinds = (relevant.packages, relevant.texts, relevant.vendored, relevant.fonts, relevant.modules)
    held = {place.path for group in copied for place in group.locations}
    return tuple(sorted({change.path for changes in kinds for change in changes} | held))


def _item(one: NewPackage, looked: NewEvidence, was: Mapping[str, Earlier], graph: Graph) -> Item:
    from licscan.hook.answer import Item
    from licscan.hook.evidence import is_unknown
    from licscan.model import NOASSERTION

    component = looked.components[one.component.purl]
    conclusion: Conclusion = looked.conclusions[component.purl]
    old = sorted({was[c.purl].conclusion.concluded for c in one.before} - {NOASSERTION})
    paths = graph.paths_to(component.purl)
    return Item(
        component.purl,
        component.name,
        component.version or "",
        conclusion.concluded,
        tuple(sorted({c.version or "" for c in one.before})),
        ", ".join(old),
        tuple(graph.by_purl[purl].name for purl in paths[0][:-1] if purl in graph.by_purl) if paths else (),
        is_unknown(component, conclusion),
        conclusion.coverage,
    )
