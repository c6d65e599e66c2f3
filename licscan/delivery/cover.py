"""The first page of a delivery: what it is, and how whoever receives it checks it, in every language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from licscan.base.columns import wrapped
from licscan.base.escape import one_line
from licscan.base.messages import LANGUAGES, N_, _, speaking
from licscan.delivery.documents import ABOUT, DECISIONS, DUTIES, NOTICES, NOTICES_TEXT, OFFERS, POINTS, SBOMS
from licscan.delivery.opening import ENVELOPE
from licscan.delivery.statement import Subject

COVER = "README.txt"
WIDTH = 96
FILES = (
    (ENVELOPE, N_("the digests of all artifacts and files, signed if it contains a signature (in-toto, DSSE)")),
    (ABOUT, N_("product, surface, scan, and the components without duties")),
    (SBOMS, N_("the software bill of materials (SBOM), in each of the agreed formats")),
    (NOTICES_TEXT, N_("the notices for people: copyright statements and license texts")),
    (NOTICES, N_("the same for programs")),
    (OFFERS, N_("the source code that must be offered, and whom to ask for it")),
    (DUTIES, N_("what the licenses require, and whether this delivery meets it")),
    (DECISIONS, N_("the human decisions that findings rest on, and the head of their chain")),
    (POINTS, N_("what is still open, and known to both sides")),
)


def cover(product: str, surface: str, how: Callable[[], str], subjects: Sequence[Subject]) -> str:
    """The page; `how` says in the language that is spoken how the surface reaches people."""
    pages = []
    for language in LANGUAGES:
        with speaking(language):
            pages.append("\n".join(_page(product, surface, how(), subjects)) + "\n")
    return f"\n{'=' * WIDTH}\n\n".join(pages)


def _page(product: str, surface: str, how: str, subjects: Sequence[Subject]) -> Iterator[str]:
    title = _("Delivery: {product}, {surface} ({how})")
    yield from wrapped(title.format(product=one_line(product), surface=one_line(surface), how=how), WIDTH, "", "")
    yield ""
    yield _("Artifacts that it covers (delivered alongside it):")
    for one in sorted(subjects):
        yield f"  {one_line(one.name)}"
        yield f"    {'dirHash' if one.is_folder else 'SHA-256'} {one.digest}"
    yield ""
    for path, what in FILES:
        yield from wrapped(f"{path}: {_(what)}", WIDTH, "  ", "      ")
    yield ""
    told = (
        _("To check it: `licscan accept DELIVERY --artifact FILE --key KEY`, or with Python alone "
          "`python licscan-accept.pyz DELIVERY --artifact FILE --key KEY`."),
        _("Get the key from the supplier through a channel other than this delivery: a key that "
          "comes with it proves nothing. If the statement has no signature, nobody vouches for it."),
    )  # fmt: skip
    for sentence in told:
        yield from wrapped(sentence, WIDTH, "", "")
