"""Files of content to rows and back: the tables `contents`, `content_files` and what hangs below them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from licscan.model import Location
from licscan.model.content import Content, ContentFacts, ContentFile, ContentStatement, Question, Speaker, StaleEntry
from licscan.model.media import AiMark, MarkKind, MediaKind

if TYPE_CHECKING:
    from sqlite_utils import Database

Row = tuple[Any, ...]
Add = Callable[..., int]
"""Adds a row to a table and gives its id."""

COLUMNS = {"contents": 2, "content_files": 16, "content_statements": 10, "content_marks": 7, "content_stale": 6}
"""How many columns each table has, the id among them."""

TABLES = (
    """CREATE TABLE contents (  -- scans that looked at fonts, pictures, sounds and models
    id INTEGER PRIMARY KEY,
    scan_id INTEGER NOT NULL UNIQUE REFERENCES scans(id) ON DELETE CASCADE
)""",
    """CREATE TABLE content_files (
    id INTEGER PRIMARY KEY,
    scan_id INTEGER NOT NULL REFERENCES scans(id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    kind TEXT NOT NULL,  -- font, image, svg, audio, video, lottie, document, model or dataset
    format TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    expression TEXT NOT NULL,  -- SPDX, NOASSERTION (nobody knows) or NONE (its owner grants nothing)
    owner TEXT NOT NULL,
    art_set TEXT NOT NULL,
    builder TEXT NOT NULL,
    basis TEXT NOT NULL,  -- who decides: annotation, list, embedded, set, card, text
    questions TEXT NOT NULL,  -- JSON array of codes of findings
    component TEXT NOT NULL,  -- PackageURL, empty for the project's own
    is_shipped INTEGER NOT NULL
)""",
    """CREATE TABLE content_statements (  -- who says what about a file, in falling order of trust
    id INTEGER PRIMARY KEY,
    content_file_id INTEGER NOT NULL REFERENCES content_files(id) ON DELETE CASCADE,
    speaker TEXT NOT NULL,
    expression TEXT NOT NULL,
    holder TEXT NOT NULL,
    path TEXT NOT NULL,
    start_line INTEGER,
    end_line INTEGER,
    text TEXT NOT NULL,
    is_own INTEGER NOT NULL
)""",
    """CREATE TABLE content_marks (  -- marks of AI in a file
    id INTEGER PRIMARY KEY,
    content_file_id INTEGER NOT NULL REFERENCES content_files(id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    field TEXT NOT NULL,
    tool TEXT NOT NULL,
    detail TEXT NOT NULL,
    verified INTEGER NOT NULL
)""",
    """CREATE TABLE content_stale (  -- entries of lists that name what is not there
    id INTEGER PRIMARY KEY,
    scan_id INTEGER NOT NULL REFERENCES scans(id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    start_line INTEGER,
    end_line INTEGER,
    name TEXT NOT NULL
)""",
)
INDEXES = (
    ("content_files", "scan_id"),
    ("content_statements", "content_file_id"),
    ("content_marks", "content_file_id"),
)

_FILES = """SELECT id, path, kind, format, sha256, size, expression, owner, art_set, builder, basis, questions,
    component, is_shipped, facts FROM content_files WHERE scan_id = ? ORDER BY id"""
_BELOW = "WHERE content_file_id IN (SELECT id FROM content_files WHERE scan_id = ?) ORDER BY id"
_STATEMENTS = f"""SELECT content_file_id, speaker, expression, holder, path, start_line, end_line, text, is_own
FROM content_statements {_BELOW}"""  # noqa: S608 (a constant)
_MARKS = f"SELECT content_file_id, kind, field, tool, detail, verified FROM content_marks {_BELOW}"  # noqa: S608
_STALE = "SELECT path, start_line, end_line, name FROM content_stale WHERE scan_id = ? ORDER BY id"


def add_tables(db: Database) -> None:
    """The tables of content in a database that has none."""
    for table in TABLES:
        db.execute(table)
    for name, column in INDEXES:
        db.table(name).create_index([column])


def add_facts(db: Database) -> None:
    """The column of what files say of the works: a JSON object with the fields of `ContentFacts` that are not empty."""
    db.execute("ALTER TABLE content_files ADD COLUMN facts TEXT NOT NULL DEFAULT '{}'")


def add_content(add: Add, scan_id: int, content: Content) -> None:
    """Add one scan's content, a row at a time."""
    add("contents", scan_id)
    for file in content.files:
        key = add(
            "content_files",
            scan_id,
            file.path,
            file.kind.value,
            file.format,
            file.sha256,
            file.size,
            file.expression,
            file.owner,
            file.art_set,
            file.builder,
            file.basis,
            json.dumps([one.value for one in file.questions]),
            file.component,
            int(file.is_shipped),
            _told(file.facts),
        )
        for one in file.statements:
            where = (one.location.path, one.location.start_line, one.location.end_line)
            add(
                "content_statements",
                key,
                one.speaker.value,
                one.expression,
                one.holder,
                *where,
                one.text,
                int(one.is_own),
            )
        for mark in file.marks:
            add("content_marks", key, mark.kind.value, mark.field, mark.tool, mark.detail, int(mark.verified))
    for stale in content.stale:
        place = stale.location
        add("content_stale", scan_id, place.path, place.start_line, place.end_line, stale.name)


@lru_cache(maxsize=1024)
def _told(facts: ContentFacts) -> str:
    """Of most files there are none, and those of one work have the same."""
    return json.dumps({key: value for key, value in facts.named().items() if value}, sort_keys=True)


def read_content(
    rows: Callable[[str], Iterator[Row]], grouped: Callable[[str], dict[int, list[Row]]]
) -> Content | None:
    """The content of one scan; None where it did not look. `rows` and `grouped` run a query for that scan."""
    if next(rows("SELECT id FROM contents WHERE scan_id = ?"), None) is None:
        return None
    statements, marks = grouped(_STATEMENTS), grouped(_MARKS)
    files = tuple(_file(row, statements.get(row[0], ()), marks.get(row[0], ())) for row in rows(_FILES))
    stale = tuple(StaleEntry(Location(path, start, end), name) for path, start, end, name in rows(_STALE))
    return Content(files, stale)


def _file(row: Row, statements: Any, marks: Any) -> ContentFile:
    _key, path, kind, made, sha256, size, expression, owner, art_set, builder, basis, questions, component = row[:13]
    shipped, facts = row[13:]
    return ContentFile(
        path,
        MediaKind(kind),
        made,
        sha256,
        size,
        expression,
        owner,
        art_set,
        builder,
        basis,
        tuple(
            ContentStatement(Speaker(speaker), said, holder, Location(place, start, end), text, bool(own))
            for speaker, said, holder, place, start, end, text, own in statements
        ),
        tuple(Question(one) for one in json.loads(questions)),
        tuple(AiMark(MarkKind(kind), field, tool, detail, bool(ok)) for kind, field, tool, detail, ok in marks),
        component,
        bool(shipped),
        _facts(facts),
    )


def _facts(told: str) -> ContentFacts:
    held: dict[str, Any] = json.loads(told)
    values: dict[str, Any] = {key: tuple(one) if isinstance(one, list) else one for key, one in held.items()}
    return ContentFacts(**values)
