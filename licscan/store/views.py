"""Views that answer what people ask of the database; documented with examples in docs/store.md."""

from __future__ import annotations

VIEWS = {
    "latest_scan": """-- the last scan of each project
SELECT * FROM scans WHERE id IN (SELECT max(id) FROM scans GROUP BY project)""",
    "current_components": """-- what each project has now, with its license and verdict
SELECT s.project, p.purl, c.name, c.version, c.ecosystem, c.kind, x.concluded, x.declared, x.detected, c.verdict,
    (SELECT group_concat(scope, ' ') FROM component_scopes WHERE component_id = c.id) AS scopes,
    x.basis, s.id AS scan_id
FROM latest_scan s
JOIN components c ON c.scan_id = s.id
JOIN packages p ON p.id = c.package_id
LEFT JOIN conclusions x ON x.scan_id = s.id AND x.package_id = c.package_id""",
    "current_findings": """-- what to act on now
SELECT s.project, f.severity, f.verdict, f.code, p.purl, x.concluded, f.message, f.why, s.id AS scan_id,
    f.id AS finding_id
FROM latest_scan s
JOIN findings f ON f.scan_id = s.id
LEFT JOIN packages p ON p.id = f.package_id
LEFT JOIN conclusions x ON x.scan_id = s.id AND x.package_id = f.package_id""",
    "licenses_in_use": """-- how many packages of each project are under which license
SELECT project, concluded AS license, count(*) AS packages FROM current_components
WHERE kind = 'package' GROUP BY project, concluded ORDER BY project, packages DESC, license""",
    "who_needs": """-- every edge of each project's last scan, by name
SELECT s.project, child.purl AS package, parent.purl AS needed_by, d.scope, d.requirement, s.id AS scan_id
FROM latest_scan s
JOIN dependencies d ON d.scan_id = s.id
JOIN packages parent ON parent.id = d.parent_id
JOIN packages child ON child.id = d.child_id""",
    "unknown_licenses": """-- packages whose license nobody can tell yet
SELECT project, purl, declared, basis, scopes, scan_id FROM current_components
WHERE kind = 'package' AND (concluded IS NULL OR concluded IN ('NOASSERTION', 'NONE'))""",
    "license_changes": """-- between the last two scans of each project; versions are apart from the name
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
WHERE new.age = 1 AND old.age = 2 AND new.license IS NOT old.license""",
}
"""Those of the first version."""

LATER_VIEWS = {
    "latest_scan": """-- the last scan of each project, and the last audit of each supplier's product
SELECT * FROM scans WHERE id IN (SELECT max(id) FROM scans GROUP BY project, kind)""",
    "current_copyrights": """-- whose work each project has now, as the packages' own texts say
SELECT s.project, p.purl, x.concluded, c.statement, c.holder, c.years, c.template, c.path, c.line, s.id AS scan_id
FROM latest_scan s
JOIN conclusions x ON x.scan_id = s.id
JOIN packages p ON p.id = x.package_id
JOIN copyrights c ON c.conclusion_id = x.id""",
    "current_findings": """-- what to act on now; those with a waiver do not count
SELECT s.project, f.surface, f.severity, f.verdict, f.code, p.purl, x.concluded, f.message, f.why, f.waiver,
    s.id AS scan_id, f.id AS finding_id
FROM latest_scan s
JOIN findings f ON f.scan_id = s.id
LEFT JOIN packages p ON p.id = f.package_id
LEFT JOIN conclusions x ON x.scan_id = s.id AND x.package_id = f.package_id""",
    "current_judgements": """-- what follows for each component on each surface
SELECT s.project, j.surface, u.deployment, p.purl, j.relationship, j.ruling, j.license, j.reasons, s.id AS scan_id,
    j.id AS judgement_id
FROM latest_scan s
JOIN judgements j ON j.scan_id = s.id
JOIN packages p ON p.id = j.package_id
LEFT JOIN surfaces u ON u.scan_id = s.id AND u.name = j.surface""",
    "current_duties": """-- what is owed, for whom, by which clause
SELECT j.project, j.surface, j.deployment, d.name AS duty, d.license, d.clause, j.purl, j.ruling, j.scan_id
FROM current_judgements j
JOIN duties d ON d.judgement_id = j.judgement_id""",
    "current_metadata": """-- who supplies each package, where it comes from, and whether it is deprecated
SELECT s.project, p.purl, m.supplier, m.authors, m.maintainers, m.description, m.homepage, m.repository,
    m.issue_tracker, m.artifact_url, m.source_url, m.published, m.deprecated, s.id AS scan_id
FROM latest_scan s
JOIN metadata m ON m.scan_id = s.id
JOIN packages p ON p.id = m.package_id""",
    "current_content": """-- each project's fonts, pictures, sounds and models: whose, under which license, what is open
SELECT s.project, f.path, f.kind, f.format, f.expression, f.owner, f.art_set, f.builder, f.basis, f.questions,
    f.component, f.is_shipped, f.sha256, f.size, s.id AS scan_id
FROM latest_scan s
JOIN content_files f ON f.scan_id = s.id""",
    "current_sources": """-- what is among each project's own files that is not its own
SELECT s.project, g.kind, g.path, g.files, g.expression, g.name, g.version, g.holders, g.in_tests, s.id AS scan_id
FROM latest_scan s
JOIN source_groups g ON g.scan_id = s.id""",
}
"""Those that a later step adds or replaces, with the tables that they look at."""
