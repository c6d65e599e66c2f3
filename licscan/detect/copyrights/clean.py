"""One line of a file as its author meant it: without comment markers, markup, entities and escapes."""

from __future__ import annotations

import re

from licscan.detect.copyrights.words import words

# The sign, as escapes of C, JSON, troff, TeX, Texinfo and HTML write it.
_SIGN = re.compile(
    r"\\\(co|\\\[co\]|\{?\\copyright\b(?:\{\})?\}?|@copyright\{\}|\\u00a9|\\x?a9|\\251|&copy;?|&#0*169;?|&#xa9;?|[ⓒⒸ]",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"<(?!https?:|ftp:|www\.|mailto:)[/!?]?[A-Za-z][A-Za-z0-9:_-]*(?:\s[^<>]{0,400})?\s*/?>|<!--|-->|<!\[CDATA\[|\]\]>"
)
# An attribute that holds a statement, such as the content of <meta name="copyright">.
_STATED = re.compile(r"(?:copyright|©|\(c\))[\s:]{0,3}(?:©|\(c\)|\d{4})", re.IGNORECASE)
_META = re.compile(r"<meta\s+name=[\"']?(author|copyright)[\"']?\s+content=[\"']([^\"'<>]{1,200})[\"']", re.IGNORECASE)
# The present year as pages compute it.
_NOW = re.compile(
    r"<script[^<>]{0,80}>\s*document\.write\(\s*new Date\(\)\.getFullYear\(\)\s*\);?\s*</script>"
    r"|[\"'`]?\s*\+?\s*\(?new Date\(\)\.getFullYear\(\)\)?\s*\+?\s*[\"'`]?"
    r"|<\?(?:php|=)\s*(?:echo)?\s*date\(\s*[\"']Y[\"']\s*\);?\s*\?>|\{\{\s*date\(\s*[\"']Y[\"']\s*\)\s*\}\}"
)
_HREF = re.compile(r"<a\s[^<>]{0,200}?href\s*=\s*[\"']?mailto:([^\"'<>\s]{1,100})[^<>]{0,200}>", re.IGNORECASE)
_LINK = re.compile(r"\[([^\[\]]{1,200})\]\(((?:https?|mailto)[^()\s]{0,300}(?:\([^()\s]{0,100}\))?)\)")
_RELATIVE = re.compile(r"\[([A-Za-z@][^\[\]]{0,200})\]\((?:[./#]|[\w-]{1,100}[./])[^()\s]{0,300}\)")
_REFERENCE = re.compile(r"\[([^\[\]]{1,200})\]\[[^\[\]]{0,100}\]")
_QUOTED = re.compile(r"`([^`]{1,200})`")
"""What Markdown sets as code: a year, a name."""
_ESCAPE = re.compile(r"\\[ntr](?![a-z]{3})|\\(?=[\"'])|\\f[BIRP]|\\-")
_LEAD = re.compile(
    r"(?:%{1,2}Copyright:|[\s*/#;!%|\"'`=>+~:\\_^\u2022\u25cf-]+|\.(?=[\s\"\\])|(?:REM|rem|Rem|dnl|@c|@comment|@remark|\.B|\.I|\.PP|\.TH|\.SH|\.br)\s+)*"
)
_TRAIL = " \t\r\n\f\v*/#|;\\\"'`=+~^"
_SPACE = re.compile(r"\s+")
_BRACKETED = re.compile(r"[a-z0-9']+")
_UNSEEN = str.maketrans(dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\x00\x07\x08\xad"))


def clean(raw: str) -> str:
    """The line's words with white space folded; empty where there is none."""
    text = _SIGN.sub("©", raw.translate(_UNSEEN))
    if "getFullYear" in text or "date(" in text:
        text = _NOW.sub(" ", text)
    if "<" in text or ">" in text:
        text = _TAG.sub(_without_tag, _HREF.sub(r"\1 ", text))
    if "&" in text:
        text = _entities(text)
    if "][" in text:
        text = _REFERENCE.sub(r"\1", text)
    if "](" in text:
        text = _RELATIVE.sub(r"\1", _LINK.sub(r"\1 (\2)", text))
    if "`" in text:
        text = _QUOTED.sub(r"\1", text)
    if "\\" in text:
        text = _ESCAPE.sub(" ", text)
    lead = _LEAD.match(text)
    text = text[lead.end() if lead else 0 :].rstrip(_TRAIL)
    return _SPACE.sub(" ", text)


def _without_tag(match: re.Match[str]) -> str:
    """A space for markup; a blank to fill in, such as `<name of author>`, stays."""
    tag = match.group()
    if tag.lower() == "<copyright>":
        return "copyright "
    if is_blank(tag):
        return tag
    told = _META.match(tag)
    if told:
        return f" {told[1]}: {told[2]} "
    if _STATED.search(tag):
        return f" {tag[1:-1]} "
    return "" if match.string[match.end() : match.end() + 1] in (",", ".", ";", ":", ")") else " "


def is_blank(bracketed: str) -> bool:
    """Whether brackets ask to be filled in: `<year>`, `[name of copyright owner]`, `{{ author }}`."""
    if any(letter in bracketed for letter in '="©@/()'):
        return False
    if (
        not bracketed.isascii()
        and len(bracketed) <= 24
        and any(word in bracketed for word in words("placeholder_chinese"))
    ):
        return True
    said = _BRACKETED.findall(bracketed.lower())
    asked = sum(word in words("placeholder") for word in said)
    return asked > 0 and 2 * asked >= sum(word not in ("of", "the", "and", "or", "s", "e", "g") for word in said)


def _entities(text: str) -> str:
    from html import unescape

    return unescape(text).replace("\xa0", " ")
