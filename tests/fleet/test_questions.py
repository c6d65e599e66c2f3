"""Each question on a small store, with the rows that it must give."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from licscan.base.errors import InputError, LicscanError
from licscan.fleet import catalogue, questions
from licscan.fleet.decisions import decide
from licscan.fleet.model import Status
from licscan.fleet.questions import Table
from licscan.fleet.space import Folder
from licscan.fleet.views import Fleet, opened
from tests.fleet.made import finding, fleet_of, moment, package, put, result, target
from tests.fleet.test_decisions import decision

A, B, C, GONE = target("a", product="mail"), target("b"), target("c"), target("gone")
OLD, MID, NEW = moment(1), moment(30), moment(60)
DAY = "2027-01-02"


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """a: left 1.0, then 2.0 under another license; b: left 1.0 and a finding; c failed; gone was dropped."""
    made = fleet_of(tmp_path_factory.mktemp("questions"), [A, B, C, GONE])
    gpl = package("left", "2.0", "GPL-3.0-only OR MIT", verdict="violation")
    own = package("app", license_="GPL-3.0-only", scope="own")
    put(made, result(A, OLD, [package("left"), package("@s/x")], inputs="same"), result(GONE, OLD, [package("left")]))
    put(
        made, result(A, NEW, [gpl, package("@s/x"), own], [finding("left", "2.0"), finding("x", severity="note")],
                     gate="violation", inputs="same", errors=1),
        result(B, MID, [package("left")], [finding("left"), finding("left", surface="web"),
                                           finding("y", waiver="w", decision="d")], inputs="same"),
        result(C, MID, status=Status.FAILED, reason="why"),
    )  # fmt: skip
    catalogue.drop(made, [GONE])
    return made


@pytest.fixture
def fleet(space: Folder, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fleet]:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1799020800")  # 2027-01-04
    with opened(space, catalogue.entries(space)) as fleet:
        yield fleet


def picked(table: Table, *columns: str) -> list[tuple[object, ...]]:
    at = [table.columns.index(name) for name in columns]
    assert (table.coverage.targets, table.coverage.current, table.coverage.failed) == (3, 2, 1)
    return [tuple(row[one] for one in at) for row in table.rows]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("pkg:npm/left", [("a", "pkg:npm/left@2.0"), ("b", "pkg:npm/left@1.0")]),
        ("pkg:npm/left@1.0", [("b", "pkg:npm/left@1.0")]),
        ("left", [("a", "pkg:npm/left@2.0"), ("b", "pkg:npm/left@1.0")]),
        ("@s/x", [("a", "pkg:npm/%40s/x@1.0")]),
        ("pkg:npm/%40s/x", [("a", "pkg:npm/%40s/x@1.0")]),
        ("pkg:npm/none", []),
        ("'; DROP TABLE targets; --", []),
    ],
)
def test_uses(fleet: Fleet, word: str, expected: list[tuple[str, str]]) -> None:
    assert picked(questions.uses(fleet, word), "target", "purl") == expected


def test_license(fleet: Fleet) -> None:
    found = picked(questions.with_license(fleet, "GPL-3.0-only"), "license", "purl", "targets", "example")
    assert found == [("GPL-3.0-only OR MIT", "pkg:npm/left@2.0", 1, "a")]
    assert len(picked(questions.with_license(fleet, "MIT"), "purl")) == 3
    assert picked(questions.with_license(fleet, "Apache-2.0"), "purl") == []
    with pytest.raises(InputError):
        questions.with_license(fleet, "no such thing (")


def test_drift(fleet: Fleet) -> None:
    expected = [("pkg:npm/left", "MIT", 1), ("pkg:npm/left", "GPL-3.0-only OR MIT", 1)]
    for word in ("", "left", "pkg:npm/left", "pkg:npm/left@1.0"):
        assert picked(questions.drift(fleet, word), "package", "license", "targets_now") == expected
    assert picked(questions.drift(fleet, "@s/x"), "package") == []


def test_affected_by(fleet: Fleet, space: Folder) -> None:
    (one, other) = decide(space, [decision("left", version="1.0", evidence="sha256:" + "0" * 64), decision("y")])
    assert picked(questions.affected_by(fleet, space, "1"), "target") == []
    for number in ("3", "sha256:ffff"):
        with pytest.raises(InputError, match="decision of this fleet"):
            questions.affected_by(fleet, space, number)
    assert questions.ids_affected(fleet, [one, other]) == set()


def test_affected_by_the_same_evidence(tmp_path: Path) -> None:
    evidence = "sha256:" + "cd" * 32
    space = fleet_of(tmp_path, [A, B, C])
    same = finding("left", evidence=evidence)
    put(
        space, result(A, OLD, [], [same]), result(B, OLD, [], [finding("left", "2.0", evidence=evidence)]),
        result(C, OLD, [], [finding("left")]),
    )  # fmt: skip
    (one,) = decide(space, [decision("left", evidence=evidence)])
    digest = questions.fleet_ledger(space).head  # type: ignore[union-attr]
    with opened(space, catalogue.entries(space)) as fleet:
        for word in ("1", digest, digest.removeprefix("sha256:")[:12]):
            found = questions.affected_by(fleet, space, word)
            assert [row[0] for row in found.rows] == ["a"]
        assert questions.ids_affected(fleet, [one]) >= {A.id}
        assert C.id not in questions.ids_affected(fleet, [one])


def test_changed(fleet: Fleet) -> None:
    found = picked(questions.changed(fleet, DAY), "target", "purl", "when")
    assert ("a", "", NEW) in found
    assert ("a", "pkg:npm/left@2.0", NEW) in found
    assert ("a", "pkg:npm/left@1.0", NEW) in found
    assert not [row for row in found if row[0] == "b"]  # nothing was known of it before
    assert not [row for row in found if row[1] == "pkg:npm/%40s/x@1.0"]
    assert picked(questions.changed(fleet, "2027-02-01"), "target") == []
    for word in ("yesterday", "2027-1-1", "2027-01-01'; --", ""):
        with pytest.raises(InputError, match="day"):
            questions.changed(fleet, word)


def test_a_scope_may_be_written_plainly(fleet: Fleet) -> None:
    plain, escaped = (picked(questions.uses(fleet, f"pkg:npm/{scope}/x"), "purl") for scope in ("@s", "%40s"))
    assert plain == escaped != []
    with pytest.raises(InputError, match="PackageURL"):
        questions.uses(fleet, "pkg:nothing")


def test_open(fleet: Fleet) -> None:
    found = picked(questions.open_findings(fleet), "about", "targets", "findings", "example")
    assert found == [("pkg:npm/left", 2, 3, "a")]
    with_notes = picked(questions.open_findings(fleet, notes=True), "about")
    assert with_notes == [("pkg:npm/left",), ("pkg:npm/x",)]


def test_history(fleet: Fleet) -> None:
    found = picked(questions.history(fleet, "pkg:npm/left"), "target", "purl", "first_seen", "until")
    assert sorted(map(str, found)) == sorted(
        str(row)
        for row in (
            (GONE.id, "pkg:npm/left@1.0", OLD, ""), ("a", "pkg:npm/left@1.0", OLD, NEW),
            ("a", "pkg:npm/left@2.0", NEW, ""), ("b", "pkg:npm/left@1.0", MID, ""),
        )
    )  # fmt: skip
    assert len(picked(questions.history(fleet, "pkg:npm/left@2.0"), "target")) == 1
    assert len(picked(questions.history(fleet, "left"), "target")) == 4


def test_duplicates(fleet: Fleet) -> None:
    assert picked(questions.duplicates(fleet), "inputs", "targets", "names") == [("same", 2, ["a", "b"])]


def test_standing(fleet: Fleet) -> None:
    found = picked(questions.standing(fleet), "name", "status", "gate", "reason")
    assert sorted(found, key=str) == [
        ("a", "current", "violation", ""), ("b", "current", "ok", ""), ("c", "failed", "", "why"),
    ]  # fmt: skip
    assert found[0][0] == "c"
    assert picked(questions.standing(fleet, failed=True), "name") == [("c",)]
    assert questions.failed_ids(fleet) == {C.id}


# --- questions of the user's own --------------------------------------------------------------------------------------


def test_sql_answers(fleet: Fleet) -> None:
    found = questions.sql(fleet, "WITH a AS (SELECT * FROM packages_now) SELECT count(*) AS n, 'x' AS x FROM a")
    assert (found.columns, found.rows) == (("n", "x"), [(4, "x")])
    for table in questions.TABLES_TO_ASK:
        assert questions.ask(fleet, f"SELECT count(*) FROM {table}").rows


REFUSED = {
    "write": "COPY (SELECT 1) TO '{out}'",
    "write more": "COPY packages TO '{out}' (FORMAT parquet)",
    "table": "CREATE TABLE t AS SELECT 1",
    "insert": "INSERT INTO targets SELECT * FROM targets",
    "delete": "DELETE FROM targets",
    "drop": "DROP VIEW packages",
    "two": "SELECT 1; DROP VIEW packages",
    "after": "SELECT 1; COPY (SELECT 1) TO '{out}'",
    "attach": "ATTACH '{out}' AS other",
    "export": "EXPORT DATABASE '{out}'",
    "install": "INSTALL httpfs",
    "load": "LOAD httpfs",
    "set": "SET enable_external_access = true",
    "pragma": "PRAGMA enable_object_cache",
    "explain": "EXPLAIN ANALYZE COPY (SELECT 1) TO '{out}'",
    "text": "SELECT * FROM read_text('{secret}')",
    "blob": "SELECT * FROM read_blob('{secret}')",
    "csv": "SELECT * FROM read_csv('{secret}', columns = {{'a': 'VARCHAR'}})",
    "json": "SELECT * FROM read_json_auto('{secret}')",
    "name": "SELECT * FROM '{secret}'",
    "glob": "SELECT * FROM glob('{folder}/*')",
    "sub": "SELECT (SELECT content FROM read_text('{secret}'))",
    "query": "SELECT * FROM query('SELECT content FROM read_text(''{secret}'')')",
    "web": "SELECT * FROM read_text('https://r.example/x')",
    "empty": "",
    "nonsense": "SELEKT 1",
    "no table": "SELECT * FROM nothing",
    "fails": "SELECT error('boom')",
}


@pytest.mark.parametrize("name", REFUSED)
def test_sql_writes_nothing_and_reads_no_other_file(fleet: Fleet, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.csv").write_text("s3cret")
    before = sorted(tmp_path.rglob("*"))
    query = REFUSED[name].format(out=tmp_path / "out", secret=tmp_path / "secret.csv", folder=tmp_path)
    with pytest.raises(LicscanError) as caught:
        questions.sql(fleet, query)
    assert "\n" not in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert sorted(tmp_path.rglob("*")) == before


def test_answers_are_the_same_bytes(space: Folder) -> None:
    from licscan.fleet import answers

    asked: list[Callable[[Fleet], Table]] = [
        lambda fleet: questions.uses(fleet, "left"), questions.open_findings, questions.standing, questions.duplicates,
        lambda fleet: questions.changed(fleet, DAY), lambda fleet: questions.history(fleet, "left"),
    ]  # fmt: skip
    for ask in asked:
        with opened(space, catalogue.entries(space)) as one, opened(space, catalogue.entries(space)) as other:
            assert answers.to_json(ask(one)) == answers.to_json(ask(other))
            assert answers.to_csv(ask(one)) == answers.to_csv(ask(other))
