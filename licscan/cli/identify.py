"""`licscan identify`."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from licscan.base.errors import InputError
from licscan.base.escape import one_line
from licscan.base.messages import N_, _
from licscan.cli.output import progress_bar, write_output
from licscan.cli.params import JSON, format_option, output_option

if TYPE_CHECKING:
    from licscan.detect.types import Detected
    from licscan.export.identify import Identified
    from licscan.model.media import MediaFacts
    from licscan.read.workers import Detector, Opener

MAX_FILE = 10 * 1024 * 1024
EXIT_NOTHING = 2


@click.command("identify", help=_("Find the licenses and copyright statements in the files at PATHS."))
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@format_option()
@output_option
@click.option("--jobs", type=click.IntRange(1, 64), help=_("Parallel processes. Default: one per processor."))
@click.option("--licenses", type=click.Path(path_type=Path), help=_("A folder with your own license texts and rules."))
def command(paths: tuple[Path, ...], format_: str, output: Path | None, jobs: int | None, licenses: Path | None) -> int:
    """Identify every file, print what was found; what cannot be read is one line on standard error.

    The status is 2 where a path is not there, or nothing at all could be read.
    """
    from licscan.export import identify as export
    from licscan.read.workers import OpenDetector, usable_jobs

    if licenses is not None and not licenses.is_dir():
        raise InputError(_("is not a folder"), path=str(licenses))
    opener = OpenDetector(str(licenses) if licenses else None)
    there, missing = _there([str(path) for path in paths])
    found, failed = identify(there, opener, usable_jobs(jobs)) if there else ([], [])
    for line in (*missing, *failed):
        click.echo("licscan: " + one_line(line, limit=2_000), err=True)
    text = export.to_json(found) if format_ == JSON else export.to_table(found)
    if output is not None:
        write_output(output, text)
        click.echo(_("Wrote {path}").format(path=output), err=True)
    else:
        click.echo(text.encode("utf-8", "backslashreplace"), nl=False)
    return EXIT_NOTHING if missing or (failed and not found) else 0


def _there(paths: list[str]) -> tuple[list[str], list[str]]:
    """The paths that are there, and a sentence for each that is not: one wrong name does not stop the others."""
    missing = [str(InputError(_("does not exist"), path=path)) for path in paths if not os.path.lexists(path)]
    return [path for path in paths if os.path.lexists(path)], missing


def identify(paths: list[str], opener: Opener, jobs: int) -> tuple[list[Identified], list[str]]:
    """What every file holds, in order, and a sentence for each that could not be read.

    A statement that names another of the files ("see COPYING") has that one's license.
    """
    from licscan.base.files import files_below
    from licscan.detect.references import followed
    from licscan.read.building import preparing
    from licscan.read.workers import Workers

    files = list(dict.fromkeys(files_below(paths)))
    found: list[Identified] = []
    failed: list[str] = []
    with progress_bar() as progress, Workers(opener, jobs, opening=partial(preparing, progress)) as workers:
        for done, (path, answer) in enumerate(zip(files, workers.map(identify_file, files), strict=True), 1):
            if isinstance(answer, str):
                failed.append(answer)
            else:
                found.append((path, answer))
            progress(_("Identifying licenses"), done, len(files))
    names = {path: path.replace(os.sep, "/") for path, _detected in found}
    resolved = followed({names[path]: detected for path, detected in found})
    return [(path, resolved[names[path]]) for path, _detected in found], failed


def identify_file(detector: Detector, path: str) -> Detected | str:
    """What one file holds, or the sentence that says why it could not be read."""
    from licscan.base.files import read_file

    try:
        if (media := _as_content(detector, path)) is not None:
            return media
        data = read_file(path, MAX_FILE)
    except InputError as error:
        return str(error)
    return detector.detect(data, os.path.basename(path))


def _as_content(detector: Detector, path: str) -> Detected | None:
    """A font, picture, sound or model by its own fields, and what detection finds in these; None for anything else."""
    from licscan.base.files import open_regular
    from licscan.content.credentials import with_validation
    from licscan.content.reading import digest_of_open
    from licscan.media import format_of
    from licscan.media.blob import OpenFile
    from licscan.media.kinds import HEAD
    from licscan.media.readers import read_as
    from licscan.model.media import TERMS, Meaning

    with open_regular(path) as file:
        descriptor = file.fileno()
        made = format_of(os.pread(descriptor, HEAD, 0), os.path.basename(path))
        if made is None or made.name == "pdf":
            return None
        size = os.fstat(descriptor).st_size
        facts = with_validation(read_as(OpenFile(descriptor, size), made), descriptor, size)
        digest = digest_of_open(descriptor, size).hex()
        sets, unheard = _held_against_sets(facts, digest, descriptor, size)
    rights = "\n".join(facts.texts(*TERMS, Meaning.COPYRIGHT))
    detected = detector.detect(rights.encode("utf-8", "replace"))
    return replace(detected, sha256=digest, media=facts, sets=sets, unheard=unheard)


_TOO_LARGE = N_("it is too large")
_NO_DECODER = N_("its format is not decoded")
_NO_EXTRA = N_("the extra licscan[sounds] is not installed")


def _held_against_sets(facts: MediaFacts, digest: str, descriptor: int, size: int) -> tuple[tuple[str, ...], str]:
    """The known sets that a sound or an animation may be of, and why a sound was not heard; pictures need a folder."""
    from licscan.artsets import ArtFile, recognise
    from licscan.artsets.decoding import MAX_BYTES, can_hear, may_be_heard
    from licscan.model.media import MediaKind

    if facts.kind not in (MediaKind.AUDIO, MediaKind.LOTTIE):
        return (), ""
    if size > MAX_BYTES:
        return (), _TOO_LARGE if facts.kind is MediaKind.AUDIO else ""
    data = os.pread(descriptor, size, 0)
    asked = ArtFile("file", digest, facts.format, size, lambda: data)
    sets = tuple(sorted({name for match in recognise([asked]).matches for name in match.sets}))
    if facts.kind is MediaKind.LOTTIE or sets:
        return sets, ""
    if not may_be_heard(data, facts.format):
        return sets, _NO_DECODER
    return sets, "" if can_hear() else _NO_EXTRA
