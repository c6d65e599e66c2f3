"""What is owed -> what of it cannot be reached in the artifact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from licscan.verify.layout import Known, layout
from licscan.verify.records import Demand, Document, Obligations, What
from licscan.verify.words import Needles


def missing(owed: Iterable[Obligations], documents: Sequence[Document], names: Known) -> dict[str, tuple[Demand, ...]]:
    """The demands of each component that no document meets, by PackageURL.

    A text that many components share is needed once; a holder's line is needed for each (see `layout`). `names` are all
    components of the project, inside or not: each name in a list ends what is said of the one before.
    """
    every = sorted(owed, key=lambda one: one.purl)
    reach = _Reach(every, documents, names)
    return {one.purl: tuple(d for d in one.demands if not reach.meets(one, d)) for one in every}


class _Reach:
    """What stands where in the documents."""

    def __init__(self, owed: Sequence[Obligations], documents: Sequence[Document], names: Known):
        needles = Needles(needle for one in owed for demand in one.demands for needle in demand.needles)
        lines = {
            one.purl: [needle for demand in one.demands if demand.what is What.HOLDER for needle in demand.needles]
            for one in owed
        }
        self._digests = {document.sha256 for document in documents if document.sha256}
        self._anywhere: set[str] = set()
        self._loose: set[str] = set()
        self._lists = []
        for document in _once(documents):
            found = needles.found_in(document.text)
            self._anywhere |= found
            laid = layout(document.text, names, lines) if found else None
            if laid is not None and laid.is_list:
                self._lists.append(laid)
            else:
                self._loose |= found

    def meets(self, one: Obligations, demand: Demand) -> bool:
        """Whether a demand of a component is met."""
        if self._has_files(one, demand):
            return True
        if demand.what is not What.HOLDER:
            return any(needle in self._anywhere for needle in demand.needles)
        if any(needle in self._loose for needle in demand.needles):
            return True
        return any(laid.holds(one.purl, needle) for laid in self._lists for needle in demand.needles)

    def _has_files(self, one: Obligations, demand: Demand) -> bool:
        """Whether the file that meets it is there as it is; for a holder's line, all the files that name holders."""
        if demand.what is not What.HOLDER:
            return demand.sha256 in self._digests
        files = {other.sha256 for other in one.demands if other.what is not What.HOLDER}
        return bool(files) and "" not in files and files <= self._digests


def _once(documents: Sequence[Document]) -> Iterable[Document]:
    """The documents without those that say the same."""
    told: Mapping[str, Document] = {document.text: document for document in reversed(documents)}
    return sorted(told.values(), key=lambda document: document.path)
