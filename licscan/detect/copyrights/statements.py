"""The grammar of statements: from a sign on, through years and names, to where they end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from licscan.detect.copyrights.flow import VERSION, Flow
from licscan.detect.copyrights.holders import holder_of, joined
from licscan.detect.copyrights.lexer import Kind, Token
from licscan.detect.copyrights.lines import Line
from licscan.detect.copyrights.templates import is_template_name
from licscan.detect.copyrights.words import words
from licscan.detect.types import CopyrightStatement

_HEAD = frozenset({"by", "is", "held", "owned", "are", "to", "belongs", "in", "from"})
_HEAD_PUNCT = frozenset(":-–—,=|>*\"'/】》」")
# what closes `著作权归…所有` and its like
_OWNED = frozenset({"所有", "共同所有", "享有", "拥有", "擁有", "共有"})
_QUOTES = frozenset(("''", '""', "“”", "‘’", "「」", "『』", "``"))
_HAVING = ("享有", "拥有", "擁有", "持有", "共同")
_PARTS = frozenset({"portions", "parts", "portion", "part"})
_NOW = r"(?=(?:至|迄)今|至?(?:现在|現在))"
_TO = re.compile(rf"\s*(?:[-–—~]+|\bto\b|(?!{_NOW})[至到])\s*|(?<=\d)\s*{_NOW}")
MOST_TOKENS = 300
"""A statement is not longer."""


def _plain_years(said: str) -> str:
    """`2019年至2024年` and `2019 - 2024` as `2019-2024`."""
    return _TO.sub("-", said.replace("年", "").lstrip("'")).strip()


@dataclass(slots=True)
class Draft:
    """A statement while it is read; `start` and `end` are places of tokens, `end` excluded."""

    start: int
    end: int
    names: list[Token] = field(default_factory=list)
    signs: int = 0
    words: int = 0
    blanks: int = 0

    @property
    def years(self) -> list[str]:
        """The years as written."""
        return [_plain_years(token.text) for token in self.names if token.kind is Kind.YEAR]


class Reader:
    """Reads the statements of one window; places move forward only, so that all of it takes linear time."""

    def __init__(self, lines: Sequence[Line], tokens: Sequence[Token]):
        self.lines = lines
        self.tokens = tokens

    def read(self, at: int, floor: int) -> tuple[CopyrightStatement | None, int]:
        """The statement whose sign is at `at`, and where to go on; `floor` is where the one before ended."""
        if at and floor == at and not self.tokens[at].text.isascii() and self.tokens[at].kind is Kind.COPY:
            # 版权所有 behind what was just read
            return None, at + 1
        draft = Draft(at, at)
        if self.tokens[at].text.startswith(_HAVING):
            draft.words, draft.end = 1, self._behind_right(at)
            place = draft.end
        else:
            place = self._body(draft, self._head(draft, at), MOST_TOKENS)
        if not holder_of(self.lines, draft.names) and not draft.blanks and self._may_follow(draft, at):
            self._look_back(draft, floor)
        if draft.start > floor and not draft.years and self._year_before(draft.start):
            draft.start -= 1
            draft.names.append(self.tokens[draft.start])
        if self._of_act(draft, at):
            return None, max(place, at + 1)
        if draft.start > floor and self.tokens[draft.start - 1].low in _PARTS:
            draft.start -= 1
        return self._finish(draft, at), max(place, at + 1)

    def _behind_right(self, at: int) -> int:
        """The place behind `拥有本 SDK 的完整版权`, whose holder stands before it: Latin words part it into tokens."""
        end = at
        while not self.tokens[end].text.endswith(("权", "權")) and end - at < 4 and end + 1 < len(self.tokens):
            end += 1
        return end + 1

    def _of_act(self, draft: Draft, at: int) -> bool:
        """Whether the word names a law: `the Copyright Act of 1976`."""
        follows = self.tokens[at + 1].low if at + 1 < len(self.tokens) else ""
        return not draft.signs and follows in words("law")

    def _year_before(self, at: int) -> bool:
        """`2013-2019 © Foo`: a year right before the sign, in the same line."""
        before = self.tokens[at - 1]
        return before.kind is Kind.YEAR and before.line == self.tokens[at].line

    def _may_follow(self, draft: Draft, at: int) -> bool:
        """Whether the holder can stand before the sign: with a year or a real sign, and always in Chinese."""
        said = self.tokens[at].text
        if said.isascii() or said == "©":
            return bool(draft.years or draft.signs)
        return said.endswith(("所有", "权", "權", "权利", "權利")) or said.startswith(_HAVING)

    def named_holder(self, at: int) -> tuple[CopyrightStatement | None, int]:
        """`the holder is Jane Doe`, in a text that speaks of a copyright before."""
        said = [token.low for token in self.tokens[at : at + 2]]
        draft = Draft(at, at)
        if said[1:] not in (["is"], ["are"]) or at + 2 >= len(self.tokens):
            return None, at + 1
        first = self.tokens[at + 2]
        if first.kind is not Kind.NAME or first.line != self.tokens[at].line:
            return None, at + 1
        place = self._body(draft, at + 2, MOST_TOKENS)
        draft.words = draft.signs = 1
        return (self._finish(draft, at) if draft.names else None), max(place, at + 1)

    def names(self, at: int, most: int) -> tuple[list[Token], int]:
        """The names from `at` on, with their addresses and without years, and where they end."""
        draft = Draft(at, at)
        place = self._body(draft, at, most)
        return [token for token in draft.names if token.kind is not Kind.YEAR], place

    def _head(self, draft: Draft, at: int) -> int:
        """Signs, words such as `by`, and what stands between them and the first year or name."""
        first = self.tokens[at].line
        while at < len(self.tokens) and self.tokens[at].line - first <= 1:
            token = self.tokens[at]
            if token.kind is Kind.SIGN:
                draft.signs += 1
            elif token.kind is Kind.COPY:
                if draft.words and token.line != self.tokens[at - 1].line:
                    break
                draft.words += 1
            elif not self._may_stand_in_head(at):
                behind = self._behind_aside(at)
                if behind == at:
                    break
                at = behind
                continue
            if token.kind in (Kind.SIGN, Kind.COPY):
                draft.end = at + 1
            at += 1
        return at

    def _behind_aside(self, at: int) -> int:
        """The place behind the translation of a Chinese label, `著作权人(Copyright holder):`; `at` where there is
        none."""
        before = self.tokens[at - 1]
        if self.tokens[at].text != "(" or before.kind is not Kind.COPY or before.text.isascii():
            return at
        for end in range(at + 2, min(at + 7, len(self.tokens) - 1)):
            if self.tokens[end].text == ")":
                return end + 1 if self.tokens[end + 1].text == ":" else at
        return at

    def _may_stand_in_head(self, at: int) -> bool:
        """`by`, a colon, a dash; of other characters one right before a year (a sign in a lost encoding)."""
        token = self.tokens[at]
        if token.text in _HEAD or (token.kind in (Kind.PUNCT, Kind.COMMA) and token.text in _HEAD_PUNCT):
            return True
        if token.text in ("C", "c") and self.tokens[at - 1].kind is Kind.COPY:
            return at + 1 < len(self.tokens) and self.tokens[at + 1].kind is Kind.YEAR
        return token.kind is Kind.PUNCT and at + 1 < len(self.tokens) and self.tokens[at + 1].kind is Kind.YEAR

    def _body(self, draft: Draft, at: int, most: int) -> int:
        """Years and names, as far as they go; the place of what ends them."""
        flow = Flow(self.tokens, draft.names)
        limit = min(len(self.tokens), at + most)
        while at < limit:
            step = flow.step(at)
            if not step:
                break
            for token in self.tokens[at : at + step]:
                blank = token.kind is Kind.BLANK or (not draft.names and token.low in words("year_blank"))
                draft.blanks += blank
                if not blank:
                    flow.take(token)
            if self.tokens[at + step - 1].kind is not Kind.COMMA:
                draft.end = at + step
            at += step
        if at < limit and self.tokens[at].text in _OWNED and draft.end == at:
            at += 1
            draft.end = at
            if not draft.years:
                at = self._years_behind(draft, at)
        return at

    def _years_behind(self, draft: Draft, at: int) -> int:
        """Years behind `归…所有`, bare or in brackets."""
        said = [token for token in self.tokens[at : at + 3] if token.line == self.tokens[at - 1].line]
        year = next((token for token in said[:2] if token.kind is Kind.YEAR), None)
        if year is None or (year is not said[0] and said[0].text != "("):
            return at
        draft.names.append(year)
        draft.end = at + len(said) if said[-1].text == ")" else at + said.index(year) + 1
        return draft.end

    def _look_back(self, draft: Draft, floor: int) -> None:
        """A holder that stands before the sign: `Ingo Molnar, Copyright (C) 2001`."""
        at = draft.start
        line = self.tokens[at].line
        if at > floor and self.tokens[at - 1].text == ")" and self.tokens[at].text.startswith(_HAVING):
            at = self._before_bracket(at, floor)
        while at > floor and self.tokens[at - 1].line == line:
            if self.tokens[at - 1].kind not in (Kind.NAME, Kind.EMAIL, Kind.COMMA, Kind.LINK, Kind.URL, Kind.YEAR):
                break
            at -= 1
        while at < draft.start and self.tokens[at].kind in (Kind.COMMA, Kind.LINK):
            at += 1
        names = list(self.tokens[at : draft.start])
        if any(token.low in VERSION or token.text[0].isdigit() for token in names if token.kind is not Kind.YEAR):
            return
        if names and holder_of(self.lines, names):
            draft.names = [*names, *(token for token in draft.names if token.kind is Kind.YEAR)]
            draft.start = at

    def _before_bracket(self, at: int, floor: int) -> int:
        """The place of the bracket that ends before `at`: an aside between a holder and `享有著作权`."""
        for start in range(at - 2, max(floor, at - 12), -1):
            if self.tokens[start].line != self.tokens[at].line:
                break
            if self.tokens[start].text == "(":
                return start
        return at

    def _finish(self, draft: Draft, sign: int) -> CopyrightStatement | None:
        """The statement, None where what was read is prose, code or the head of a list."""
        tokens = self.tokens[draft.start : draft.end]
        holder = holder_of(self.lines, draft.names)
        if not tokens or not self._is_statement(draft, sign, holder):
            return None
        template = is_template_name(holder) or (draft.blanks > 0 and not holder)
        return CopyrightStatement(
            statement=joined(self.lines, tokens),
            holder="" if template else holder,
            years=", ".join(draft.years),
            start_line=self.lines[tokens[0].line].number,
            end_line=self.lines[tokens[-1].line].number,
            template=template,
        )

    def _is_statement(self, draft: Draft, at: int, holder: str) -> bool:
        """A sign or the word with a year, or either with a name right behind it."""
        sign = self.tokens[at]
        if draft.blanks:
            return True
        if self._is_quoted(at):
            return False
        if not draft.words and self.lines[sign.line].noisy and not (draft.years and holder):
            return False
        if draft.years:
            if draft.words and not draft.signs and self._is_prose(at) and self.tokens[at + 1].low != "notice":
                return False
            return bool(holder) or not (sign.kind is Kind.SIGN and self._glued(at))
        first = next((token for token in draft.names if token.low not in ("the", "by")), None)
        if not holder or first is None:
            return False
        if draft.words and draft.signs:
            return True
        if draft.words:
            return self._names_behind_word(draft, at, first)
        if sign.text != "©" and (self._glued(at) or not self._standing_alone(draft, at)):
            return False
        return first.kind is Kind.NAME

    def _names_behind_word(self, draft: Draft, at: int, first: Token) -> bool:
        """Whether a holder follows the mere word, without sign or year."""
        if first.kind is Kind.STOP:
            return first.low in words("surname") and self._is_first_name(at, first)
        if self._is_prose(at) or (self.tokens[at].low in ("copyrighted", "copyrights") and not self._says_by(at)):
            return False
        if first.kind is Kind.WORD:
            return self._is_body_in_lower_case(draft, at)
        return first.kind in (Kind.NAME, Kind.SOFT) and self._says_who(at, first)

    def _is_first_name(self, at: int, first: Token) -> bool:
        """`Copyright Will Smith`, which is all of its line: not `Copyright May Be Claimed`."""
        line = [token for token in self.tokens[at + 1 : at + 8] if token.line == self.tokens[at].line]
        names = [token for token in line[1:] if token.kind is not Kind.DOT]
        stops = words("stop_lower") | words("stop")
        return (
            line[:1] == [first]
            and 0 < len(names) < 5
            and names[0].kind is Kind.NAME
            and not any(token.low in stops for token in names)
        )

    def _is_body_in_lower_case(self, draft: Draft, at: int) -> bool:
        """`Copyright npm, Inc.`, `Copyright example-lib authors`: a line of its own whose last word tells who is
        named."""
        sign, names = self.tokens[at], [token for token in draft.names if token.kind is not Kind.COMMA]
        follows = self.tokens[draft.end] if draft.end < len(self.tokens) else None
        begins = at == 0 or self.tokens[at - 1].line != sign.line
        ends = follows is None or follows.line != sign.line or follows.kind is Kind.DOT
        bodies = words("company") | words("party")
        named = len(names) > 1 and any(token.low in bodies for token in names[1:]) and names[0].low not in bodies
        return begins and ends and named and sign.text[0].isupper() and names[0].line == sign.line

    def _is_quoted(self, at: int) -> bool:
        """Whether a Chinese mark stands in quotes and is spoken of (not in `"版权所有": "张三"`)."""
        said = self.tokens[at : at + 3]
        if not at or len(said) < 3 or said[0].text.isascii() or said[0].kind is not Kind.COPY:
            return False
        quotes = self.tokens[at - 1].text + said[1].text
        near = self.tokens[at - 1].end == said[0].start and said[0].end == said[1].start
        return near and quotes in _QUOTES and said[2].text not in (":", "=", "+", ",", ".")

    def _glued(self, at: int) -> bool:
        """Whether a sign hangs on the word before it, as the argument of a function does."""
        before, token = self.tokens[at - 1], self.tokens[at]
        return at > 0 and before.line == token.line and before.end == token.start

    def _is_prose(self, at: int) -> bool:
        """`copyright notice`, `Copyright and Related Rights`: the word as a word."""
        return at + 1 < len(self.tokens) and self.tokens[at + 1].low in words("not_after_copyright")

    def _says_who(self, at: int, first: Token) -> bool:
        """Whether a name follows the word at once, in its line: no comma (a list of words), no quote (code)."""
        if not self.tokens[at].text.isascii():
            return True
        follows = self.tokens[min(at + 1, len(self.tokens) - 1)]
        said = follows.kind in (Kind.NAME, Kind.SOFT, Kind.LINK, Kind.STOP) or follows.text in (
            ":",
            "-",
            "by",
            "(",
            "【",
        )
        return said and (first.line == self.tokens[at].line or follows.text in (":", "by"))

    def _says_by(self, at: int) -> bool:
        return any(token.low == "by" for token in self.tokens[at + 1 : at + 3])

    def _standing_alone(self, draft: Draft, at: int) -> bool:
        """`(c)` without a year: two names or more up to the end of the line, and no head of a list."""
        last = self.tokens[draft.end - 1]
        follows = self.tokens[draft.end] if draft.end < len(self.tokens) else None
        ends = follows is None or follows.line != last.line
        if self._says_by(at):
            return True
        begins = at == 0 or self.tokens[at - 1].line != self.tokens[at].line
        if not ends and (begins or (follows is not None and follows.kind is not Kind.DOT)):
            return False
        names = [token for token in draft.names if token.kind in (Kind.NAME, Kind.SOFT)]
        return len(names) > 1 and all(len(name.text) > 1 and name.text[0].isupper() for name in names)
