"""How far years and names go on: token by token, over commas, joining words, brackets and the ends of lines."""

from __future__ import annotations

from collections.abc import Sequence

from licscan.detect.copyrights.lexer import Kind, Token
from licscan.detect.copyrights.words import words

NAMING = frozenset({Kind.NAME, Kind.SOFT, Kind.YEAR, Kind.EMAIL, Kind.URL, Kind.BLANK})
WORDY = frozenset({Kind.NAME, Kind.SOFT, Kind.WORD, Kind.EMAIL})
VERSION = frozenset({"v", "version", "release", "rev", "revision"})
_ENDING = frozenset({Kind.STOP, Kind.COPY, Kind.SIGN})
_BULLETS = frozenset("*-•·+")
_LONGEST_BRACKET = 25


class Flow:
    """Walks over the tokens of one window. `names` is what was taken so far."""

    __slots__ = ("_named", "names", "tokens")

    def __init__(self, tokens: Sequence[Token], names: list[Token]):
        self.tokens = tokens
        self.names = names
        self._named = False

    def take(self, token: Token) -> None:
        """Count a token among the names."""
        self.names.append(token)
        self._named = self._named or token.kind in WORDY

    def step(self, at: int) -> int:
        """How many tokens from `at` belong to what is read; 0 where it ends."""
        token = self.tokens[at]
        if at and token.line != self.tokens[at - 1].line and not self._goes_on(at):
            return 0
        if not self._named and self._opens(at):
            return 1
        if self._new_sentence(at) or self._is_version(at):
            return 0
        if token.kind in _ENDING or (self.names and self._is_label(at)) or (self._named and _is_number(token)):
            return 0
        if token.kind in NAMING:
            return 0 if self.all_rights(at) else 1
        if token.kind is Kind.COMMA:
            return self._after_comma(at)
        if token.kind is Kind.LINK:
            return self._after_link(at)
        if token.kind is Kind.WORD:
            return self._run_of_words(at)
        if token.kind is Kind.DOT:
            return self._after_dot(at)
        return self._punct(at)

    def _new_sentence(self, at: int) -> bool:
        """Whether a sentence begins behind `Inc.`, whose dot then ends the statement too."""
        token, before = self.tokens[at], self.tokens[at - 1]
        if (
            not at
            or before.kind is not Kind.NAME
            or not before.text.endswith(".")
            or before.low not in words("company")
        ):
            return False
        return token.kind is Kind.NAME and token.line == before.line and not self._all_names(at)

    def _is_version(self, at: int) -> bool:
        """`Version 2.4.3`, `Release 1`."""
        follows = self.peek(at + 1)
        return self.tokens[at].low in VERSION and follows is not None and follows.text[0].isdigit()

    def peek(self, at: int) -> Token | None:
        """The token at a place, None behind the last one."""
        return self.tokens[at] if at < len(self.tokens) else None

    def all_rights(self, at: int) -> bool:
        """Whether `all rights (reserved)` or its like stands here."""
        said = [token.low for token in self.tokens[at : at + 2]]
        return said == ["rights", "reserved"] or (
            said[1:] in (["rights"], ["right"]) and said[0] in ("all", "some", "no")
        )

    def _opens(self, at: int) -> bool:
        """What may stand before the first name: `by`, a sign behind the year, a word that ends names elsewhere."""
        token, follows = self.tokens[at], self.peek(at + 1)
        if token.low == "these" and follows is not None and follows.line == token.line:
            return follows.low in words("party")  # `these people`, who are listed behind a link
        if token.low == "by" or (
            token.kind in (Kind.SIGN, Kind.COPY)
            and (token.kind is Kind.SIGN or not token.text.isascii())
            and any(name.kind is Kind.YEAR for name in self.names)
        ):
            return True
        if token.kind is not Kind.STOP or follows is None or follows.line != token.line:
            return False
        same_line = at > 0 and self.tokens[at - 1].line == token.line
        return same_line and token.text.istitle() and follows.kind is Kind.NAME and _is_capital(follows.text)

    def _is_label(self, at: int) -> bool:
        """`Date:`, `Options =`: a word with a colon or the sign of an assignment behind it."""
        token, colon = self.tokens[at], self.peek(at + 1)
        return (
            token.kind in (Kind.NAME, Kind.SOFT)
            and token.low not in words("company")
            and colon is not None
            and colon.text in (":", "=")
            and colon.line == token.line
        )

    def _after_dot(self, at: int) -> int:
        """A dot ends what is read, but for one behind its years and before its name."""
        follows = self.peek(at + 1)
        return 1 if not self._named and follows and follows.kind in (Kind.NAME, Kind.SOFT, Kind.YEAR) else 0

    def _after_comma(self, at: int) -> int:
        follows = self.peek(at + 1)
        if follows is not None and follows.low in ("a", "an"):
            return self._kinship(at)
        if follows is None or follows.kind in _ENDING or follows.kind is Kind.DOT or self.all_rights(at + 1):
            return 0
        if follows.line != self.tokens[at].line:
            return 1 if self._goes_on(at + 1) else 0
        if follows.kind in NAMING or follows.kind is Kind.COMMA or follows.text in "(-":
            return 0 if self._is_label(at + 1) else 1
        if follows.kind is Kind.LINK:
            return 1 if self._after_link(at + 1) else 0
        return 1 if follows.kind is Kind.WORD and self._run_of_words(at + 1) else 0

    def _kinship(self, at: int) -> int:
        """`, a Foo company`: whose daughter a company is."""
        for end in range(at + 3, min(len(self.tokens), at + 7)):
            if self.tokens[end].low in (
                "company",
                "co",
                "subsidiary",
                "division",
                "corporation",
                "business",
                "affiliate",
            ):
                return end + 1 - at
            if self.tokens[end].kind not in (Kind.NAME, Kind.SOFT, Kind.LINK, Kind.WORD):
                break
        return 0

    def _after_link(self, at: int) -> int:
        """`and`, `of the`, `van der`: they stay where a name follows them."""
        end = at
        while end < len(self.tokens) and self.tokens[end].kind is Kind.LINK and end - at < 4:
            end += 1
        follows = self.peek(end)
        if follows is None or (follows.line != self.tokens[end - 1].line and not self._goes_on(end)):
            return 0
        if self.tokens[at].low == "for" and self.names and self.names[-1].kind is Kind.EMAIL:
            return 0
        if follows.kind in NAMING and not self.all_rights(end):
            return end - at
        if follows.kind is Kind.WORD and (self._is_party(end) or not self._named):
            return end - at
        return 0

    def _is_party(self, at: int) -> bool:
        """`contributors`, `its affiliates`, `other authors`."""
        follows = self.peek(at + 1)
        if self.tokens[at].low == "other":
            return follows is not None and follows.low in words("party")
        return self.tokens[at].low in words("party")

    def _run_of_words(self, at: int) -> int:
        """Lower-case words: a party (`contributors`), a lower-case holder, or words inside a name."""
        end = at
        while end < len(self.tokens) and end - at < 5:
            token = self.tokens[end]
            if token.line != self.tokens[at].line or token.kind not in (Kind.WORD, Kind.LINK):
                break
            end += 1
        if end > at + 1 and self.tokens[end - 1].kind is Kind.LINK:
            end -= 1
        follows = self.peek(end)
        if follows is None or follows.line != self.tokens[at].line or follows.kind in NAMING:
            return end - at if end - at <= 3 else 0
        if follows.kind in (Kind.COMMA, Kind.DOT, Kind.LINK) or follows.text in "(<)-|/*":
            return end - at if end - at <= 3 else 0
        if all(self._is_party(place) for place in range(at, end)):
            return end - at
        return 1 if not self._named and end == at + 1 and follows.kind is Kind.STOP else 0

    def _punct(self, at: int) -> int:
        """Brackets around something, dashes and slashes between names, colons and quotes at the beginning."""
        token, follows = self.tokens[at], self.peek(at + 1)
        if token.text == "(":
            return self._bracket(at)
        if follows is None:
            return 0
        if follows.line != token.line:
            return int(token.text == ":" and bool(self.names) and not self._named and self._goes_on(at + 1))
        if not self.names and token.text in "\"'<>[]*-:=@.!|“【《〈「":
            return 1
        if token.text in "-–—/&*@" and follows.kind in NAMING:
            return 1
        if token.text == "@" and not self._named and follows.start == token.end:
            return int(follows.kind is Kind.WORD)  # an account: `@jane`
        if token.text in "\"'" and follows.kind is Kind.COMMA and all(name.text != token.text for name in self.names):
            # the end of a text of JSON or code that began before the names
            return 0
        if token.text in "<>[]'\"`“”【】《》〈〉「」" and (
            follows.kind in NAMING or follows.kind in (Kind.COMMA, Kind.LINK) or follows.text in "`'["
        ):
            return 1
        return 1 if token.text == ":" and not self._named and self.names else 0

    def _bracket(self, at: int) -> int:
        """The length of a bracket with its content, 0 where it is long or holds a statement of its own."""
        depth = 0
        for end in range(at, min(len(self.tokens), at + _LONGEST_BRACKET)):
            token = self.tokens[end]
            if token.kind in (Kind.COPY, Kind.SIGN) or token.line - self.tokens[at].line > 1:
                return 0
            depth += (token.text == "(") - (token.text == ")")
            if depth == 0:
                return end + 1 - at
        return 0

    def _goes_on(self, at: int) -> bool:
        """Whether what is read goes on in the line that begins at `at`."""
        token, before = self.tokens[at], self.tokens[at - 1]
        if before.text == ":" and not self._named and token.line - before.line <= 2:
            return self._lists_names(at)
        if token.line - before.line > 1 or (before.kind is Kind.DOT and self._named) or self.all_rights(at):
            return False
        if not self._named:
            return self._starts_a_name(at)
        if token.kind in _ENDING or token.kind in (Kind.DOT, Kind.SOFT) or _is_number(token) or self._is_label(at):
            return False
        if token.text == "(":
            size = self._bracket(at)
            inside = self.tokens[at + 1 : at + max(size, 1) - 1]
            return size > 0 and all(t.kind in NAMING or t.kind in (Kind.LINK, Kind.COMMA) for t in inside)
        if before.kind in (Kind.COMMA, Kind.LINK) or before.text in ("-", "/", "&"):
            return token.kind in NAMING or token.kind is Kind.LINK or self._is_party(at)
        if token.kind is Kind.COMMA or token.low in ("and", "&", "of") or token.kind in (Kind.EMAIL, Kind.URL):
            return True
        if token.kind is Kind.NAME and token.low in words("body"):
            return True
        return token.kind in (Kind.NAME, Kind.YEAR) and self._all_names(at)

    def _lists_names(self, at: int) -> bool:
        """Whether the holders stand below `Copyright (c) 2011:`, bare or behind the marks of a list."""
        if self.tokens[at].text in _BULLETS:
            at += 1
        token = self.peek(at)
        return token is not None and token.kind in (Kind.NAME, Kind.SOFT) and self._all_names(at)

    def _starts_a_name(self, at: int) -> bool:
        """Whether a line can hold the name that the line before lacks."""
        token, follows = self.tokens[at], self.peek(at + 1)
        if token.kind is Kind.SOFT:
            return follows is not None and follows.kind is Kind.NAME
        if token.kind in _ENDING or token.kind is Kind.DOT or self._is_label(at):
            return token.low == "by"
        return token.kind is not Kind.PUNCT or token.text in "(<"

    def _all_names(self, at: int) -> bool:
        """Whether the line from `at` on holds nothing but names, what joins them, and addresses."""
        for place in range(at, min(len(self.tokens), at + 40)):
            token = self.tokens[place]
            if (
                token.line != self.tokens[at].line
                or token.kind is Kind.DOT
                or token.text == ";"
                or self.all_rights(place)
            ):
                return True
            if token.kind is Kind.STOP and self.tokens[place - 1].kind is Kind.COMMA and place > at:
                return True
            if token.kind in (Kind.WORD, Kind.STOP) or token.text == ":":
                return place > at and self._is_party(place)
        return True


def _is_number(token: Token) -> bool:
    """The number of a house, a postcode: what follows is an address."""
    return token.kind is Kind.NAME and len(token.text) > 1 and token.text.replace("-", "").isdigit()


def _is_capital(text: str) -> bool:
    """Whether a word is written as a name: Smith, McGugan, O'Brien, MacDonald; not a word all in capitals."""
    return text[:1].isupper() and any(letter.islower() for letter in text[1:])
