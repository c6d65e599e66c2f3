"""The charset of tags that claim Latin-1, or claim nothing: stock sound sites write theirs in GBK.

A text is only taken for Chinese on evidence: its bytes are valid in the charset, nearly all of its characters are among
the common ones (first level of GB 2312-80: rows 16 to 55; of Big5: 0xA440 to 0xC67E), and it is not what Latin-1 text
looks like, where an accented letter stands alone between unaccented ones.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

_HIGH = re.compile(rb"[\x80-\xff]+")
_PAIRS = re.compile(rb"(?:[\x00-\x7f]|[\xa1-\xf7][\xa1-\xfe])*")
_GB_COMMON = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]")
_GBK = re.compile(rb"[\x00-\x7f]|[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_BIG5 = re.compile(rb"[\x00-\x7f]|[\xa1-\xf9][\x40-\x7e\xa1-\xfe]")
_CHAIN = re.compile(rb"(?:[\xa4-\xc6][\x40-\x7e\xa1-\xfe]){3}")
_LETTERS = re.compile(rb"[\xc0-\xd6\xd8-\xf6\xf8-\xff]+")
_CAPITALS = re.compile(rb"[\xc0-\xdf]{6,}")
_BLOCKS = (
    ("\u0250", "Latin"), ("\u0370", "rare"), ("\u0400", "Greek"), ("\u0530", "Cyrillic"), ("\u0590", "rare"),
    ("\u0600", "Hebrew"), ("\u0700", "Arabic"), ("\u0800", "rare"),
)  # fmt: skip
"""Blocks of letters of two bytes in UTF-8, each by its end; modifiers, combining marks and small scripts are rare."""
_CONTROL = re.compile(rb"[\x80-\x9f]")
_LONGEST = 4_096
"""So many bytes are evidence enough."""
_MOST = 64_000
"""So many are decoded: all the characters that are kept of a field stand in them."""

_COMMON = 0.8
_COMMON_BIG5 = 0.9


def decoded(raw: bytes, hint: str = "") -> str:
    """Text of bytes without a charset that can be trusted, of at most 64,000 of them.

    `hint` is what the other fields of the same tag are in. What no charset has becomes U+FFFD.
    """
    decoder = codecs.getincrementaldecoder(codec_of(raw, hint))("replace")
    # the last character of what is cut may be cut in two, and is left
    return decoder.decode(raw[:_MOST], final=len(raw) <= _MOST)


def codec_of(raw: bytes, hint: str = "") -> str:
    """The codec of such bytes: UTF-8, else GBK or Big5 by evidence, else Windows-1252 or Latin-1."""
    told = charset_of(raw) or (hint if hint and _is_valid(raw, hint) else "")
    if told:
        return told
    if raw.isascii():
        return "utf-8"
    # Windows programs write their quotation marks where Latin-1 has control characters; five places have no character.
    return "cp1252" if _CONTROL.search(raw) else "latin-1"


def mended(text: str) -> str:
    """A text whose bytes were once read in the wrong charset (`Ã©`, `ÌáÊ¾Òô`), read in the right one.

    Programs that copy tags take GBK, or UTF-8, for Latin-1 and write what they see in UTF-8 or UTF-16.
    """
    if text.isascii():
        return text
    for guessed in ("latin-1", "cp1252"):
        try:
            raw = text.encode(guessed)
        except UnicodeEncodeError:
            continue
        told = charset_of(raw)
        if told in ("utf-8", "gbk"):
            return raw.decode(told, "replace")
    return text


def hint_of(raws: Sequence[bytes]) -> str:
    """The charset that one field of a tag has for certain: one program wrote them all. Empty: none tells."""
    return next((told for told in map(charset_of, raws) if told in ("gbk", "big5")), "")


def charset_of(raw: bytes) -> str:
    """`utf-8`, `gbk` or `big5` where the bytes are evidence of it; empty for ASCII and what may be Latin-1."""
    if raw.isascii():
        return ""
    start = raw[:_LONGEST]
    if _is_valid(raw, "utf-8"):
        return "gbk" if _is_odd(start.decode("utf-8", "ignore")) and _is_gbk(start) else "utf-8"
    if start is not raw:
        start = start.rpartition(b" ")[0] or start
    if _is_gbk(start):
        return "gbk"
    return "big5" if _is_big5(start) else ""


def _is_valid(raw: bytes, charset: str) -> bool:
    try:
        raw.decode(charset)
    except UnicodeDecodeError:
        return False
    return True


def _is_odd(text: str) -> bool:
    """Whether UTF-8 gives letters that stand together in no language, as it does of some hanzi in GBK (`联通`)."""
    for run in re.findall("[\x80-\uffff]+", text):
        blocks = {next((name for end, name in _BLOCKS if letter < end), "") for letter in run}
        if "" not in blocks and ("rare" in blocks or len(blocks) > 1):
            return True
    return False


def _is_gbk(raw: bytes) -> bool:
    if not _is_valid(raw, "gbk"):
        return False
    pairs = [pair for pair in _GBK.findall(raw) if len(pair) == 2]
    hanzi = [pair for pair in pairs if pair[0] >= 0xB0 or pair[0] < 0xA1 or pair[1] < 0xA1]
    common = sum(1 for pair in hanzi if _GB_COMMON.fullmatch(pair))
    if not hanzi or common < _COMMON * len(hanzi):
        return False
    if not _PAIRS.fullmatch(raw) and (len(hanzi) < 4 or _may_be_latin(raw)):
        return False
    return _is_word(raw, hanzi[0]) if len(pairs) == 1 else not _may_be_latin(raw)


def _is_word(raw: bytes, pair: bytes) -> bool:
    """Whether the only character beyond ASCII stands by itself, and is no letter in both its cases (`Öö`)."""
    place = raw.index(pair)
    around = raw[max(0, place - 1) : place] + raw[place + 2 : place + 3]
    return not around.isalpha() and pair[0] != pair[1] and pair[0] ^ pair[1] != 0x20


def _may_be_latin(raw: bytes) -> bool:
    """Whether the bytes may be Latin-1, or capitals of another alphabet of one byte a letter.

    In Latin-1 no three accented letters follow each other, and two only within a word or as both cases of one (`Ää`).
    """
    runs = list(_HIGH.finditer(raw))
    if any(_CAPITALS.fullmatch(run[0]) for run in runs):
        return True
    return all(
        len(run[0]) <= 2
        and _LETTERS.fullmatch(run[0]) is not None
        and (
            (raw[max(0, run.start() - 1) : run.start()] + raw[run.end() : run.end() + 1]).isalpha()
            or (run[0][0] ^ run[0][-1] == 0x20)
        )
        for run in runs
    )


def _is_big5(raw: bytes) -> bool:
    if not _is_valid(raw, "big5"):
        return False
    hanzi = [pair for pair in _BIG5.findall(raw) if len(pair) == 2 and pair[0] >= 0xA4]
    common = sum(1 for pair in hanzi if pair[0] <= 0xC6)
    signs = sum(1 for pair in hanzi if pair[0] < 0xC0)
    return (
        len(hanzi) >= 2
        and common >= _COMMON_BIG5 * len(hanzi)
        # Latin letters start at 0xC0; below it are signs, which are rare in Latin-1 and two thirds of Big5.
        and 2 * signs > len(hanzi)
        and (_CHAIN.search(raw) is not None or any(len(run) >= 3 for run in _HIGH.findall(raw)))
    )
