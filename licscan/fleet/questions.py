"""The questions that a fleet is asked, as SQL over the views; each answer says for how many targets it speaks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from packageurl import PackageURL

from licscan.base.errors import InputError, LicscanError
from licscan.base.messages import _
from licscan.compare.fingerprint import versionless
from licscan.fleet.decisions import fleet_ledger
from licscan.fleet.space import Space
from licscan.fleet.views import Coverage, Fleet
from licscan.licenses.spdx import licenses_of
from licscan.review.decision import Decision

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(T\S+)?")


@dataclass(frozen=True, slots=True)
class Table:
    """An answer: the names of its columns, its rows, and for how many targets it speaks."""

    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]
    coverage: Coverage


def uses(fleet: Fleet, purl: str) -> Table:
    """Which targets have a package: in any version, or in one where the PackageURL has it."""
    column, value = _asked(purl)
    return ask(
        fleet,
        f"""SELECT target_name AS target, purl, license, verdict, scope, coverage, first_seen FROM packages_now
        WHERE {column} = ? ORDER BY ALL""",
        [value],
    )


def _asked(word: str) -> tuple[str, str]:
    """The column that a PackageURL or a name asks for, and the value in it, as licscan writes it."""
    if not word.startswith("pkg:"):
        return "name", word
    try:
        purl = PackageURL.from_string(word)
    except ValueError as error:
        raise InputError(_("is not a PackageURL"), path=word[:200], remedy=_("such as pkg:npm/lodash")) from error
    canonical = purl.to_string()
    return ("purl", canonical) if purl.version else ("package", versionless(canonical))


def with_license(fleet: Fleet, expression: str) -> Table:
    """Which packages have a license that names all of the ids in an expression, and where they are used."""
    wanted = _ids(expression)
    if not wanted:
        raise InputError(_("is not an SPDX expression"), path=expression[:200], remedy=_("such as GPL-3.0-only"))
    used = [str(one) for (one,) in fleet.db.execute("SELECT DISTINCT license FROM packages_now").fetchall()]
    meant = [one for one in used if one == expression or wanted <= _ids(one)]
    return ask(
        fleet,
        """SELECT license, purl, count(DISTINCT target) AS targets, min(target_name) AS example,
        max(verdict) AS verdict FROM packages_now WHERE list_contains(?, license) AND scope <> 'own'
        GROUP BY ALL ORDER BY targets DESC, purl, license""",
        [meant],
    )


def drift(fleet: Fleet, package: str = "") -> Table:
    """Packages whose license differs between versions that were seen, and who has which now."""
    return ask(
        fleet,
        """WITH told AS (SELECT package, count(DISTINCT license) AS licenses FROM packages
            WHERE scope <> 'own' AND license <> 'NOASSERTION' AND (? = '' OR package = ? OR name = ?)
            GROUP BY package HAVING licenses > 1)
        SELECT p.package, p.license, min(p.version) || CASE WHEN count(DISTINCT p.version) > 1
            THEN ' … ' || max(p.version) ELSE '' END AS versions,
            count(DISTINCT p.target) FILTER (p.until IS NULL) AS targets_now, min(p.first_seen) AS first_seen
        FROM packages p JOIN told USING (package) JOIN targets t ON t.id = p.target WHERE p.license <> 'NOASSERTION'
        GROUP BY p.package, p.license ORDER BY p.package, first_seen, p.license""",
        [package, versionless(_asked(package)[1]) if package else "", package],
    )


def affected_by(fleet: Fleet, space: Space, digest: str) -> Table:
    """Which targets have findings of the kind that a decision of the fleet speaks of, on the same evidence."""
    decision = decision_of(space, digest)
    return ask(
        fleet,
        """SELECT target_name AS target, code, purl, surface, severity, decision, waiver FROM findings_now
        WHERE package = ? AND code = ? AND evidence = ? AND (? = '' OR version = ?) ORDER BY ALL""",
        [decision.package, decision.code, decision.evidence, decision.version, decision.version],
    )


def decision_of(space: Space, digest: str) -> Decision:
    """A decision of the fleet by its digest, its beginning or its number. InputError where there is none."""
    ledger = fleet_ledger(space)
    for one in ledger.entries if ledger else ():
        if str(one.number) == digest or one.digest.removeprefix("sha256:").startswith(digest.removeprefix("sha256:")):
            return one.decision
    raise InputError(
        _("is not a decision of this fleet"), path=digest[:100], remedy=_("see `licscan fleet decide --list`")
    )


def changed(fleet: Fleet, since: str) -> Table:
    """What was added and removed since a day, and which targets got another verdict."""
    if not _DAY.fullmatch(since):
        raise InputError(_("is not a day"), path=since[:60], remedy=_("such as 2027-01-31"))
    return ask(
        fleet,
        """WITH gates AS (SELECT target, "when", gate, lag(gate) OVER (PARTITION BY target ORDER BY "when") AS before
            FROM outcomes WHERE status = 'done')
        SELECT t.name AS target, g.before || ' → ' || g.gate AS change, '' AS purl, '' AS license, g."when" AS "when"
            FROM gates g JOIN targets t ON t.id = g.target WHERE g."when" >= $since AND g.before <> g.gate
        UNION ALL SELECT t.name, 'added', p.purl, p.license, p.first_seen
            FROM packages p JOIN targets t ON t.id = p.target
            WHERE p.first_seen >= $since AND p.until IS NULL
            AND EXISTS (SELECT 1 FROM outcomes o WHERE o.target = p.target AND o.status = 'done' AND o."when" < $since)
            -- another row of the same package that ended then only differs in its verdict or evidence
            AND NOT EXISTS (SELECT 1 FROM packages b WHERE b.target = p.target AND b.purl = p.purl
                AND b.license = p.license AND b.until = p.first_seen)
        UNION ALL SELECT t.name, 'removed', p.purl, p.license, p.until FROM packages p JOIN targets t ON t.id = p.target
            WHERE p.until >= $since AND p.first_seen < $since
            AND NOT EXISTS (SELECT 1 FROM packages b WHERE b.target = p.target AND b.purl = p.purl
                AND b.license = p.license AND b.first_seen = p.until)
        ORDER BY 1, 5, 2, 3, 4""",
        {"since": since},
    )


def open_findings(fleet: Fleet, notes: bool = False) -> Table:
    """What nobody has decided, one row for what one decision would settle, the most targets first."""
    return ask(
        fleet,
        """SELECT code, severity, CASE WHEN package = '' THEN min(message) ELSE package END AS about, license,
            count(DISTINCT target) AS targets, count(*) AS findings, min(target_name) AS example
        FROM findings_now WHERE waiver = '' AND (severity <> 'note' OR $notes)
        GROUP BY code, severity, package, license, evidence, CASE WHEN package = '' THEN message ELSE '' END
        ORDER BY CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END,
            targets DESC, findings DESC, code, about, license, example""",
        {"notes": notes},
    )


def history(fleet: Fleet, purl: str) -> Table:
    """When a package was first and last seen, and under which license, in each target, those that were dropped too."""
    column, value = _asked(purl)
    return ask(
        fleet,
        f"""SELECT coalesce(t.name, p.target) AS target, p.purl, p.license, p.verdict, p.scope, p.first_seen,
            coalesce(p.until, '') AS until FROM packages p LEFT JOIN targets t ON t.id = p.target
        WHERE p.{column} = ? ORDER BY 1, 6, 2, 3, 4, 5, 7""",
        [value],
    )


def duplicates(fleet: Fleet) -> Table:
    """Targets that hold the same bytes as another one, by the digest of what was scanned."""
    return ask(
        fleet,
        """SELECT inputs, count(*) AS targets, list_sort(list(name)) AS names FROM state WHERE inputs <> ''
        GROUP BY inputs HAVING count(*) > 1 ORDER BY targets DESC, names""",
    )


def standing(fleet: Fleet, failed: bool = False) -> Table:
    """How each target stands, the worst first; `failed`: only those that are not current."""
    return ask(
        fleet,
        """SELECT name, status, coalesce(gate, '') AS gate, errors, warnings, components, product, customer,
            coalesce(checked, '') AS checked, reason FROM state WHERE NOT $failed OR status <> 'current'
        ORDER BY CASE status WHEN 'poisoned' THEN 0 WHEN 'failed' THEN 1
                WHEN 'stale' THEN 2 WHEN 'new' THEN 3 ELSE 4 END,
            CASE gate WHEN 'violation' THEN 0 WHEN 'cannot-tell' THEN 1 ELSE 2 END, errors DESC, name, id""",
        {"failed": failed},
    )


def failed_ids(fleet: Fleet) -> set[str]:
    """The targets whose last try failed."""
    return {str(one) for (one,) in fleet.db.execute("SELECT id FROM state WHERE last_failure IS NOT NULL").fetchall()}


def ids_affected(fleet: Fleet, decisions: Iterable[Decision]) -> set[str]:
    """The targets that have findings of which one of the decisions speaks."""
    query = "SELECT DISTINCT target FROM findings_now WHERE package = ? AND code = ? AND evidence = ?"
    return {
        str(target)
        for one in decisions
        for (target,) in fleet.db.execute(query, [one.package, one.code, one.evidence]).fetchall()
    }


def sql(fleet: Fleet, query: str) -> Table:
    """Any question in SQL; it can read the store's tables and views, and no file beside."""
    import duckdb

    try:
        statements = duckdb.extract_statements(query)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise InputError(_("is not a single SELECT"), path="SQL", remedy=_("the store is only read"))
        fleet.only_its_files()
        return ask(fleet, query)
    except duckdb.Error as error:
        reason = str(error).partition("\n")[0]
        raise InputError(
            reason, path="SQL", remedy=_("tables: {names}").format(names=_(", ").join(TABLES_TO_ASK))
        ) from error


TABLES_TO_ASK = ("targets", "state", "packages", "packages_now", "findings", "findings_now", "outcomes", "checks")


def _ids(expression: str) -> frozenset[str]:
    try:
        return frozenset(licenses_of(expression))
    except (ValueError, LicscanError):
        return frozenset()


def ask(fleet: Fleet, query: str, parameters: object = None) -> Table:
    """The answer of a query over the tables and views."""
    columns, rows = fleet.rows(query, parameters)
    return Table(columns, rows, fleet.coverage())
