"""What a file and its card say of the work beside its license: title, author, source, and of models what they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from licscan.content.placing import Placed
from licscan.model.content import ContentFacts
from licscan.model.media import Meaning, MediaField, MediaKind

MAX_LISTED = 50
MAX_TEXT = 200
_ARCHITECTURE = frozenset({"architecture", "model_type", "arch", "model_arch"})
_TASK = frozenset({"pipeline_tag", "task", "tasks", "task_name", "model_task"})
"""Last parts of the names of fields (`gguf:general.architecture`, `card:pipeline_tag`)."""
_MODELS = (MediaKind.MODEL, MediaKind.DATASET)

_NOTHING = ContentFacts()


def facts_of(placed: Placed) -> ContentFacts:
    """The facts of one file; what it says itself comes before what its card says."""
    fields = (*placed.file.facts.fields, *placed.card)
    if not fields and not placed.file.facts.reserved:
        return _NOTHING
    titles = (Meaning.NAME, Meaning.TITLE) if placed.file.facts.kind in _MODELS else (Meaning.TITLE, Meaning.NAME)
    told = ContentFacts(
        title=next((text for meaning in titles for text in _texts(fields, meaning)), ""),
        author=next(iter(_texts(fields, Meaning.AUTHOR)), ""),
        source=next((text for text in _texts(fields, Meaning.SOURCE) if "://" in text), ""),
        version=next(iter(_texts(fields, Meaning.VERSION)), ""),
        reserved=tuple(name[:MAX_TEXT] for name in placed.file.facts.reserved[:MAX_LISTED]),
    )
    if placed.file.facts.kind not in _MODELS:
        return told
    return ContentFacts(
        told.title,
        told.author,
        told.source,
        told.version,
        architecture=_named(fields, _ARCHITECTURE),
        task=_named(fields, _TASK),
        base_models=_texts(fields, Meaning.BASE_MODEL),
        datasets=_texts(fields, Meaning.DATA),
    )


def _texts(fields: Iterable[MediaField], meaning: Meaning) -> tuple[str, ...]:
    told = (one.text[:MAX_TEXT] for one in fields if one.meaning is meaning and one.text)
    return tuple(dict.fromkeys(told))[:MAX_LISTED]


def _named(fields: Sequence[MediaField], names: frozenset[str]) -> str:
    """The first field whose name ends in one of the names."""
    return next((one.text[:MAX_TEXT] for one in fields if _last(one.field) in names and one.text), "")


def _last(name: str) -> str:
    return name.rpartition(":")[2].rpartition(".")[2].lower()
