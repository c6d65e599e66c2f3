"""A document in text, Markdown and HTML, by Jinja2 templates: ours, or the user's in a sandbox."""

from __future__ import annotations

import re
import traceback
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from licscan.attribution.document import Document
from licscan.attribution.words import words
from licscan.base.errors import InputError
from licscan.base.escape import one_line, visible
from licscan.base.messages import _

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = {"text": "notices.txt.j2", "markdown": "notices.md.j2", "html": "notices.html.j2"}
_FOLDER = Path(__file__).parent / "templates"
_MARKS = re.compile(r"([\\`*_\[\]<>#|~&])")
_NUMBERED = re.compile(r"^(\s*\d+)([.)])")
_LIST = re.compile(r"^([-+=])")
_FENCES = re.compile(r"`{3,}")


def render(document: Document, format_: str, template: Path | None = None) -> str:
    """The document in one of the formats of `TEMPLATES`.

    A template of the user's can take in ours (`{% extends "licscan/notices.html.j2" %}`). It runs in Jinja2's sandbox,
    since it may come with the scanned project. InputError with file and line for any mistake in it.
    """
    escaped = format_ == "html"
    if template is None:
        return _ours(escaped).get_template(f"licscan/{TEMPLATES[format_]}").render(doc=document, words=words())
    try:
        return _environment(escaped, template).get_template(template.name).render(doc=document, words=words())
    except Exception as error:
        raise _mistake(error, template) from error


@cache
def _ours(escaped: bool) -> Environment:
    """Where our own templates are compiled, once each."""
    return _environment(escaped, None)


def _environment(escaped: bool, template: Path | None) -> Environment:
    from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    loaders: list[Any] = [PrefixLoader({"licscan": FileSystemLoader(_FOLDER)})]
    if template is not None:
        loaders.append(FileSystemLoader(template.parent))
    environment = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader(loaders),
        autoescape=escaped,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    environment.filters.update(line=_line, shown=visible, quoted=quoted, md=markdown, fenced=fenced, names=names)
    return environment


def _mistake(error: Exception, template: Path) -> InputError:
    """One line for whatever went wrong in a template, with the file and line in it."""
    from jinja2 import TemplateNotFound, TemplateSyntaxError

    if isinstance(error, TemplateSyntaxError):
        place = error.filename or str(template)
        said = _("line {line}").format(line=error.lineno)
        return InputError(one_line(error.message or _("is not a template")), path=place, place=said)
    if isinstance(error, TemplateNotFound):
        return InputError(_("there is no template {name}").format(name=one_line(str(error))), path=str(template))
    if isinstance(error, (OSError, UnicodeDecodeError)):
        return InputError(_("cannot be read: {reason}").format(reason=one_line(str(error))), path=str(template))
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(template.name)]
    line = _("line {line}").format(line=frames[-1].lineno) if frames else None
    return InputError(one_line(str(error) or type(error).__name__), path=str(template), place=line)


def _line(text: str) -> str:
    return one_line(text, 2_000)


def names(labels: tuple[str, ...], width: int = 100) -> str:
    """Names with commas, in lines of a readable width; what goes on is indented."""
    lines: list[str] = []
    held, mark = "", _(", ")
    blank = " " if mark.endswith(" ") else ""
    for number, label in enumerate(labels):
        told = one_line(label, 400) + (mark.rstrip() if number < len(labels) - 1 else "")
        if held and len(held) + 1 + len(told) > width:
            lines.append(held)
            held = ""
        held = f"{held}{blank}{told}" if held else told
    return "\n".join([*lines, held])


def quoted(text: str, by: int = 2) -> str:
    """A text set in, so that nothing in it can pass for the document's own lines."""
    blanks = " " * by
    return "\n".join(f"{blanks}{line}" if line else "" for line in visible(text).split("\n"))


def markdown(text: str) -> str:
    """One line in which nothing is markup."""
    shown = _MARKS.sub(r"\\\1", one_line(text, 2_000)).strip()
    return _LIST.sub(r"\\\1", _NUMBERED.sub(r"\1\\\2", shown))


def fenced(text: str) -> str:
    """A text as a block of code, in a fence that is longer than any in it."""
    shown = visible(text)
    longest = max((len(found[0]) for found in _FENCES.finditer(shown)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}text\n{shown}\n{fence}"
