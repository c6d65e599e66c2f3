"""Which copyright statements stand for a component: its own, not its license's, not those of its parts."""

from __future__ import annotations

import pytest

from licscan.detect.types import CopyrightStatement, Detected
from licscan.model import Copyright, Origin
from licscan.read.cache import Found
from licscan.read.evidence import Text
from licscan.read.roles import Role
from licscan.read.statements import MAX_COPYRIGHTS, copyrights_of, gathered, is_bare, set_aside

FORM = "Copyright (C) <year>  <name of author>"
GNU = (
    "GNU GENERAL PUBLIC LICENSE\nVersion 3\n\nCopyright (C) 2007 Free Software Foundation, Inc.\n"
    "Everyone is permitted to copy and distribute verbatim copies\nof this license document\n"
    f"\fterms\nHow to Apply These Terms to Your New Programs\nwords\n{FORM}\n"
)


def statement(line: int, said: str = "Copyright 2020 Acme", *, template: bool = False) -> CopyrightStatement:
    return CopyrightStatement(said, "" if template else "Acme", "" if template else "2020", line, line, template)


def found(*statements: CopyrightStatement, foreign_from: int | None = None, aside: tuple[int, ...] = ()) -> Found:
    return Found(Detected("ab", None, (), statements), foreign_from, aside)


def text(role: Role = Role.LICENSE, path: str = "LICENSE", first_line: int = 1) -> Text:
    return Text(role, path, Origin.INSTALLED, "ab", first_line)


def test_what_is_about_the_license_itself_is_set_aside() -> None:
    assert set_aside(GNU, [statement(4), statement(9, FORM, template=True)]) == (4, 9)
    assert set_aside(GNU.replace("\n", "\r\n"), [statement(4)]) == (4,)


def test_a_form_in_an_operative_text_is_a_statement() -> None:
    assert set_aside("MIT License\n\nCopyright (c) <year> <owner>\n\nPermission", [statement(3, template=True)]) == ()
    assert set_aside("", []) == ()


def test_a_filled_appendix_is_a_statement() -> None:
    apache = "APPENDIX: How to apply the Apache License to your work.\n\nCopyright 2020 Acme\n"
    assert set_aside(apache, [statement(3)]) == ()
    assert set_aside(apache, [statement(3, template=True)]) == (3,)


def test_statements_about_parts_are_left_out() -> None:
    one = found(statement(2), statement(9, "Copyright 1999 Others"), foreign_from=5)
    assert [said.line for said in copyrights_of(text(), one)] == [2]
    assert [said.line for said in copyrights_of(text(), found(statement(9), foreign_from=5))] == [9]
    assert list(copyrights_of(text(Role.NOTICE), found(statement(9), foreign_from=5))) == []
    assert list(copyrights_of(text(Role.PART), found(statement(1)))) == []


def test_lines_are_those_of_the_file() -> None:
    told = next(copyrights_of(text(Role.README, "README.md", first_line=40), found(statement(2))))
    assert told == Copyright("README.md", 41, "Copyright 2020 Acme", "Acme", "2020")


def test_each_is_kept_once_and_their_number_is_bounded() -> None:
    many = found(*(statement(line, f"Copyright {line} Acme") for line in range(1, 200)))
    assert len(gathered([(text(), many)])) == MAX_COPYRIGHTS
    told = gathered([(text(path="b/LICENSE"), found(statement(1))), (text(path="a/LICENSE"), found(statement(3)))])
    assert [(said.path, said.line) for said in told.values()] == [("a/LICENSE", 3)]


@pytest.mark.parametrize(
    ("told", "bare"),
    [
        ("/** chat.js\n * Version 3\n * Copyright: Ann Example 2013\n * Get it at https://chat.example\n */", True),
        ("Copyright 2020 Acme. All rights reserved.", True),
        ("版权所有 2020 某公司", True),
        ("Copyright 2020 Acme. You may not copy it.", False),
        ("Copyright 2020 Acme. For customers' usage alone.", False),
        ("Copyright 2020 Acme\nResale is prohibited", False),
        ("版权所有 2020 某公司，未经许可不得复制", False),
        ("Copyright 2020 Acme\n" + "words " * 500, False),
    ],
)
def test_a_bare_notice_has_no_word_of_terms(told: str, bare: bool) -> None:
    assert is_bare(told, Detected("ab", None, (), (statement(1),))) is bare


def test_no_text_without_a_statement_is_a_notice() -> None:
    assert not is_bare("Acme Chat", Detected("ab", None, (), ()))
