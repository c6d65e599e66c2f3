"""A page of plain text with a little color: what the exporters for people write on.

Everything scanned passes through `Page`, which makes it harmless: controls are shown as escapes, markup means nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, TypeVar

from licscan.base.columns import wrapped
from licscan.base.escape import one_line
from licscan.base.messages import _
from licscan.model import Component, Graph, Severity, Verdict

if TYPE_CHECKING:
    from rich.console import Console

LEAST_WIDTH = 40
LEAST_CELL = 8
LONGEST = 200_000
"""Characters of one sentence; it may name thousands of packages, and none of them is left out."""
AS_JSON, AS_MARKDOWN = "--format json", "--format markdown"
"""Options that show all of what a terminal shows the first of."""
STYLE_OF = {
    Severity.ERROR: "bold red",
    Severity.WARNING: "yellow",
    Severity.NOTE: "",
    Verdict.VIOLATION: "bold red",
    Verdict.CANNOT_TELL: "yellow",
    Verdict.OK: "green",
}


T = TypeVar("T")


class Page:
    """Lines of text, laid out for `width` columns; `encoding` decides which signs may be used.

    Sentences, and on a terminal (`cuts`) lines and cells too, go on in the next line: a name, a version or a command
    is never cut. Only long lists and the lines of a tree are, and there alone. `project` is the scanned folder as a
    person names it, where the commands that the page names need it: empty for the current folder.
    """

    project = ""

    def __init__(self, width: int, encoding: str = "utf-8", *, cuts: bool = False):
        from rich.text import Text

        self.width = max(width, LEAST_WIDTH)
        self.cuts = cuts
        self._encoding = encoding
        self._most = 400 if cuts else 4_000
        self._text = Text()
        self.arrow = self._sign("›", ">")
        self.more = self._sign("…", "...")

    def line(self, text: str = "", style: str = "", indent: int = 0) -> None:
        """One line; on a terminal it goes on in the next one where the page ends."""
        from rich.cells import cell_len

        shown = self.clean(text, self._most)
        if self.cuts and cell_len(shown) > self.width - indent:
            self.prose(shown, indent, 2, style)
        else:
            self._put(" " * indent + shown, style)

    def prose(self, text: str, indent: int = 0, hanging: int = 0, style: str = "") -> None:
        """A sentence, wrapped; the lines after the first are `hanging` columns further in."""
        for line in wrapped(self.clean(text, LONGEST), self.width, " " * indent, " " * (indent + hanging)):
            self._put(line, style)

    def field(self, name: str, value: str, indent: int, style: str = "") -> None:
        """A value behind its name, wrapped below itself; one of a single word stays beside the name, however long."""
        from rich.cells import cell_len

        if " " in value:
            self.prose(name + value, indent, cell_len(name), style)
        else:
            self._put(" " * indent + name + value, style)

    def row(self, cells: Sequence[str], widths: Sequence[int], indent: int, styles: Sequence[str] = ()) -> None:
        """Cells side by side, each filled to its width (the last is not), two blanks between; on a terminal a longer
        one goes on below itself."""
        for line in zip_longest(*map(self._lines, cells, widths), fillvalue=""):
            self._side_by_side(line, widths, indent, styles)

    def _side_by_side(self, cells: Sequence[str], widths: Sequence[int], indent: int, styles: Sequence[str]) -> None:
        """One line of a row; what has no room beside a word that is wider than its cell goes on in the next line."""
        from rich.cells import cell_len

        start = place = indent
        self._text.append(" " * indent)
        for number, (cell, width) in enumerate(zip(cells, widths, strict=False)):
            size = cell_len(cell)
            if cell:
                at = indent + 2 if self.cuts and start + size > self.width and start > indent + 2 else start
                if at < place:
                    self._text.append("\n")
                    place = 0
                self._text.append(" " * (at - place))
                self._text.append(cell, styles[number] if number < len(styles) else "")
                place = at + size
            start += width + 2
        self._text.append("\n")

    def _lines(self, cell: str, width: int) -> list[str]:
        from rich.cells import cell_len

        shown = self.clean(cell, self._most)
        if not self.cuts or cell_len(shown) <= width:
            return [shown]
        return wrapped(shown, max(width, LEAST_CELL), "", "") or [""]

    def tree_line(self, prefix: str, text: str, style: str = "") -> None:
        """One line of a tree: `prefix` is drawn by us, not scanned; too deep a one is shortened from the left."""
        most = max(self.width // 2, 9)
        if len(prefix) > most:
            prefix = self.more + prefix[len(prefix) - most + len(self.more) :]
        self._text.append(prefix)
        self._put(self.cut(text, self.width - len(prefix)), style)

    def cut(self, text: str, width: int) -> str:
        """The text, harmless, in at most `width` columns."""
        from rich.cells import cell_len, set_cell_size

        shown = self.clean(text, self._most)
        if not self.cuts or cell_len(shown) <= width:
            return shown
        return set_cell_size(shown, max(width - len(self.more), 0)).rstrip() + self.more

    def some(self, items: Sequence[T], most: int) -> Sequence[T]:
        """The first of a list on a terminal, all of it elsewhere; a rest of one takes no more room than its count."""
        return items if not self.cuts or len(items) <= most + 1 else items[:most]

    def rest(self, left: int, option: str, indent: int = 2) -> None:
        """How many `some` left out, if any, and the option of the same command that shows them."""
        if left > 0:
            told = _("{more} and {count} more (`{option}`)")
            self.prose(told.format(more=self.more, count=f"{left:,}", option=option), indent, 2)

    def clean(self, text: str, limit: int = 400) -> str:
        """The text on one line, with nothing in it that a terminal obeys or cannot show."""
        shown = one_line(text, limit)
        if self._encoding == "utf-8" or shown.isascii():
            return shown
        return shown.encode(self._encoding, "backslashreplace").decode(self._encoding)

    def show(self, console: Console) -> None:
        """Print the page; the console decides on color."""
        console.print(self._text, soft_wrap=True, end="", highlight=False)

    @property
    def plain(self) -> str:
        """The page without color."""
        return self._text.plain

    def _put(self, line: str, style: str) -> None:
        self._text.append(line.rstrip(), style or None)
        self._text.append("\n")

    def _sign(self, sign: str, instead: str) -> str:
        try:
            sign.encode(self._encoding)
        except (UnicodeEncodeError, LookupError):
            return instead
        return sign


def page_for(console: Console) -> Page:
    """A page as wide as the console, with signs that it can show."""
    encoding = (console.encoding or "utf-8").lower().replace("utf8", "utf-8")
    try:
        "a".encode(encoding)
    except LookupError:
        encoding = "ascii"
    return Page(console.width, encoding, cuts=console.is_terminal)


def label(graph: Graph, purl: str) -> str:
    """`name version`, as people say it; the PackageURL of what the graph lacks."""
    component = graph.by_purl.get(purl)
    return label_of(component) if component else purl


def label_of(component: Component) -> str:
    """`name version`, the name alone where no version is known."""
    return f"{component.name} {component.version}" if component.version else component.name


def name_of(graph: Graph, purl: str) -> str:
    """The name alone, for paths."""
    component = graph.by_purl.get(purl)
    return component.name if component else purl
