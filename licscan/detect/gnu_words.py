"""The phrases that GNU notices are made of, as patterns over text that `blanked` has made plain.

In the sources of the patterns a space stands for what parts two words, two spaces for what may part two phrases
(brackets and full stops too, or nothing). Nothing in them repeats without a bound or a possessive quantifier, and each
is tried at places that are known, so that the time grows with the text.
"""

from __future__ import annotations

import re

_MARKS = str.maketrans(dict.fromkeys("*#/%|!<>\"'`“”‘’,=~_\\^·-–—", " "))
_LEADS = re.compile(r"^[ \t]*(?:dnl|rem|c)(?=\s)", re.MULTILINE)
"""Comment marks that are letters."""


def blanked(text: str) -> str:
    """A text in lower case with spaces in place of comment marks, quotes, dashes and commas; it keeps its length."""
    # a semicolon ends half a sentence, but not where it marks a comment
    text = text.translate(_MARKS).replace(";;", "  ").replace("\n;", "\n ")
    return _LEADS.sub(lambda found: " " * len(found[0]), text)


_GAP = r"[\s;]++"
_LOOSE = r"[\s;():.（），。；：「」《》]*+"


def pattern(source: str) -> re.Pattern[str]:
    """The pattern of a source; inside a character class a space is written `\\x20`."""
    return re.compile(source.replace("  ", _LOOSE).replace(" ", _GAP))


_LICENSE = r"licen[cs]e"
_PUBLIC = rf"(?:(?:general )?public {_LICENSE}|general {_LICENSE}|gpl\b)"

NAME = pattern(
    r"(?P<gnu>(?<![a-z0-9])gnu(?:(?:\ss)? (?:project(?:\ss)? )?|(?=[al]?gpl|[^\x00-\x7f])))?"
    r"(?:"
    rf"\b(?P<kind>lesser|affero|library(?: (?:or )?lesser)?|lesser (?:or )?library) (?:gnu )?{_PUBLIC}"
    rf"|\b(?P<free>free documentation {_LICENSE})"
    rf"|\b(?P<general>general (?:software )?public {_LICENSE})"
    rf"|\b(?P<brief>(?:general|public) {_LICENSE})"
    r"|(?:(?<![a-z])|(?<=gnu))(?P<short>lgpl|agpl|gpl|gfdl|fdl)(?![a-uw-z])"
    r"|[（(]?(?P<lax>affero|宽松的?|寬鬆的?|较宽松的?|較寬鬆的?|宽|寬|次要|函数库|函式庫)?[）)]?\s*+"
    r"(?P<chinese>(?:通用(?:公共|公众|公眾|公用)?|公共通用|(?:公共|公众|公眾|公用))(?:许可|許可|授权|授權)(?:证书"
    r"|證書|证|證|协议|協議|条款|條款|契约|合约)?)"
    r"|(?P<document>自由文[档件檔](?:许可|許可|授权|授權)(?:证书|證書|证|證|协议|協議|条款|條款)?)"
    r")"
)
"""The name of a license of the GNU project; `brief`, `document` and `fdl` need `gnu` before them."""

PERL = pattern(
    rf"\bsame (?:terms|{_LICENSE}|licenses|licensing|conditions)(?: and conditions)?(?: terms)? as (?:the )?perl\b"
    r"(?: 5)?(?: programming language\b)?(?: system\b)?(?: itself\b)?"
)
"""Perl's own choice, which its modules take over."""

SHORT_FOR = pattern(
    rf"  (?:the )?(?:gnu )?(?P<short>agpl|lgpl|gpl|gfdl"
    rf"|fdl)(?:[v\s]{{0,3}}(?P<n>[123](?:\.[0-3])?))?(?: {_LICENSE})?\s*+[)）]"
)
"""`(LGPL)`, `(the "GPL")`, `(GPLv2)` behind a name."""

PUBLISHER = pattern(
    r"  (?:as )?(?:re)?published (?:by|from) (?:the )?(?:free software foundation(?:  inc\b\.?)?|fsf\b)"
    r"(?:  (?:\(c\) )?[0-9]{2,3} [^;]{8,90}?\busa?\b\.?)?"
)

NUMBER = r"(?P<n>[0-9](?:\.[0-9]){0,2}(?![0-9])|one\b|two\b|three\b)"
NUMBERS = {"one": "1", "two": "2", "three": "3", "一": "1", "二": "2", "两": "2", "三": "3"}
WORD_VERSION = r"(?:versions?|vers?\.?|v\.?|release|revision)"
_SMALL = (
    "either|you|may|can|choose|use|under|of|at|your|option|the|terms|conditions|specifically|namely|in|its|it|only|is|and|per|text|with|"
    "which|that|this|gnu|as|by|using|to|for|whose|stated|given|according|subject"
)
VERSION = pattern(rf"  (?:(?:{_SMALL}|{_LICENSE})\b  ){{0,8}}+{WORD_VERSION}  {NUMBER}(?!\.?[0-9a-uw-z])")
"""`, either version 2` behind a name, with small words at most between them."""

ADJACENT = pattern(
    rf"[\s(]{{0,3}}(?:{WORD_VERSION}[\s.]?)?(?P<n>[1-3](?:\.[0-3]){{0,2}}(?![0-9]))(?!(?!plus)\.?[0-9a-uw-z])(?!\s?(?:clause|year|month|day|file|of\b))"
)
"""A number that follows a name at once: `GPL 3`, `GPLv2`, `LGPL-2.1`."""

AT_LEAST = re.compile(r"[\s(]{0,3}(?:version\s?)?(?:>=|≥)\s?(?P<n>[1-3](?:\.[0-3])?)\)?")
"""`GPL (>= 2)`."""

COMPACT = re.compile(r"v?(?P<n>[1-3][0-3])(?=\+|plus\b|[^0-9a-z.]|\Z)")
"""The digits of a version on end behind an abbreviation: `lgpl21`, `agplv30+`."""

CHINESE_VERSION = re.compile(
    r"[\s「」《》“”\"'（(）)，,的、-]*+(?:第[ \t]*(?P<a>[123一二三两](?:\.[0-3])?)[ \t]*版"
    r"|(?:v|版本)[ \t]*(?:号|號)?[ \t]*(?P<b>[123](?:\.[0-3])?)(?![0-9.])(?:[ \t]*版)?本?"
    r"|(?P<c>[123](?:\.[0-3])?)[ \t]*版本?)"
)
CHINESE_BEFORE = re.compile(
    r"(?:第[ \t]*(?P<a>[123一二三两](?:\.[0-3])?)[ \t]*版本?|版本[ \t]*(?P<b>[123](?:\.[0-3])?)"
    r"|(?P<c>[123](?:\.[0-3])?)[ \t]*版本?)"
    r"(?P<rest>[^。；\n]{0,16}?)(?:的[\s]*)?[\s「《“\"]*\Z"
)
"""A version as Chinese writes it, behind a name and before one."""

CHINESE_LATER = re.compile(
    r"[\s「」《》”\"'）)，,、]*+(?:或者?|及|和|以及)[\s，,（(]*+(?:按?由?[您你]?(?:自行|可以?)?的?(?:选择|選擇|自选"
    r"|意愿)的?[\s，,）)]*+)?"
    r"(?:任何|任意|其)?(?:一个|一個)?\s*+(?:更高|更新|较新|較新|之后|之後|以后|以後|以上|后续|後續|往后|未来"
    r"|最新)(?:的)?(?:任何)?(?:版本|版)?"
    r"|\s*+(?:及|或)?以上(?:版本)?|[\s，,]*+(?:或|及)?(?:之后|之後|以后|以後)的?(?:任何)?版本"
)
CHINESE_ONLY = re.compile(r"[\s，,（(]*+(?:仅限|僅限|仅此|僅此|不含(?:更高|后续|後續))(?:版本|该版本|此版本)?")

OF_THE_LICENSE = pattern(
    r"\s*+[(（](?:the )?[al]?gpl\s?v?[0-9.]*[)）]|\s*+版本?|"
    rf"  (?:(?:of|from) (?:(?:the|this|that|said) )?(?:gnu )?(?:(?:lesser |affero "
    rf"|library )?(?:general )?public )?{_LICENSE}\b|of it\b|of (?:the )?(?:gnu )?[al]?gpl\b"
    rf"|of (?:the )?gnu (?:(?:lesser |affero |library )?(?:general )?public )?{_LICENSE}"
    r"|a copy of which[^.,;]{0,80}"
    rf"|{_LICENSE}\b|\(?dated [a-z]++ [0-9]{{4}}|(?:29 )?(?:june|february|november|march)(?: 29)? [0-9]{{4}})"
)
_AT_OPTION = (
    r"(?:  (?:(?:at|in|by|of|as) (?:your|the user(?:\ss)?|our) (?:own )?(?:option(?:al)?|choice|discretion"
    r"|preference|choosing)"
    r"|(?:if|as) you (?:like|prefer|wish|want|choose)|optionally))"
)
LATER = pattern(
    rf"\+|\s?plus\b|\sor\slater\b|{_AT_OPTION}  (?:any )?(?:later|newer)\b(?: versions?\b)?|  (?:or"
    rf"|and)(?:\s++(?:and|or))?{_AT_OPTION}?  (?:under )?(?:any |a |all |some |the |an )?(?:other |more )?"
    rf"(?:versions? )?(?:later|newer|higher|greater|above|up|subsequent|future|recent|upwards?|onwards?|beyond"
    rf"|superior|most recent|latest)\b"
    rf"(?: (?:versions?|releases?"
    rf"|revisions?)\b)?{_AT_OPTION}?(?:  (?:as )?published by (?:the )?(?:free software foundation|fsf))?"
)
"""`or (at your option) any later version`, `or newer`, `and up`, `+`, behind a number."""

ONLY = pattern(
    r"  (?:only\b|exclusively\b|alone\b|solely\b|(?:(?:and|but|or) )?(?:not|no|never) (?:any |a )?(?:later|newer"
    r"|other|earlier)\b(?: or earlier)?(?: versions?\b)?"
    r"|(?:and )?only (?:this|that) version)"
)
ANOTHER = pattern(
    rf"(?:  (?:or|and)(?:\s++(?:and|or))?{_AT_OPTION}?  (?:(?:either|the"
    rf"|under) )?(?:{WORD_VERSION}  )?)(?P<n>[123](?:\.[0-3])?)(?![0-9])(?!\.[0-9])(?!\s?(?:clause|year|month|day"
    rf"|file))"
)
"""A second version: `or version 3`, `or (at your option) 3`."""

LATER_CLAUSE = re.compile(
    r"\b(?:any|or)\W{1,6}(?:later|newer)(?:\W{1,3}versions?)?\W{1,6}(?:clause|option|provision|wording|rule|permission)"
    r"\W{1,4}(?:of|in)\W{1,4}(?:the\W{1,4})?(?:gnu\W{1,4})?(?:[al]?gpl[\sv\-]{0,3}[0-9.]{1,3}\W{1,4}(?:or|and)\W{1,4})?\Z"
)
"""Before a name: `by the "any later version" clause of the`, and the first of two names behind it."""
ANY_VERSION = pattern(r"\b(?:any|whichever|whatever) (?:version|release) of (?:the )?\Z")
BEFORE = pattern(
    rf"(?:\b(?P<only>only|solely|exclusively) (?:the )?)?\b{WORD_VERSION}  (?P<n>[0-9](?:\.[0-9]){{0,2}}|two"
    rf"|three)(?![0-9])(?P<rest>(?:[^.]|\.(?=[0-9])){{0,90}}?) (?:of|from) (?:the terms of )?(?:the )?\Z"
)
"""`version 2 or later of the` before a name; what `rest` says is read by the patterns above."""
OF_NAME = pattern(r"  (?:of|from) (?:the terms of )?(?:the )?\Z")
PATH = re.compile(r"(?:://|(?<![a-z0-9])/|licen[cs]es/|common-|\bfile:)\S{0,80}\Z")
"""Before a name: it is part of a path or an address."""

PROXY = pattern(r"[^.]{0,60}?\b(?:accepted|approved|endorsed|permitted|decided) by (?:the )?(?P<who>[^.]{0,60})")
"""Behind "any later version": whose word it needs."""

CHOICE = pattern(
    rf"  (?:(?:{_LICENSE}|licenses) )?(?:or"
    rf"|alternatively)(?:/and)?{_AT_OPTION}?  (?:alternatively )?(?:(?:under )?(?:the )?terms of )?(?:under )?"
    r"(?:either )?(?:the )?\Z"
)
"""Between two statements: either of them may be chosen."""

STRONG = pattern(
    rf"\b(?:under|terms|conditions|{_LICENSE}d?|licensing|released|distributed|redistribute[d]?|covered|subject"
    rf"|governed|according|available|published|"
    r"modify|copied|copying|protected|applies|pursuant|accordance|compliance)\b|\b(?:is|are) (?:all )?\Z"
)
"""One of these before a name makes a statement of it."""

STRONG_BEHIND = re.compile(r"\s++licen[cs]ed\b")
"""Right behind a name: `GPL licensed`."""

CHINESE_STRONG = re.compile(
    r"采用|採用|遵循|遵照|依照|基于|基於|使用|授权|授權|许可|許可|根据|根據|发布|發布|釋出|开源|開源|协议|協議|依據"
    r"|依据|适用|適用|按照|条款|條款"
)

OPENING = pattern(
    rf"\b(?:(?:this|the|that) (?:program|library|file|software|module|script|package|code|work|document"
    rf"|plug\s?in) )?(?:is (?:a )?free software"
    rf"|is (?:also |hereby |made )?(?:{_LICENSE}d|available|distributed|released|published|covered|subject|governed"
    rf"|provided)"
    rf"|(?:and )?you (?:can|may) (?:copy|freely|redistribute|distribute|use|modify)|(?:may|can) be (?:used"
    rf"|redistributed|distributed|copied)"
    rf"|permission is|{_LICENSE}d under|{_LICENSE}\s*+:|(?:re)?distributed under|released under|published under"
    rf"|under the terms|under)\b"
)
"""Where the sentence of a grant begins to speak of the license."""

MENTION = pattern(
    r"(?:\bsee|\bcopy of|\brefer to|\bread|\bcheck|\bdetails in|\bconsult|\btext of"
    r"|\bterms and conditions of)(?: (?:the|also|a|file|full|complete|text|of)){0,4}[\s;]*+\Z"
)
"""Before a name: the license is only pointed at."""

NEGATION = pattern(
    r"(?:\b(?:not|no|non|never|without|cannot|isn\st|aren\st|neither|nor|nothing|unlike|avoids?|remove[ds]?"
    r"|replaces?|anti)\b|\b(?:instead|free) of\b|\brather than\b|\bother than\b|"
    r"\b(?:in)?compatib(?:le|ility) with\b)"
    r"(?: (?:all|any|an?|the|longer|under|covered|by|licensed|distributed|released|terms|of|with|be|been|being"
    r"|existing|subject|to|governed)){0,5}[\s(]*+\Z"
    r"|(?:不|非|没有|沒有|無|无|未)(?:采用|採用|使用|包含|含有|受|是|再|遵循|基于)?\s*+\Z"
)
"""Before a name: what is said is that the license does not hold."""
NEGATION_BEHIND = re.compile(r"[\s-]++(?:in)?compatib(?:le|ility)\b|-free\b")
"""The same behind a name, in the text as it stands."""
EITHER = re.compile(r"\s*+\|\|?\s*+")

_REST = r"(?:[^.;@]{0,60}?[.;])?  "
"""What is left of a sentence before the next."""

TAILS = tuple(
    pattern(_REST + source)
    for source in (
        r"(?:[^.]|\.(?=\w)){0,80}?\bdistributed (?:in the hope"
        r"|without any)[^@]{0,260}?\bpurpose\b(?:  see[^.]{0,140}?\b(?:details|information)\b)?",
        r"(?:[^.]|\.(?=\w)){0,80}?\bdistributed (?:in the hope|without any)[^.@]{0,160}?\bwarrant(?:y|ies)\b",
        r"(?:see|refer to|read|consult)[^.]{0,140}?\b(?:details|information)\b",
        r"there is (?:absolutely )?no warranty[^.]{0,60}",
        r"(?:please )?(?:see|its text is in|you (?:can )?find a copy in"
        r"|read)(?: the)?(?: file)? [\w\s.]{0,40}?(?:copying|licen[cs]e)[\w.]{0,20}[^.;\n]{0,40}",
        r"on debian (?:gnu )?(?:linux )?systems?[^.]{0,160}(?:\.[0-9])?",
        r"(?:and )?you should [^.;]{0,120}?\bcopy of[^.;]{0,160}(?:\.[a-z]{2,4}\b)?",
        r"(?:and )?if (?:not|you)[^.;]{0,40}?\b(?:see|write|visit|contact|ask|refer)\b[^@]{0,40}?"
        r"(?:free software foundation(?:  inc\b\.?)?|gnu\.org(?:\s(?:licenses"
        r"|copyleft)(?:\s[al]?gpl(?:\s[0-9.]+)?(?:\.\w+){0,2})?)?)(?:  [0-9]{2,3} [^;@]{8,90}?\busa?\b\.?)?",
    )
)
"""What notices go on with: no warranty, where the details are, where the copy is."""
