"""Formats whose marks touch words: troff, RTF, JavaScript source maps."""

from __future__ import annotations

import re
from json import JSONDecodeError, JSONDecoder

Lines = tuple[int, ...]


def troff(text: str) -> str:
    """A manual page without font escapes and macro names; the number of lines stays."""
    text = text.replace("\\(co", "(c)").replace("\\-", "-")
    return _TROFF_MARKS.sub(" ", text)


_TROFF_MARKS = re.compile(
    r"\\f(?:[A-Z0-9]|\([A-Za-z]{2}|\[[A-Za-z]{0,3}\])|\\[&|^%/,~]|\\s[-+]?\d|\\\([a-z]{2}"
    r"|^[.'][A-Za-z]{1,3}\b|^[.']\\\"",
    re.MULTILINE,
)


def rtf(text: str) -> tuple[str, Lines]:
    """The text of a Rich Text file; its paragraphs are the lines."""
    out: list[str] = []
    numbers: list[int] = []
    line, depth, hidden = 1, 0, 0
    for match in _RTF_TOKENS.finditer(text):
        sign, word = match[0], match["word"]
        if sign == "\n":
            line += 1
        elif sign == "{":
            depth += 1
        elif sign == "}":
            depth = max(depth - 1, 0)
            hidden = hidden if depth >= hidden else 0
        elif word in _RTF_HIDDEN or sign == "\\*":
            hidden = hidden or depth
        elif not hidden and (word in _RTF_PARAGRAPHS or sign == "\\\n"):
            out.append("\n")
            numbers.append(line)
        elif not hidden:
            out.append(_rtf_text(match))
        line += sign == "\\\n"
    return "".join(out), (*numbers, line)


_RTF_TOKENS = re.compile(
    r"\\'(?P<byte>[0-9a-fA-F]{2})|\\u(?P<wide>-?\d{1,6}) ?\??|\\(?P<word>[a-z]{1,32})-?\d{0,10} ?"
    r"|\\[^a-z']|[{}\n]|(?P<plain>[^\\{}\n]++)|\\"
)
_RTF_HIDDEN = {"fonttbl", "colortbl", "stylesheet", "listtable", "pict", "info", "themedata", "object"}
"""Groups that are not shown. Facts: RTF Specification 1.9.1."""
_RTF_PARAGRAPHS = {"par", "line", "sect", "page", "row"}


def _rtf_text(match: re.Match[str]) -> str:
    if match["plain"]:
        return match["plain"]
    if match["byte"]:
        return _character(ord(bytes([int(match["byte"], 16)]).decode("cp1252", "replace")))
    if match["wide"]:
        return _character(int(match["wide"]) % 65536)
    if match["word"]:
        return _RTF_CHARACTERS.get(match["word"], "")
    return {"\\~": " ", "\\_": "-", "\\-": ""}.get(match[0], match[0][1:])


_RTF_CHARACTERS = {"tab": " ", "ldblquote": '"', "rdblquote": '"', "lquote": "'", "rquote": "'", "bullet": "* "}


def _character(code: int) -> str:
    return chr(code) if code >= 32 and not 0xD800 <= code < 0xE000 else " "


def source_map(text: str) -> tuple[str, Lines] | None:
    """The sources inside a JavaScript source map; all their lines are the one where the source stands.

    None when it holds no sources. The decoder of JSON strings reads each, so that a damaged map still gives
    the sources before the damage.
    """
    sources: list[str] = []
    numbers: list[int] = []
    line, counted = 1, 0
    for start, source in _sources(text):
        line += text.count("\n", counted, start)
        counted = start
        source = source.replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ")
        sources.append(source)
        numbers += [line] * (source.count("\n") + 1)
    return ("\n".join(sources), tuple(numbers)) if sources else None


def _sources(text: str) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    end = 0
    while array := _SOURCES.search(text, end):
        end = array.end()
        while item := _ITEM.match(text, end):
            start, end = item.start(1), item.end()
            if item[1] == '"':
                try:
                    source, end = _JSON.raw_decode(text, start)
                except JSONDecodeError:
                    return found
                found.append((start, source))
    return found


_SOURCES = re.compile(r'"sourcesContent"\s*+:\s*+\[')
_JSON = JSONDecoder(strict=False)
_ITEM = re.compile(r'[\s,]*+("|null)')
