"""Chinese in a line: signs such as 版权所有, names, and prose, told apart without a dictionary.

Chinese has no spaces: a run of characters is cut at the marks of a statement, at the endings of company names, and at
words that only sentences hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum, auto

from licscan.detect.copyrights.han import HAN

_RIGHT = r"(?:版权|版權|著作权|著作權|知识产权|智慧財產權)"
_ASIDE = r"\s?\([A-Za-z ]{2,40}\)\s?:"
"""A label's translation: `著作权人(Copyright holder):`."""
_MARK = re.compile(
    rf"(?P<COPY>{_RIGHT}(?:所有(?![者人权權])|均?归属?于?|均?歸屬?於?|均?属于?|均?屬於?|由)"
    rf"|{_RIGHT}(?:所有|持有|拥有|擁有|权利|權利)?[人者](?:[为為是]|(?=\s?[:〉》」】]|{_ASIDE}))|{_RIGHT}(?=\s?[:©】]|{_ASIDE}|\s?\([cC]\)|\s(?:19|20)\d\d)"
    rf"|(?:共同)?(?:享有|拥有|擁有|持有)[{HAN}A-Za-z\d]{{0,16}}?{_RIGHT}(?![人者声聲信法]))"
    r"|(?P<STOP>(?:共同)?(?:所有(?![者人])|享有|拥有|擁有|共有)|保留(?:所有|一切|全部)?(?:权利|權利|权力)|.{0,4}必究|未[经經].*|不得.*)"
)
_ORG = re.compile(
    rf"[{HAN}]*(?:公司|集团|集團|中心|研究院|研究所|研究会|大学|大學|学院|學院|基金会|基金會|工作室|协会|協會|学会|实验室|實驗室|委员会|委員會|出版社"
    r"|团队|團隊|社区|社區|项目组|開發組|开发组|小组|事务所|科学院|开发者|贡献者|貢獻者|作者|学校|医院|银行|管理局|联盟|俱乐部|部门)"
)
# How sentences begin and what they hold; single characters only where no name of a person or place begins with them.
_OPENING = re.compile(
    r"[该該此请請仅僅禁對对除並并受]|可[以能被由在用随隨对對供選选]|且[不仅僅该該其可须須]|[欢歡]迎|遵[守循照从從]|只[能有可是限用]|本(?:[软程项作网站文代公库系产协许书教仓平服游插工模次]|軟體)|如[果有需何]|任[何意]|若[有无無干是]|根据|根據|不得|不[要能可会]"
    r"|[详詳参參]见|基于|基於|以[上下及]|从[此这而]|由于|由於|[关關][于於]|凡是|按照|依照|依据|其[中他它余]|上述|在(?!线|線)"
    r"|(?:允许|允許|个人|個人|任意|其余|部分|版权|版權|著作|转载|轉載|使用|发布|發佈|更新|修改|最后|日期|版本|邮箱|电话|地址|网址|官网|联系|技术支持|采用|授权|保留|作品|软件名|程序)"
)
_PROSE = re.compile(
    r"[的了着请請]|表示|是否|如何|字样|字樣|标识|標識|应[当该]|應[當該]|必[须須]|声明|聲明|协议|協議|许可|許可|保护|保護|条款|(?:开源|开发|制作|出品|提供|編寫|编写|设计|发布)$"
)
_PARTICLES = "自从從于於其"
"""Words before a year or for somebody named elsewhere: nothing of who holds."""
_UNDER = "依按据據经經以"
"""Words before the name of a license."""
_AFTER_ORG = re.compile(r"开发|制作|出品|提供|发布|授权|编写|设计|設計|官网|官方|出版|荣誉|维护|为|於|於|在")
_SIGNED = re.compile(rf"©|\([cC]\)|[cC]opyright|COPYRIGHT|{_RIGHT}")
_RESERVED = re.compile(r"保留(?:所有|一切|全部)?(?:权利|權利|权力)")


class Han(IntEnum):
    """What a piece of a run of Chinese characters is."""

    COPY = auto()
    NAME = auto()
    STOP = auto()


def pieces(line: str, start: int, end: int) -> Iterator[tuple[Han, int, int]]:
    """The pieces of the run of characters from `start` to `end`, in order, with their places."""
    for mark in _MARK.finditer(line, start):
        if mark.start() >= end:
            break
        if mark.start() > start:
            yield from _between(line, start, mark.start())
        stop = min(mark.end(), end)
        reserved = _RESERVED.fullmatch(mark.group()) and not _SIGNED.search(line)
        yield Han.COPY if mark.lastgroup == "COPY" or reserved else Han.STOP, mark.start(), stop
        start = stop
    if start < end:
        yield from _between(line, start, end)


def _between(line: str, start: int, end: int) -> Iterator[tuple[Han, int, int]]:
    """Names and prose between two marks; `由` before a name is no part of it."""
    if end - start == 1 and line[start] in _PARTICLES:
        return
    if end - start == 1 and line[start] in _UNDER:
        yield Han.STOP, start, end
        return
    by = line.find("由", start, max(start, end - 2))
    if by >= 0:
        if by > start:
            yield Han.STOP, start, by
        start = by + 1
    towards = line.find("对", start + 1, end)
    if towards >= 0 and _OPENING.match(line, towards + 1, end):
        # X 对本软件 (享有著作权)
        end = towards
    body = _ORG.match(line, start, end)
    if body and not _OPENING.match(line, start, body.end()):
        yield Han.NAME, start, body.end()
        start = body.end()
        if start < end:
            prose = (
                _OPENING.match(line, start, end)
                or _AFTER_ORG.match(line, start, end)
                or _PROSE.search(line, start, end)
            )
            yield Han.STOP if prose else Han.NAME, start, end
    elif _OPENING.match(line, start, end) or _is_prose(line[start:end]):
        yield Han.STOP, start, end
    else:
        yield Han.NAME, start, end


def _is_prose(piece: str) -> bool:
    """Whether a piece is part of a sentence; a short one with 的 may be a name (阿飞的小站)."""
    found = _PROSE.search(piece)
    return found is not None and not (found.group() == "的" and len(piece) <= 8 and found.end() < len(piece))
