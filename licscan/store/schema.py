"""The tables of the database, and the ordered steps that bring an older file up to date.

`PRAGMA user_version` counts the steps that a file has had. A step is never changed once released: add another.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from licscan.store import content
from licscan.store.ledger import DECISIONS
from licscan.store.views import LATER_VIEWS, VIEWS

if TYPE_CHECKING:
    from sqlite_utils import Database

_TABLES = (
    """CREATE TABLE scans (  -- one row for each run of licscan
    id INTEGER PRIMARY KEY,
    project TEXT NOT NULL,
    path TEXT NOT NULL,
    outbound TEXT NOT NULL,  -- the license under which the project itself is given away
    started_at TEXT NOT NULL,  -- ISO 8601, UTC
    gate TEXT NOT NULL,  -- ok, cannot-tell or violation
    threshold TEXT,  -- findings this severe or worse count for the gate
    components INTEGER NOT NULL,
    errors INTEGER NOT NULL,  -- decisions of this severity that are not waived, as `licscan scan` counts them
    warnings INTEGER NOT NULL,
    notes INTEGER NOT NULL,
    tool_version TEXT NOT NULL,
    assumptions TEXT NOT NULL,  -- JSON array of sentences
    tables TEXT NOT NULL  -- JSON array of [name, version] of licscan's own tables
)""",
    """CREATE TABLE packages (  -- every PackageURL once, whatever the scan
    id INTEGER PRIMARY KEY,
    purl TEXT NOT NULL UNIQUE
)""",
    """CREATE TABLE texts (  -- long texts, each once
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL
)""",
    """CREATE TABLE roots (  -- the first-party projects from which dependencies hang
    id INTEGER PRIMARY KEY,
    scan_id INTEGER NOT NULL REFERENCES scans(id) ON DELETE CASCADE,
    package_id INTEGER NOT NULL REFERENCES packages(id)
)""",
    """CREATE TABLE components (
    id INTEGER PRIMARY KEY,
    scan_id INTEGER NOT NULL REFERENCES scans(id) ON DELETE CASCADE,
    package_id INTEGER NOT NULL REFERENCES packages(id),
    name TEXT NOT NULL,
    version TEXT,
    ecosystem TEXT NOT NULL,
    kind TEXT NOT NULL,  -- project (first-party) or package
    resolved INTEGER NOT NULL,  -- 0: only a requirement is known, no version
    verdict TEXT NOT NULL,  -- the worst of its findings
    source_kind TEXT NOT NULL,
    source_url TEXT,
    condition TEXT,
    manifest TEXT,
    hashes TEXT NOT NULL,  -- JSON array of algorithm:hex
    patches TEXT NOT NULL,  -- JSON array of paths
    installed_at TEXT NOT NULL  -- JSON array of folders
)""",
    """CREATE TABLE component_scopes (  -- runtime, peer, optional, build, dev
    id INTEGER PRIMARY KEY,
    component_id INTEGER NOT NULL REFERENCES components(id) ON DELETE CASCADE,
    scope TEXT NOT NULL
)""",
    """CREATE TABLE component_locations (  -- the files that name the component
    id INTEGER PRIMARY KEY,
    component_id INTEGER NOT NULL REFERENCES components(id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    start_line INTEGER,
    end_line INTEGER
)""",
    """CREATE TABLE claims (  -- license statements in metadata, verbatim
    id INTEGER PRIMARY KEY,
    component_id INTEGER NOT NULL REFERENCES components(id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    field TEXT NOT NULL,
    raw TEXT,  -- NULL where text_id is set
    text_id INTEGER REFERENCES texts(id),
    origin TEXT NOT NULL,
    path TEXT NOT NULL,
    start_line INTEGER,
    end_line INTEGER,
    structured INTEGER NOT NULL
)""",
    """CREATE TABLE dependencies (
    id INTEGER PRIMARY KEY,
    scan_id INTEGER NOT NULL REFERENCES scans(id) ON DELETE CASCADE,
    parent_id INTEGER NOT NULL REFERENCES packages(id),
    child_id INTEGER NOT NULL REFERENCES packages(id),
    scope TEXT NOT NULL,
    requirement TEXT
)""",
    """CREATE TABLE conclusions (  -- SPDX expressions, NOASSERTION (cannot tell) or NONE (no license)
    id INTEGER PRIMARY KEY,
    scan_id INTEGER NOT NULL REFERENCES scans(id) ON DELETE CASCADE,
    package_id INTEGER NOT NULL REFERENCES packages(id),
    declared TEXT NOT NULL,
    detected TEXT,
    concluded TEXT NOT NULL,
    basis TEXT NOT NULL,
    disagreements TEXT NOT NULL,  -- JSON array of sentences
    doubts TEXT NOT NULL,  -- JSON array of sentences
    candidates TEXT NOT NULL,  -- JSON array of expressions
    license_files TEXT NOT NULL,  -- JSON array of paths
    notice_files TEXT NOT NULL  -- JSON array of paths
)""",
    """CREATE TABLE evidence (  -- what each conclusion rests on
    id INTEGER PRIMARY KEY,
    conclusion_id INTEGER NOT NULL REFERENCES conclusions(id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    field TEXT NOT NULL,
    raw TEXT,  -- NULL where text_id is set
    text_id INTEGER REFERENCES texts(id),
    expression TEXT,
    origin TEXT NOT NULL,
    path TEXT NOT NULL,
    start_line INTEGER,
    end_line INTEGER,
    method TEXT NOT NULL,
    score REAL NOT NULL,
    note TEXT,
    sha256 TEXT
)""",
    """CREATE TABLE findings (
    id INTEGER PRIMARY KEY,
    scan_id INTEGER NOT NULL REFERENCES scans(id) ON DELETE CASCADE,
    package_id INTEGER REFERENCES packages(id),  -- NULL: about the scan as a whole
    code TEXT NOT NULL,
    severity TEXT NOT NULL,
    verdict TEXT NOT NULL,
    message TEXT NOT NULL,
    why TEXT NOT NULL,
    remedies TEXT NOT NULL  -- JSON array of sentences
)""",
    """CREATE TABLE finding_paths (  -- from a root down to the component, step by step
    finding_id INTEGER NOT NULL REFERENCES findings(id) ON DELETE CASCADE,
    path_number INTEGER NOT NULL,
    step INTEGER NOT NULL,
    package_id INTEGER NOT NULL REFERENCES packages(id),
    PRIMARY KEY (finding_id, path_number, step)
) WITHOUT ROWID""",
    """CREATE TABLE finding_locations (
    id INTEGER PRIMARY KEY,
    finding_id INTEGER NOT NULL REFERENCES findings(id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    start_line INTEGER,
    end_line INTEGER
)""",
    """CREATE TABLE problems (  -- what could not be done
    id INTEGER PRIMARY KEY,
    scan_id INTEGER NOT NULL REFERENCES scans(id) ON DELETE CASCADE,
    stage TEXT NOT NULL,
    subject TEXT NOT NULL,
    message TEXT NOT NULL,
    code TEXT
)""",
    """CREATE TABLE inputs (  -- manifests, locks and installed trees that were read
    id INTEGER PRIMARY KEY,
    scan_id INTEGER NOT NULL REFERENCES scans(id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    format TEXT NOT NULL,
    version TEXT,
    seen INTEGER NOT NULL,
    understood INTEGER NOT NULL,
    sha256 TEXT
)""",
)

_INDEXES = (
    ("scans", ["project"]),
    ("roots", ["scan_id"]),
    ("components", ["scan_id", "package_id"]),
    ("components", ["package_id"]),
    ("component_scopes", ["component_id"]),
    ("component_locations", ["component_id"]),
    ("claims", ["component_id"]),
    ("dependencies", ["scan_id", "parent_id"]),
    ("dependencies", ["scan_id", "child_id"]),
    ("conclusions", ["scan_id", "package_id"]),
    ("conclusions", ["concluded"]),
    ("evidence", ["conclusion_id"]),
    ("findings", ["scan_id", "package_id"]),
    ("findings", ["code"]),
    ("finding_locations", ["finding_id"]),
    ("problems", ["scan_id"]),
    ("inputs", ["scan_id"]),
)


def _first(db: Database) -> None:
    # as SQL, so that the comments stay with the tables for whoever looks at the schema
    for table in _TABLES:
        db.execute(table)
    for name, columns in _INDEXES:
        db.table(name).create_index(columns)
    for name, query in VIEWS.items():
        db.create_view(name, query)


def _second(db: Database) -> None:
    # JSON array of sentences: license texts that contradict what is declared
    db.execute("ALTER TABLE conclusions ADD COLUMN text_conflicts TEXT NOT NULL DEFAULT '[]'")


def _third(db: Database) -> None:
    db.execute("""CREATE TABLE copyrights (  -- statements in a component's own license files, notices and readme
    id INTEGER PRIMARY KEY,
    conclusion_id INTEGER NOT NULL REFERENCES conclusions(id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    line INTEGER,
    statement TEXT NOT NULL,
    holder TEXT NOT NULL,  -- empty where none is named
    years TEXT NOT NULL,
    template INTEGER NOT NULL  -- 1: a form that nobody filled in
)""")
    db.table("copyrights").create_index(["conclusion_id"])
    db.create_view("current_copyrights", LATER_VIEWS["current_copyrights"])


def _fourth(db: Database) -> None:
    # the artefact that a finding is about (empty: all), and who answers for it, why and until when (empty: nobody)
    db.execute("ALTER TABLE findings ADD COLUMN surface TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE findings ADD COLUMN waiver TEXT NOT NULL DEFAULT ''")
    # why licscan.toml concludes something else than the evidence (empty: it does not)
    db.execute("ALTER TABLE conclusions ADD COLUMN clarified TEXT NOT NULL DEFAULT ''")
    db.execute("DROP VIEW current_findings")
    db.create_view("current_findings", LATER_VIEWS["current_findings"])


def _fifth(db: Database) -> None:
    db.execute("""CREATE TABLE sources (  -- the project's own files, where a scan has read them
    id INTEGER PRIMARY KEY,
    scan_id INTEGER NOT NULL UNIQUE REFERENCES scans(id) ON DELETE CASCADE,
    by_git INTEGER NOT NULL,  -- 1: git's index named the files, 0: a walk
    read INTEGER NOT NULL,
    own INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    own_licenses TEXT NOT NULL,  -- JSON array
    own_holders TEXT NOT NULL  -- JSON array
)""")
    db.execute("""CREATE TABLE source_groups (  -- files among them of which the same is to be said
    id INTEGER PRIMARY KEY,
    scan_id INTEGER NOT NULL REFERENCES scans(id) ON DELETE CASCADE,
    path TEXT NOT NULL,  -- the one file, or the folder that holds all
    kind TEXT NOT NULL,  -- foreign-license, vendored, unlicensed or other-holder
    expression TEXT NOT NULL,  -- SPDX, NOASSERTION (terms that nobody knows) or NONE (nothing says)
    files INTEGER NOT NULL,
    beside_own INTEGER NOT NULL,  -- 1: the files name the project's own license too
    name TEXT,
    version TEXT,
    license_file TEXT,
    in_tests INTEGER NOT NULL,
    holders TEXT NOT NULL,  -- JSON array
    rules TEXT NOT NULL  -- JSON array
)""")
    db.execute("""CREATE TABLE source_locations (  -- the first files of a group
    id INTEGER PRIMARY KEY,
    source_group_id INTEGER NOT NULL REFERENCES source_groups(id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    start_line INTEGER,
    end_line INTEGER
)""")
    db.table("source_groups").create_index(["scan_id"])
    db.table("source_locations").create_index(["source_group_id"])
    db.create_view("current_sources", LATER_VIEWS["current_sources"])


def _sixth(db: Database) -> None:
    db.execute("""CREATE TABLE surfaces (  -- artefacts of the product, and how each reaches people
    id INTEGER PRIMARY KEY,
    scan_id INTEGER NOT NULL REFERENCES scans(id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    deployment TEXT NOT NULL,  -- internal, saas, on-premise, mobile-app, desktop-app, browser or embedded
    outbound TEXT NOT NULL,
    effective TEXT NOT NULL,  -- the outbound that the components leave
    roots TEXT NOT NULL,  -- JSON array of PackageURLs
    assumed TEXT NOT NULL  -- JSON array of sentences
)""")
    db.execute("""CREATE TABLE judgements (  -- what follows for a component on a surface
    id INTEGER PRIMARY KEY,
    scan_id INTEGER NOT NULL REFERENCES scans(id) ON DELETE CASCADE,
    package_id INTEGER NOT NULL REFERENCES packages(id),
    surface TEXT NOT NULL,
    relationship TEXT NOT NULL,
    ruling TEXT NOT NULL,  -- ok, ok-obligations, review or conflict
    license TEXT NOT NULL,  -- of every OR the branch that is taken
    reasons TEXT NOT NULL  -- JSON array of sentences
)""")
    db.execute("""CREATE TABLE duties (  -- what is owed for a component on a surface
    id INTEGER PRIMARY KEY,
    judgement_id INTEGER NOT NULL REFERENCES judgements(id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    license TEXT NOT NULL,
    clause TEXT NOT NULL
)""")
    for table, columns in (
        ("surfaces", ["scan_id"]),
        ("judgements", ["scan_id", "package_id"]),
        ("duties", ["judgement_id"]),
    ):
        db.table(table).create_index(columns)
    for name in ("current_judgements", "current_duties"):
        db.create_view(name, LATER_VIEWS[name])


def _seventh(db: Database) -> None:
    # what stands inside another package: present, or not-seen where only a list of its vendor names it
    db.execute("ALTER TABLE components ADD COLUMN embedded TEXT NOT NULL DEFAULT ''")
    # JSON array of installed files that differ from what was published
    db.execute("ALTER TABLE components ADD COLUMN changed TEXT NOT NULL DEFAULT '[]'")


def _eighth(db: Database) -> None:
    # own: a scan of a folder; sbom: an audit of what a supplier's SBOM says
    db.execute("ALTER TABLE scans ADD COLUMN kind TEXT NOT NULL DEFAULT 'own'")
    # SQLite resolves every view when it drops one, so this one is replaced by itself
    db.execute("DROP VIEW latest_scan")
    db.create_view("latest_scan", LATER_VIEWS["latest_scan"])


def _ninth(db: Database) -> None:
    # the commit that was scanned, with + where files that were read differ from it; empty where nobody knows
    db.execute("ALTER TABLE scans ADD COLUMN revision TEXT NOT NULL DEFAULT ''")


def _tenth(db: Database) -> None:
    # what somebody decided about the finding without covering it: it needs an entitlement, or is to be replaced
    db.execute("ALTER TABLE findings ADD COLUMN decision TEXT NOT NULL DEFAULT ''")
    for statement in DECISIONS:
        db.execute(statement)


def _eleventh(db: Database) -> None:
    # the version of the product (empty: nobody says it), and the PackageURL of the root that is the project itself
    db.execute("ALTER TABLE scans ADD COLUMN version TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE scans ADD COLUMN root TEXT NOT NULL DEFAULT ''")
    db.execute("""CREATE TABLE metadata (  -- what registries and packages say of themselves beside the license
    id INTEGER PRIMARY KEY,
    scan_id INTEGER NOT NULL REFERENCES scans(id) ON DELETE CASCADE,
    package_id INTEGER NOT NULL REFERENCES packages(id),
    description TEXT NOT NULL,  -- empty, as all columns here, where nobody says
    supplier TEXT NOT NULL,  -- name, with the address in angle brackets where one is given
    authors TEXT NOT NULL,  -- JSON array
    maintainers TEXT NOT NULL,  -- JSON array
    homepage TEXT NOT NULL,
    repository TEXT NOT NULL,
    issue_tracker TEXT NOT NULL,
    artifact_url TEXT NOT NULL,  -- of the archive that is installed
    artifact_hashes TEXT NOT NULL,  -- JSON array of algorithm:hex
    source_url TEXT NOT NULL,  -- of the source distribution
    published TEXT NOT NULL,  -- ISO day
    deprecated TEXT NOT NULL  -- the sentence of a deprecation or yank
)""")
    db.table("metadata").create_index(["scan_id", "package_id"])
    db.create_view("current_metadata", LATER_VIEWS["current_metadata"])


def _twelfth(db: Database) -> None:
    # the kind of content that a component is (font, image, audio, ...); empty for packages
    db.execute("ALTER TABLE components ADD COLUMN content TEXT NOT NULL DEFAULT ''")
    content.add_tables(db)
    db.create_view("current_content", LATER_VIEWS["current_content"])


def _thirteenth(db: Database) -> None:
    content.add_facts(db)


def _fourteenth(db: Database) -> None:
    # of copied code: the package, the least share of a file in percent, other packages that hold it
    for column in (
        "package TEXT NOT NULL DEFAULT ''",
        "share INTEGER NOT NULL DEFAULT 0",
        "also TEXT NOT NULL DEFAULT '[]'",
    ):
        db.execute(f"ALTER TABLE source_groups ADD COLUMN {column}")
    # with the code of how many packages the files were compared
    db.execute("ALTER TABLE sources ADD COLUMN compared INTEGER NOT NULL DEFAULT 0")


def _fifteenth(db: Database) -> None:
    # of copied code: the package's license, what the copy says, whether that is another one, the package's file whose
    # license comment it has lost
    for column in ("declared", "stated", "unmarked"):
        db.execute(f"ALTER TABLE source_groups ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE source_groups ADD COLUMN changed INTEGER NOT NULL DEFAULT 0")


def _sixteenth(db: Database) -> None:
    # where git fetches the commit from, the words of the command line (JSON array of [option, value]), and a digest of
    # what else the scan depends on, by which one sees that it is out of date
    for column in (
        "repository TEXT NOT NULL DEFAULT ''",
        "asked TEXT NOT NULL DEFAULT '[]'",
        "state TEXT NOT NULL DEFAULT ''",
    ):
        db.execute(f"ALTER TABLE scans ADD COLUMN {column}")


Migration = Callable[["Database"], None]

MIGRATIONS: tuple[Migration, ...] = (
    _first,
    _second,
    _third,
    _fourth,
    _fifth,
    _sixth,
    _seventh,
    _eighth,
    _ninth,
    _tenth,
    _eleventh,
    _twelfth,
    _thirteenth,
    _fourteenth,
    _fifteenth,
    _sixteenth,
)
"""Step n brings a file of version n to n + 1, inside a transaction that the caller holds."""


def migrate(db: Database, done: int, steps: tuple[Migration, ...] = MIGRATIONS) -> None:
    """Run the steps that the file has not had, and note them in `user_version`."""
    for step in steps[done:]:
        step(db)
    db.execute(f"PRAGMA user_version = {len(steps)}")
