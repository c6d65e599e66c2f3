"""What one project is scanned with: words of the caller joined with its licscan.toml."""

from __future__ import annotations

from pathlib import Path

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.compose.options import Options, Part, common_root
from licscan.config import FILE_NAME, Config, load_config
from licscan.model import Severity

DEFAULT_JOBS = 16
DATABASE = Path(".licscan") / "licscan.db"


def threshold_of(name: str | None) -> Severity | None:
    """The severity of a `--fail-on`; None for `never`."""
    return None if name == "never" else Severity(name or "error")


def project_config(paths: tuple[Path, ...]) -> tuple[Path, Config]:
    """The folder of the project that the paths name, and its licscan.toml."""
    root, _starts = common_root(paths)
    return root, load_config(root)


def options_of(
    paths: tuple[Path, ...],
    root: Path,
    config: Config,
    *,
    outbound: str | None = None,
    python: tuple[Path, ...] = (),
    exclude: tuple[str, ...] = (),
    offline: bool = False,
    resolve: bool = False,
    jobs: int | None = None,
    fail_on: str | None = None,
    texts: bool = True,
    metadata_only: bool = False,
    platform: str | None = None,
    fetch_git: bool = False,
    git_submodules: tuple[str, ...] = (),
    fetch_urls: bool = False,
    source: bool = False,
    index_code: bool = False,
    content: bool = True,
    parts: tuple[Part, ...] = (),
) -> Options:
    """What a scan is asked to do: these words over licscan.toml over the defaults."""
    return Options(
        paths=paths,
        name=config.name,
        outbound=outbound or config.outbound,
        exclude=(*config.exclude, *exclude),
        python=python or tuple(root / path for path in config.python),
        offline=offline or config.offline,
        resolve=resolve or config.resolve,
        jobs=jobs or config.jobs or DEFAULT_JOBS,
        licenses=own_licenses(root, config),
        texts=texts,
        archives=texts and not (metadata_only or config.metadata_only),
        platform=platform,
        fetch_git=fetch_git or bool(git_submodules),
        git_submodules=tuple(sorted(set(git_submodules))),
        fetch_urls=fetch_urls,
        source=source or config.source,
        index_code=index_code or config.index_code,
        content=content and config.content,
        threshold=threshold_of(fail_on or config.fail_on),
        config=config,
        parts=(*(Part(root / one.sbom, one.surface, one.name) for one in config.parts), *parts),
    )


def database_of(root: Path, config: Config, given: Path | None) -> Path:
    """Where the scans of a project are stored."""
    return given or root / (config.database or DATABASE)


def own_licenses(root: Path, config: Config) -> Path | None:
    """The folder of the user's own license texts: as configured, else `licenses` beside a licscan.toml, if it is there.

    Raises InputError when the folder that is named is not there.
    """
    if config.licenses:
        folder = root / config.licenses
        if not folder.is_dir():
            raise InputError(_("is not a folder"), path=str(folder), remedy=_("see scan.licenses in licscan.toml"))
        return folder
    folder = root / "licenses"
    return folder if (root / FILE_NAME).is_file() and folder.is_dir() else None
