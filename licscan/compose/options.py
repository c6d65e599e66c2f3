"""What a scan is asked to do, how it tells of its progress, and where it starts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from licscan.base.caches import CacheUse
from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.compare.drift import Earlier
from licscan.config import NO_CONFIG, Config
from licscan.model import Conclusion, Severity

if TYPE_CHECKING:
    from licscan.evidence.store import EvidenceStore
    from licscan.review.chain import Ledger

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much is done, and how much there is."""


def no_progress(stage: str, done: int, total: int) -> None:
    """The progress of nobody."""


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """A part of the product that an SBOM tells of; `surface` and `name` as in `[[part]]` of licscan.toml."""

    path: Path
    surface: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """What a scan is asked to do; `paths` are folders or single manifests and lockfiles.

    `parts` are judged with what is found there, under one verdict; without any path they are all that is judged.

    `jobs` bounds the connections to a registry, and with the number of processors the processes that read texts;
    `texts` is whether license texts are read at all, `archives` whether those of packages that are not at hand are
    fetched with their archives, `source` whether the project's own files are read too, `content` whether its fonts,
    pictures, sounds and models are.
    `delivered` is whether the files are a supplier's: then copies of the user's own trees are told, whatever the
    supplier calls its product.
    `config` holds what the judgement is told: surfaces, facts, policy, waivers and the like; `today` is the day for
    which it holds, None for the day of the scan. `earlier` are the packages of the last scan, for what changed since;
    `known` are conclusions by PackageURL that count where only a lock speaks; `decisions` is the ledger of what people
    decided, None without any. `platform` is the one whose wheels are read, `fetch_git` whether git may
    fetch what locks name, `git_submodules` those of its submodules that it may fetch too, `fetch_urls` whether
    archives may be read at addresses outside of registries, `index_code` whether the user's index of code grows by
    the archives that are read. `evidence` stands
    for the user's store of evidence, None for that. `cache_use` counts what the caches knew and lost.
    """

    paths: tuple[Path, ...]
    name: str | None = None
    outbound: str | None = None
    exclude: tuple[str, ...] = ()
    python: tuple[Path, ...] = ()
    offline: bool = False
    resolve: bool = False
    jobs: int = 16
    texts: bool = True
    archives: bool = True
    platform: str | None = None
    fetch_git: bool = False
    git_submodules: tuple[str, ...] = ()
    fetch_urls: bool = False
    source: bool = False
    index_code: bool = False
    content: bool = True
    delivered: bool = False
    licenses: Path | None = None
    threshold: Severity | None = Severity.ERROR
    config: Config = NO_CONFIG
    today: date | None = None
    earlier: tuple[Earlier, ...] = ()
    known: Mapping[str, Conclusion] = field(default_factory=dict)
    decisions: Ledger | None = None
    evidence: EvidenceStore | None = field(default=None, compare=False)
    parts: tuple[Part, ...] = ()
    cache_use: CacheUse = field(default_factory=CacheUse, compare=False)


def common_root(paths: Iterable[Path]) -> tuple[Path, tuple[str, ...]]:
    """The folder that holds all paths, and the paths relative to it (`` for the folder itself)."""
    absolute = [Path(os.path.abspath(path)) for path in paths]
    for path in absolute:
        if not path.exists():
            raise InputError(_("does not exist"), path=str(path))
    try:
        root = Path(os.path.commonpath([path if path.is_dir() else path.parent for path in absolute]))
    except ValueError as error:
        raise InputError(
            _("is on a different drive than {path}").format(path=absolute[0]),
            path=str(absolute[-1]),
            remedy=_("scan each by itself"),
        ) from error
    starts = ["" if path == root else path.relative_to(root).as_posix() for path in absolute]
    return root, tuple(sorted(set(starts)))
