-- A database of version 1 as the first release wrote it; never change this file.
CREATE TABLE scans (  -- one row for each run of licscan
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
);
CREATE TABLE packages (  -- every PackageURL once, whatever the scan
    id INTEGER PRIMARY KEY,
    purl TEXT NOT NULL UNIQUE
);
CREATE TABLE texts (  -- long texts, each once
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL
);
CREATE TABLE roots (  -- the first-party projects from which dependencies hang
    id INTEGER PRIMARY KEY,
    scan_id INTEGER NOT NULL REFERENCES scans(id) ON DELETE CASCADE,
    package_id INTEGER NOT NULL REFERENCES packages(id)
);
CREATE TABLE components (
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
);
CREATE TABLE component_scopes (  -- runtime, peer, optional, build, dev
    id INTEGER PRIMARY KEY,
    component_id INTEGER NOT NULL REFERENCES components(id) ON DELETE CASCADE,
    scope TEXT NOT NULL
);
CREATE TABLE component_locations (  -- the files that name the component
    id INTEGER PRIMARY KEY,
    component_id INTEGER NOT NULL REFERENCES components(id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    start_line INTEGER,
    end_line INTEGER
);
CREATE TABLE claims (  -- license statements in metadata, verbatim
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
);
CREATE TABLE dependencies (
    id INTEGER PRIMARY KEY,
    scan_id INTEGER NOT NULL REFERENCES scans(id) ON DELETE CASCADE,
    parent_id INTEGER NOT NULL REFERENCES packages(id),
    child_id INTEGER NOT NULL REFERENCES packages(id),
    scope TEXT NOT NULL,
    requirement TEXT
);
CREATE TABLE conclusions (  -- SPDX expressions, NOASSERTION (cannot tell) or NONE (no license)
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
);
CREATE TABLE evidence (  -- what each conclusion rests on
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
);
CREATE TABLE findings (
    id INTEGER PRIMARY KEY,
    scan_id INTEGER NOT NULL REFERENCES scans(id) ON DELETE CASCADE,
    package_id INTEGER REFERENCES packages(id),  -- NULL: about the scan as a whole
    code TEXT NOT NULL,
    severity TEXT NOT NULL,
    verdict TEXT NOT NULL,
    message TEXT NOT NULL,
    why TEXT NOT NULL,
    remedies TEXT NOT NULL  -- JSON array of sentences
);
CREATE TABLE finding_paths (  -- from a root down to the component, step by step
    finding_id INTEGER NOT NULL REFERENCES findings(id) ON DELETE CASCADE,
    path_number INTEGER NOT NULL,
    step INTEGER NOT NULL,
    package_id INTEGER NOT NULL REFERENCES packages(id),
    PRIMARY KEY (finding_id, path_number, step)
) WITHOUT ROWID;
CREATE TABLE finding_locations (
    id INTEGER PRIMARY KEY,
    finding_id INTEGER NOT NULL REFERENCES findings(id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    start_line INTEGER,
    end_line INTEGER
);
CREATE TABLE problems (  -- what could not be done
    id INTEGER PRIMARY KEY,
    scan_id INTEGER NOT NULL REFERENCES scans(id) ON DELETE CASCADE,
    stage TEXT NOT NULL,
    subject TEXT NOT NULL,
    message TEXT NOT NULL,
    code TEXT
);
CREATE TABLE inputs (  -- manifests, locks and installed trees that were read
    id INTEGER PRIMARY KEY,
    scan_id INTEGER NOT NULL REFERENCES scans(id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    format TEXT NOT NULL,
    version TEXT,
    seen INTEGER NOT NULL,
    understood INTEGER NOT NULL,
    sha256 TEXT
);
CREATE INDEX "idx_scans_project"
    ON "scans" ("project");
CREATE INDEX "idx_roots_scan_id"
    ON "roots" ("scan_id");
CREATE INDEX "idx_components_scan_id_package_id"
    ON "components" ("scan_id", "package_id");
CREATE INDEX "idx_components_package_id"
    ON "components" ("package_id");
CREATE INDEX "idx_component_scopes_component_id"
    ON "component_scopes" ("component_id");
CREATE INDEX "idx_component_locations_component_id"
    ON "component_locations" ("component_id");
CREATE INDEX "idx_claims_component_id"
    ON "claims" ("component_id");
CREATE INDEX "idx_dependencies_scan_id_parent_id"
    ON "dependencies" ("scan_id", "parent_id");
CREATE INDEX "idx_dependencies_scan_id_child_id"
    ON "dependencies" ("scan_id", "child_id");
CREATE INDEX "idx_conclusions_scan_id_package_id"
    ON "conclusions" ("scan_id", "package_id");
CREATE INDEX "idx_conclusions_concluded"
    ON "conclusions" ("concluded");
CREATE INDEX "idx_evidence_conclusion_id"
    ON "evidence" ("conclusion_id");
CREATE INDEX "idx_findings_scan_id_package_id"
    ON "findings" ("scan_id", "package_id");
CREATE INDEX "idx_findings_code"
    ON "findings" ("code");
CREATE INDEX "idx_finding_locations_finding_id"
    ON "finding_locations" ("finding_id");
CREATE INDEX "idx_problems_scan_id"
    ON "problems" ("scan_id");
CREATE INDEX "idx_inputs_scan_id"
    ON "inputs" ("scan_id");
CREATE VIEW "latest_scan" AS -- the last scan of each project
SELECT * FROM scans WHERE id IN (SELECT max(id) FROM scans GROUP BY project);
CREATE VIEW "current_components" AS -- what each project has now, with its license and verdict
SELECT s.project, p.purl, c.name, c.version, c.ecosystem, c.kind, x.concluded, x.declared, x.detected, c.verdict,
    (SELECT group_concat(scope, ' ') FROM component_scopes WHERE component_id = c.id) AS scopes,
    x.basis, s.id AS scan_id
FROM latest_scan s
JOIN components c ON c.scan_id = s.id
JOIN packages p ON p.id = c.package_id
LEFT JOIN conclusions x ON x.scan_id = s.id AND x.package_id = c.package_id;
CREATE VIEW "current_findings" AS -- what to act on now
SELECT s.project, f.severity, f.verdict, f.code, p.purl, x.concluded, f.message, f.why, s.id AS scan_id,
    f.id AS finding_id
FROM latest_scan s
JOIN findings f ON f.scan_id = s.id
LEFT JOIN packages p ON p.id = f.package_id
LEFT JOIN conclusions x ON x.scan_id = s.id AND x.package_id = f.package_id;
CREATE VIEW "licenses_in_use" AS -- how many packages of each project are under which license
SELECT project, concluded AS license, count(*) AS packages FROM current_components
WHERE kind = 'package' GROUP BY project, concluded ORDER BY project, packages DESC, license;
CREATE VIEW "who_needs" AS -- every edge of each project's last scan, by name
SELECT s.project, child.purl AS package, parent.purl AS needed_by, d.scope, d.requirement, s.id AS scan_id
FROM latest_scan s
JOIN dependencies d ON d.scan_id = s.id
JOIN packages parent ON parent.id = d.parent_id
JOIN packages child ON child.id = d.child_id;
CREATE VIEW "unknown_licenses" AS -- packages whose license nobody can tell yet
SELECT project, purl, declared, basis, scopes, scan_id FROM current_components
WHERE kind = 'package' AND (concluded IS NULL OR concluded IN ('NOASSERTION', 'NONE'));
CREATE VIEW "license_changes" AS -- between the last two scans of each project; versions are apart from the name
WITH numbered AS (
    SELECT id, project, row_number() OVER (PARTITION BY project ORDER BY id DESC) AS age FROM scans
), state AS (
    SELECT n.project, n.age, c.ecosystem, c.name,
        group_concat(DISTINCT c.version) AS version, group_concat(DISTINCT x.concluded) AS license
    FROM numbered n
    JOIN components c ON c.scan_id = n.id
    LEFT JOIN conclusions x ON x.scan_id = n.id AND x.package_id = c.package_id
    WHERE n.age <= 2 AND c.kind = 'package'
    GROUP BY n.project, n.age, c.ecosystem, c.name
)
SELECT new.project, new.ecosystem, new.name, old.version AS old_version, new.version AS new_version,
    old.license AS old_license, new.license AS new_license
FROM state new JOIN state old ON old.project = new.project AND old.ecosystem = new.ecosystem AND old.name = new.name
WHERE new.age = 1 AND old.age = 2 AND new.license IS NOT old.license;
INSERT INTO scans VALUES (1, 'old', '.', 'MIT', '2026-01-01T00:00:00Z', 'ok', 'error', 1, 0, 0, 0, '0.1', '[]', '[]');
INSERT INTO packages VALUES (1, 'pkg:npm/a@1');
INSERT INTO components VALUES (1, 1, 1, 'a', '1', 'npm', 'package', 1, 'ok', 'registry', NULL, NULL, NULL, '[]', '[]', '[]');
INSERT INTO conclusions VALUES (1, 1, 1, 'MIT', NULL, 'MIT', 'declared', '[]', '[]', '[]', '[]', '[]');
INSERT INTO evidence VALUES (1, 1, 'declared', 'license', 'MIT', NULL, 'MIT', 'lock', 'package-lock.json', 1, 1, 'spdx', 1.0, NULL, NULL);
PRAGMA user_version = 1;
