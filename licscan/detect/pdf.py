"""The text of a PDF, read by pypdf in a process of its own that may use so much time and memory and no more.

A PDF can ask for endless work in ways that no count foresees, so the reader is ended from outside. Run as a program,
this module is that process: a PDF on its standard input, its text in UTF-8 on its standard output.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdf import PageObject

MAX_SECONDS = 20
"""Processor time for one PDF."""
MAX_MEMORY = 1 << 30
MAX_STREAM = 16_000_000
"""Bytes that one stream may unpack to; a file with a larger one among those that are needed gives no text."""
MAX_PAGES = 5_000
MAX_SHOWN = 16_000_000
"""Characters of all pages together; the rest is left."""


def is_pdf(data: bytes) -> bool:
    """Whether the bytes begin as a PDF does."""
    return b"%PDF-" in data[:1_024]


def text_of(data: bytes) -> str:
    """What the pages show, a line for each of theirs; empty when not all can be read within the bounds.

    All or nothing, so that the text of a PDF is the same on a slower machine.
    """
    if b" obj" not in data:
        return ""
    command = [sys.executable, "-P", __file__]
    try:
        # the time of the clock is for systems that cannot bound that of the processor, and for busy ones
        done = subprocess.run(
            command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=10 * MAX_SECONDS
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return "" if done.returncode else done.stdout.decode("utf-8", "replace")


def _main() -> None:
    _bound()
    data = sys.stdin.buffer.read()
    text = _shown(data)
    if not text.strip():
        text = _shown(data + _tail(data), cut=True)
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))


def _bound() -> None:
    """Let the system end this process where it uses too much; there is no such way on Windows."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "darwin":  # which refuses a bound of the address space
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))


def _shown(data: bytes, *, cut: bool = False) -> str:
    """The text of all pages; a page that cannot be read has none. In a file that is cut fonts may be missing."""
    import io
    from itertools import islice

    import pypdf

    shown: list[str] = []
    left = MAX_SHOWN
    kinds = ("zlib", "lzw", "run_length", "brotli")
    pypdf.overwrite_configuration(
        pypdf.Configuration(jbig2dec_binary=None, disable_legacy_handling=True),  # no other program is run
        **{f"{kind}_maximum_output_length": MAX_STREAM for kind in kinds},
    )
    with _passing_over():
        for page in islice(pypdf.PdfReader(io.BytesIO(data)).pages, MAX_PAGES):
            with _passing_over():
                if cut:
                    _give_fonts(page)
                shown.append(_CONTROLS.sub(" ", page.extract_text()[:left]))
                left -= len(shown[-1])
            if left <= 0:
                break
    return "\n".join(shown)


def _give_fonts(page: PageObject) -> None:
    """Let the codes of a font that is lost be read as Windows' Latin alphabet, which most fonts begin from."""
    from pypdf.generic import DictionaryObject, NameObject

    resources: Any = page["/Resources"]
    fonts = resources.setdefault(NameObject("/Font"), DictionaryObject()).get_object()
    contents = page.get_contents()
    plain = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}
    for name in set(_FONT.findall(b"" if contents is None else contents.get_data())):
        key = NameObject(name.decode("latin-1"))
        if not isinstance(fonts.get(key, key).get_object(), DictionaryObject):
            fonts[key] = DictionaryObject({NameObject(k): NameObject(v) for k, v in plain.items()})


@contextmanager
def _passing_over() -> Iterator[None]:
    """Go on behind whatever a damaged file makes the reader raise; not for want of memory, which all answers need."""
    try:
        yield
    except MemoryError:
        raise
    except Exception:
        return


_CONTROLS = re.compile(r"[\0-\x08\x0b-\x1f\x7f]")
_OBJECT = re.compile(rb"(?<!\d)(\d{1,7}) +\d{1,5} +obj\b")
_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_CONTENTS = re.compile(rb"/Contents\s*\[?((?:\s*\d{1,7} +\d{1,5} +R)+)")
_NUMBER = re.compile(rb"(\d+) +\d+ +R")
_FONT = re.compile(rb"(/[^\s/<>()\[\]{}%]{1,100})\s+[-+.\d]+\s+Tf\b")
_OTHER = re.compile(rb"/(?:Type|Subtype|Length1|FunctionType|ShadingType)\b")


_FIRST = 10_000_000
"""Numbers from here on are no object's of the file."""


def _tail(data: bytes) -> bytes:
    """A catalog for a file whose own is cut off: the pages that are there, and page contents that no page names."""
    pages: list[int] = []
    contents: list[int] = []
    named: set[int] = set()
    found = list(_OBJECT.finditer(data))
    for match, following in zip(found, [*found[1:], None], strict=True):
        head, stream, _rest = data[match.end() : following and following.start()].partition(b"stream")
        if _PAGE.search(head):
            pages.append(int(match[1]))
            named.update(int(number) for group in _CONTENTS.findall(head) for number in _NUMBER.findall(group))
        elif stream and not _OTHER.search(head):
            contents.append(int(match[1]))
    made = dict(enumerate((number for number in contents if number not in named), _FIRST + 2))
    kids = b" ".join(b"%d 0 R" % number for number in (*pages, *made))
    lines = [b"%d 0 obj<</Type/Page/Resources<<>>/Contents %d 0 R>>endobj" % pair for pair in made.items()]
    lines.append(b"%d 0 obj<</Type/Pages/Kids[%s]>>endobj" % (_FIRST, kids))
    lines.append(b"%d 0 obj<</Type/Catalog/Pages %d 0 R>>endobj" % (_FIRST + 1, _FIRST))
    return b"\nendstream endobj\n%s\ntrailer<</Root %d 0 R>>\nstartxref\n0\n%%%%EOF\n" % (b"\n".join(lines), _FIRST + 1)


if __name__ == "__main__":
    _main()
