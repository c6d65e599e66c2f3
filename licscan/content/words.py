"""Words by which people claim a work, reserve its rights or withhold commercial use, in English and Chinese. Light."""

from __future__ import annotations

import re

_MADE = (
    r"(?:created|made|drawn|designed|recorded|composed|produced|painted|illustrated|photographed|contributed|provided)"
)
OWN = re.compile(
    rf"(?i)\b{_MADE}\b(?:\s+\w+)?\s+by\s+(?:us|ourselves|our(?:\s+own)?\s+\w+|the\s+(?:team|project|authors?)|me|myself)\b"
    r"|\b(?:our|my)\s+own\s+(?:work|creation|design|art|recording)|\bown\s+work\b|\bself[- ]made\b"
    r"|自制|原创|自己制作|自行(?:设计|制作|绘制)|我们(?:设计|制作|绘制)"
)
BY = re.compile(r"\b[Bb]y:?\s+(?P<name>[A-Z@][\w'’.-]*(?:[ \t]+[A-Z0-9][\w'’.-]*){0,4})")
COPYRIGHT = re.compile(
    r"(?i)(?:©|\(c\)|copyright|版权所有|著作权)[\s:：]*(?:\(c\)|©)?\s*(?:\d{4}(?:\s*[-–,]\s*\d{4})*,?\s*)?(?P<name>[^\n,;.]{2,80})"
)
RESERVED = re.compile(r"(?i)\ball rights reserved\b|版权所有|保留所有权利")
_NOT_COMMERCIAL = re.compile(
    r"(?i)\bnon[- ]?commercial(?:ly)?\b|\bnot\s+(?:be\s+)?(?:used|licensed|allowed|permitted|available)?\s*(?:for\s+)?"
    r"commercial|\bno commercial use|\bpersonal use only|\bfree for personal use"
    r"|仅供(?:个人|学习|非商业)|禁止(?:用于)?商[业用]|非商[业用]"
)
_BOTH = re.compile(
    r"(?i)\bcommercial\s+(?:and|or|&)\s+(?:non[- ]?commercial|personal)"
    r"|\bnon[- ]?commercial\s+(?:and|or|&)\s+commercial"
)
VAGUE = re.compile(r"(?i)\bcreative\s+commons\b|\bcc[- ]by\b|\broyalty[- ]free\b|\bfree to use\b")


def is_not_commercial(words: str) -> bool:
    """Whether words allow no commercial use; what is for both kinds of use is no such word."""
    return _NOT_COMMERCIAL.search(_BOTH.sub(" ", words)) is not None
