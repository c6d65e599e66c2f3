"""The tables of the database, and the ordered steps that bring an older file up to date.

`PRAGMA user_version` counts the steps that a file has had. A step is never changed once released: add another.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from licscan.store.views import VIEWS

_FIRST = (
    """CREATE TABLE scans (  -- one row for each run of licscan
    id INTEGER PRIMARY KEY,
    project TEXT NOT NULL,
    path TEXT NOT NULL,
    outbound TEXT NOT NULL,  -- the license under which the project itself is given away
    started_at TEXT NOT NULL,  -- ISO 8601, UTC
    gate TEXT NOT NULL,  -- ok, cannot-tell or violation
    threshold TEXT,  -- findings this severe or worse count for the gate
    components INTEGER NOT NULL,
    errors INTEGER NOT NULL,
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
    "CREATE INDEX scans_by_project ON scans(project)",
    "CREATE INDEX roots_by_scan ON roots(scan_id)",
    "CREATE INDEX components_by_scan ON components(scan_id, package_id)",
    "CREATE INDEX components_by_package ON components(package_id)",
    "CREATE INDEX component_scopes_by_component ON component_scopes(component_id)",
    "CREATE INDEX component_locations_by_component ON component_locations(component_id)",
    "CREATE INDEX claims_by_component ON claims(component_id)",
    "CREATE INDEX dependencies_by_parent ON dependencies(scan_id, parent_id)",
    "CREATE INDEX dependencies_by_child ON dependencies(scan_id, child_id)",
    "CREATE INDEX conclusions_by_scan ON conclusions(scan_id, package_id)",
    "CREATE INDEX conclusions_by_license ON conclusions(concluded)",
    "CREATE INDEX evidence_by_conclusion ON evidence(conclusion_id)",
    "CREATE INDEX findings_by_scan ON findings(scan_id, package_id)",
    "CREATE INDEX findings_by_code ON findings(code)",
    "CREATE INDEX finding_locations_by_finding ON finding_locations(finding_id)",
    "CREATE INDEX problems_by_scan ON problems(scan_id)",
    "CREATE INDEX inputs_by_scan ON inputs(scan_id)",
)


def _first(connection: sqlite3.Connection) -> None:
    for statement in (*_FIRST, *VIEWS):
        connection.execute(statement)


Migration = Callable[[sqlite3.Connection], None]

MIGRATIONS: tuple[Migration, ...] = (_first,)
"""Step n brings a file of version n to n + 1, inside a transaction that the caller holds."""


def migrate(connection: sqlite3.Connection, done: int, steps: tuple[Migration, ...] = MIGRATIONS) -> None:
    """Run the steps that the file has not had, and note them in `user_version`."""
    for step in steps[done:]:
        step(connection)
    connection.execute(f"PRAGMA user_version = {len(steps)}")
