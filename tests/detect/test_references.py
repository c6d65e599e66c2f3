"""Statements that name another file of the package."""

from __future__ import annotations

from dataclasses import replace

import pytest

from licscan.detect.references import followed, replaced, resolve
from licscan.detect.types import Detected, LicenseMatch, Matcher, MatchKind

OPEN = "unknown-license-reference"


def says(expression: str, *references: str, kind: MatchKind = MatchKind.NOTICE) -> LicenseMatch:
    return LicenseMatch(expression, 100.0, 1, 1, "r.RULE", kind, Matcher.EXACT, references=references)


def package(**files: LicenseMatch) -> dict[str, Detected]:
    """Files by path; `__` stands for `/` and `_dot_` for a dot."""
    return {
        path.replace("__", "/").replace("_dot_", "."): Detected("", None, (match,)) for path, match in files.items()
    }


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("COPYING", "COPYING"),
        ("copying", "COPYING"),
        ("./COPYING", "COPYING"),
        ("doc/COPYING.txt", "COPYING"),
        ("LICENSE", "LICENSE.md"),
        ("License.txt", "LICENSE.md"),
        ("LICENSE.foo", None),
        ("NOTICE", None),
        ("", None),
    ],
)
def test_the_named_file(name: str, file: str | None) -> None:
    files = package(src__a_dot_c=says(OPEN, name), COPYING=says("mit"), LICENSE_dot_md=says("apache-2.0"))
    (resolution,) = resolve(files)["src/a.c"]
    assert resolution.file == file
    assert resolution.match.expression == {"COPYING": "mit", "LICENSE.md": "apache-2.0", None: OPEN}[file]


def test_the_nearest_folder_wins() -> None:
    named = {"lib__COPYING": says("mit"), "COPYING": says("gpl-2.0"), "lib__x__COPYING": says("isc")}
    files = package(lib__sub__a_dot_c=says(OPEN, "COPYING"), **named)
    assert resolve(files)["lib/sub/a.c"][0].file == "lib/COPYING"


def test_a_folder_beside_is_not_searched() -> None:
    files = package(a__x_dot_c=says(OPEN, "COPYING"), b__COPYING=says("mit"))
    assert resolve(files)["a/x.c"][0].file is None


def test_a_chain_is_followed_and_a_circle_is_left() -> None:
    chain = package(README=says(OPEN, "LICENSE"), LICENSE=says(OPEN, "COPYING"), COPYING=says("mit"))
    assert resolve(chain)["README"][0].file == "COPYING"
    circle = package(README=says(OPEN, "LICENSE"), LICENSE=says(OPEN, "README"))
    assert resolve(circle)["README"][0].file is None
    assert resolve(circle)["README"][0].match.expression == OPEN


def test_a_statement_that_names_its_license_keeps_it() -> None:
    files = package(a_dot_c=says("bsd-new", "LICENSE"), LICENSE=says("mit"))
    assert resolve(files) == {}


def test_a_clue_asks_for_nothing() -> None:
    files = package(a_dot_c=says(OPEN, "LICENSE", kind=MatchKind.CLUE), LICENSE=says("mit"))
    assert resolve(files) == {}


def test_what_was_resolved_takes_its_place() -> None:
    files = package(a_dot_c=says(OPEN, "LICENSE"), LICENSE=says("mit OR gpl-2.0"))
    (match,) = replaced(files["a.c"], resolve(files)["a.c"])
    assert match == says("mit OR gpl-2.0", "LICENSE")


EITHER = """This software is made available under the terms of *either* of the licenses
found in LICENSE.{} or LICENSE.{}. Contributions are made under the terms of *both* these licenses."""


@pytest.mark.parametrize(
    ("first", "second", "files", "expression"),
    [
        ("APACHE", "BSD", {"LICENSE.APACHE": "apache-2.0", "LICENSE.BSD": "isc"}, "apache-2.0 OR isc"),
        ("APACHE2", "MIT", {"LICENSE.APACHE2": "apache-2.0", "LICENSE.MIT": "mit"}, "apache-2.0 OR mit"),
        ("A", "GPL", {"LICENSE.A": "apache-2.0", "LICENSE.GPL": "isc OR mit"}, "apache-2.0 OR (isc OR mit)"),
        ("A", "B", {"LICENSE.A": "mit", "LICENSE.B": "mit"}, "mit"),
        ("A", "B", {"LICENSE.A": "mit"}, None),
        ("A", "B", {"LICENSE.A": "mit", "LICENSE.B": OPEN}, None),
    ],
)
def test_a_choice_between_files(first: str, second: str, files: dict[str, str], expression: str | None) -> None:
    """The files say what there is to choose from, not the rule that knows the sentence."""
    text = EITHER.format(first, second)
    statement = replace(says("bsd-new OR apache-2.0"), score=77.0, text=text, start=0, end=30)
    tag = replace(says("gpl-1.0-plus", kind=MatchKind.TAG), text=f"LICENSE.{second}", start=18, end=20)
    package_ = {"LICENSE": Detected("", None, (statement, tag))}
    package_ |= {path: Detected("", None, (says(key, kind=MatchKind.TEXT),)) for path, key in files.items()}
    matches = followed(package_)["LICENSE"].matches
    found = [match.expression for match in matches]
    assert found == ([expression] if expression else ["bsd-new OR apache-2.0", "gpl-1.0-plus"])


def test_all_of_several_files_is_no_choice() -> None:
    text = "under the terms of the licenses in LICENSE.A and LICENSE.B"
    files = {"LICENSE": Detected("", None, (replace(says("x-y"), text=text),)), "LICENSE.A": Detected("", None, ())}
    assert followed(files)["LICENSE"].matches[0].expression == "x-y"
