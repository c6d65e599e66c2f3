"""The grammar of statements: from a sign on, through years and names, to where they end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from licscan.detect.copyrights.holders import holder_of, joined
from licscan.detect.copyrights.lexer import Kind, Token
from licscan.detect.copyrights.lines import Line
from licscan.detect.copyrights.words import words
from licscan.detect.types import CopyrightStatement

_HEAD = frozenset({"by", "is", "held", "owned", "the", "are", "to", "belongs", "in", "from"})
_HEAD_PUNCT = frozenset(":-–—,=|>*\"'/")
MOST_TOKENS = 300
"""A statement is not longer."""


@dataclass(slots=True)
class Draft:
    """A statement while it is read."""

    start: int
    years: list[str] = field(default_factory=list)
    names: list[Token] = field(default_factory=list)
    signs: int = 0
    words: int = 0
    blanks: int = 0
    end: int = 0


class Reader:
    """Reads the statements of one window; `at` moves forward only, so that all of it takes linear time."""

    def __init__(self, lines: Sequence[Line], tokens: Sequence[Token]):
        self.lines = lines
        self.tokens = tokens

    def read(self, at: int, floor: int) -> tuple[CopyrightStatement | None, int]:
        """The statement whose sign is at `at`, and where to go on; `floor` is where the one before ended."""
        draft = Draft(at)
        place = self._head(draft, at)
        place = self._body(draft, place)
        if not self._names_somebody(draft):
            draft.names = []
            self._look_back(draft, floor)
        self._look_before(draft, floor)
        return self._finish(draft), max(place, at + 1)

    def _head(self, draft: Draft, at: int) -> int:
        """Signs, words such as `by`, and what stands between them and the first year or name."""
        while at < len(self.tokens):
            token = self.tokens[at]
            if token.kind is Kind.SIGN:
                draft.signs += 1
            elif token.kind is Kind.COPY:
                if draft.words and token.line != self.tokens[at - 1].line:
                    break
                draft.words += 1
            elif not (token.kind in (Kind.PUNCT, Kind.COMMA) and token.text in _HEAD_PUNCT) and token.text not in _HEAD:
                break
            if token.line - self.tokens[draft.start].line > 1:
                break
            if token.kind in (Kind.SIGN, Kind.COPY):
                draft.end = at + 1
            at += 1
        return at

    def _body(self, draft: Draft, at: int) -> int:
        """Years and names, as far as they go; the place of what ends them."""
        limit = min(len(self.tokens), at + MOST_TOKENS)
        while at < limit:
            step = self._step(draft, at)
            if not step:
                break
            for token in self.tokens[at : at + step]:
                if token.kind is Kind.YEAR:
                    draft.years.append(token.text)
                draft.blanks += token.kind is Kind.BLANK
                draft.names.append(token)
            if self.tokens[at + step - 1].kind is not Kind.COMMA:
                draft.end = at + step
            at += step
        return at

    def _step(self, draft: Draft, at: int) -> int:
        """How many tokens from `at` belong to the statement; 0 where it ends."""
        token = self.tokens[at]
        if at and token.line != self.tokens[at - 1].line and not self._goes_on(draft, at):
            return 0
        if token.low == "by" and not self._named(draft):
            return 1
        if token.kind in (Kind.STOP, Kind.COPY, Kind.SIGN):
            return 0
        if token.kind in (Kind.NAME, Kind.SOFT, Kind.YEAR, Kind.EMAIL, Kind.URL, Kind.BLANK):
            return 0 if self._all_rights(at) else 1
        if token.kind is Kind.COMMA:
            return self._after_comma(draft, at)
        if token.kind is Kind.LINK:
            return self._after_link(draft, at)
        if token.kind is Kind.WORD:
            return self._run_of_words(draft, at)
        if token.kind is Kind.DOT:
            return self._after_dot(draft, at)
        return self._punct(draft, at)

    def _all_rights(self, at: int) -> bool:
        said = [token.low for token in self.tokens[at : at + 3]]
        return said[:2] in (["all", "rights"], ["some", "rights"], ["no", "rights"]) or said[:2] == [
            "rights",
            "reserved",
        ]

    def _after_dot(self, draft: Draft, at: int) -> int:
        """A dot ends the statement, but for one behind its years and before its name."""
        named = any(token.kind in (Kind.NAME, Kind.SOFT, Kind.WORD) for token in draft.names)
        follows = self._peek(at + 1)
        return 1 if not named and follows and follows.kind in (Kind.NAME, Kind.SOFT, Kind.YEAR) else 0

    def _after_comma(self, draft: Draft, at: int) -> int:
        follows = self._peek(at + 1)
        if follows is None or follows.kind in (Kind.STOP, Kind.COPY, Kind.SIGN, Kind.DOT) or self._all_rights(at + 1):
            return 0
        if follows.line != self.tokens[at].line:
            return 1 if self._goes_on(draft, at + 1) else 0
        if follows.kind in (Kind.NAME, Kind.SOFT, Kind.YEAR, Kind.EMAIL, Kind.URL, Kind.BLANK):
            return 1
        if follows.kind is Kind.LINK:
            return 1 if self._after_link(draft, at + 1) else 0
        if follows.kind is Kind.WORD:
            return 1 if self._run_of_words(draft, at + 1) else 0
        return 1 if follows.text in "(-" or follows.kind is Kind.COMMA else 0

    def _after_link(self, draft: Draft, at: int) -> int:
        """`and`, `of the`, `van der`: they stay where a name follows them."""
        end = at
        while end < len(self.tokens) and self.tokens[end].kind is Kind.LINK and end - at < 4:
            end += 1
        follows = self._peek(end)
        if follows is None or (follows.line != self.tokens[end - 1].line and not self._goes_on(draft, end)):
            return 0
        if follows.kind in (Kind.NAME, Kind.SOFT, Kind.EMAIL, Kind.YEAR, Kind.URL, Kind.BLANK) and not self._all_rights(
            end
        ):
            return end - at
        if follows.low in words("party") or (follows.kind is Kind.WORD and not self._named(draft)):
            return end - at
        return 0

    def _run_of_words(self, draft: Draft, at: int) -> int:
        """Lower-case words: a party (`contributors`), a lower-case holder, or words inside a name."""
        end = at
        while end < len(self.tokens) and end - at < 5:
            token = self.tokens[end]
            if token.line != self.tokens[at].line or token.kind not in (Kind.WORD, Kind.LINK):
                break
            end += 1
        if end > at and self.tokens[end - 1].kind is Kind.LINK and end - at > 1:
            end -= 1
        follows = self._peek(end)
        ends = follows is None or follows.line != self.tokens[at].line
        if ends or follows is None:
            return end - at if end - at <= 3 else 0
        if (
            follows.kind in (Kind.COMMA, Kind.DOT, Kind.EMAIL, Kind.YEAR, Kind.URL, Kind.NAME, Kind.LINK, Kind.BLANK)
            or follows.text in "(<)-|/*"
        ):
            return end - at if end - at <= 3 else 0
        if all(token.low in words("party") for token in self.tokens[at:end]):
            return end - at
        return 1 if not self._named(draft) and end == at + 1 and follows.kind is Kind.STOP else 0

    def _punct(self, draft: Draft, at: int) -> int:
        """Brackets around something, dashes and slashes between names, colons and quotes at the beginning."""
        token = self.tokens[at]
        if token.text == "(":
            return self._bracket(at)
        follows = self._peek(at + 1)
        if follows is None or follows.line != token.line:
            return 0
        if not draft.names and token.text in "\"'<>[]*-:=@.!|":
            return 1
        if token.text in "-–—/&|*@" and follows.kind in (Kind.NAME, Kind.YEAR, Kind.EMAIL, Kind.URL):
            return 1 if token.text != "|" else 0
        if token.text in "<>[]'\"`" and follows.kind in (Kind.NAME, Kind.EMAIL, Kind.COMMA, Kind.URL, Kind.LINK):
            return 1
        if token.text == ":" and not self._named(draft) and draft.years:
            return 1
        return 0

    def _bracket(self, at: int) -> int:
        """A bracket on this line with its content, if it is short and no sentence."""
        end = at + 1
        depth = 1
        while end < len(self.tokens) and end - at < 25 and self.tokens[end].line - self.tokens[at].line <= 1:
            token = self.tokens[end]
            depth += (token.text == "(") - (token.text == ")")
            if token.kind in (Kind.COPY, Kind.SIGN):
                return 0
            if depth == 0:
                return end + 1 - at
            end += 1
        return 0

    def _goes_on(self, draft: Draft, at: int) -> bool:
        """Whether the statement goes on in the line that begins at `at`."""
        token, before = self.tokens[at], self.tokens[at - 1]
        if (
            token.kind in (Kind.STOP, Kind.SOFT, Kind.COPY, Kind.SIGN, Kind.DOT)
            or self._all_rights(at)
            or before.kind is Kind.DOT
        ):
            return False
        if token.line - before.line > 1:
            return False
        if not self._named(draft):
            return token.kind is not Kind.PUNCT or token.text in "(<"
        rest = self._line_from(at)
        if before.kind in (Kind.COMMA, Kind.LINK) or before.text in ("-", "/", "&", "by"):
            return token.kind in (
                Kind.NAME,
                Kind.EMAIL,
                Kind.URL,
                Kind.YEAR,
                Kind.LINK,
                Kind.BLANK,
            ) or token.low in words("party")
        if token.kind is Kind.COMMA or token.low in ("and", "&"):
            return True
        if token.kind in (Kind.EMAIL, Kind.URL):
            return True
        return token.kind is Kind.NAME and self._all_names(rest)

    def _line_from(self, at: int) -> list[Token]:
        line = self.tokens[at].line
        end = at
        while end < len(self.tokens) and self.tokens[end].line == line and end - at < 40:
            end += 1
        return list(self.tokens[at:end])

    def _all_names(self, rest: Sequence[Token]) -> bool:
        """Whether a line holds nothing but names, what joins them, and addresses."""
        for place, token in enumerate(rest):
            if token.kind is Kind.DOT or (token.kind is Kind.STOP and place and rest[place - 1].kind is Kind.COMMA):
                return True
            if self._all_rights_in(rest[place : place + 2]):
                return True
            if token.kind in (Kind.WORD, Kind.STOP) or token.text == ":":
                return token.low in words("party") and place > 0
        return True

    @staticmethod
    def _all_rights_in(pair: Sequence[Token]) -> bool:
        return [token.low for token in pair] == ["all", "rights"]

    def _peek(self, at: int) -> Token | None:
        return self.tokens[at] if at < len(self.tokens) else None

    @staticmethod
    def _named(draft: Draft) -> bool:
        return any(token.kind in (Kind.NAME, Kind.SOFT, Kind.WORD, Kind.EMAIL) for token in draft.names)

    def _names_somebody(self, draft: Draft) -> bool:
        return bool(holder_of(self.lines, draft.names)) or draft.blanks > 0

    def _look_back(self, draft: Draft, floor: int) -> None:
        """A holder that stands before the sign: `Ingo Molnar, Copyright (C) 2001`."""
        at = draft.start
        line = self.tokens[at].line
        while at > floor and self.tokens[at - 1].line == line:
            token = self.tokens[at - 1]
            if token.kind not in (Kind.NAME, Kind.EMAIL, Kind.COMMA, Kind.LINK, Kind.URL, Kind.YEAR):
                break
            at -= 1
        while at < draft.start and self.tokens[at].kind in (Kind.COMMA, Kind.LINK):
            at += 1
        names = list(self.tokens[at : draft.start])
        if names and holder_of(self.lines, names):
            draft.names = names
            draft.years = draft.years or [token.text for token in names if token.kind is Kind.YEAR]
            draft.start = at

    def _look_before(self, draft: Draft, floor: int) -> None:
        """`Portions`, `Parts` and the like before the sign belong to the statement."""
        at = draft.start
        if at > floor and self.tokens[at - 1].low in ("portions", "parts", "portion", "part"):
            draft.start = at - 1

    def _finish(self, draft: Draft) -> CopyrightStatement | None:
        """The statement, None where what was read is prose, code or the head of a list."""
        if draft.end <= draft.start:
            return None
        tokens = self.tokens[draft.start : draft.end]
        holder = holder_of(self.lines, draft.names)
        if not self._is_statement(draft, holder):
            return None
        return CopyrightStatement(
            statement=joined(self.lines, tokens),
            holder=holder,
            years=", ".join(year.lstrip("'") for year in draft.years),
            start_line=self.lines[tokens[0].line].number,
            end_line=self.lines[tokens[-1].line].number,
            template=draft.blanks > 0,
        )

    def _is_statement(self, draft: Draft, holder: str) -> bool:
        """A sign with a year, a word with a year, or either with a name right behind it."""
        if draft.blanks:
            return bool(draft.words or draft.signs)
        if draft.years:
            return True
        first = draft.names[0] if draft.names else None
        if not holder or first is None:
            return False
        sign = self.tokens[draft.start]
        if draft.words and draft.signs:
            return True
        if draft.words:
            lower = first.kind is not Kind.NAME and first.low not in ("the", "its")
            return first.low not in words("not_after_copyright") and not lower
        return first.kind is Kind.NAME and (sign.text == "©" or self._standing_alone(draft))

    def _standing_alone(self, draft: Draft) -> bool:
        """`(c)` without a year: only names up to the end of the line, and no list before it."""
        follows = self._peek(draft.end)
        return follows is None or follows.line != self.tokens[draft.end - 1].line
