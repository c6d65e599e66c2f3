"""`licscan judge`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.cli.output import write_output

MAX_CASE = 1_000_000


@click.command(
    "judge",
    help=_(
        "Answer the cases in FILE, one JSON object per line: may this be used here, this way, and "
        "with which duties? FILE can be - for standard input. Not legal advice."
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--output", "-o", type=click.Path(path_type=Path), help=_("Write to this file instead of the terminal."))
def command(file: Path, output: Path | None) -> int:
    """Answer every case in its order; one that cannot be read ends the run before anything is written."""
    from licscan.judge.questions import answer_case

    answers = []
    for number, case in cases(file):
        try:
            answers.append(answer_case(case))
        except InputError as error:
            line = _("line {line}").format(line=number)
            place = f"{line}, {error.place}" if error.place else line
            raise InputError(error.message, path=str(file), place=place, remedy=error.remedy) from error
    text = "".join(json.dumps(answer, ensure_ascii=False) + "\n" for answer in answers)
    if output is not None:
        write_output(output, text)
        click.echo(_("Wrote {path}").format(path=output), err=True)
    else:
        click.echo(text.encode("utf-8", "backslashreplace"), nl=False)
    return 0


def cases(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The cases of a file with the numbers of their lines. InputError for a line that is no JSON object."""
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise InputError(_("cannot be read: {reason}").format(reason=error.strerror), path=str(file)) from error
    for number, line in enumerate(data.splitlines(), 1):
        if not line.strip():
            continue
        place = _("line {line}").format(line=number)
        if len(line) > MAX_CASE:
            raise InputError(_("is too long for a case"), path=str(file), place=place)
        try:
            case = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError(_("is not JSON"), path=str(file), place=place) from error
        if not isinstance(case, dict):
            raise InputError(_("should be a JSON object"), path=str(file), place=place)
        yield number, case
