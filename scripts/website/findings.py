"""A page for each finding: what `licscan explain CODE` says in a language, and its section of docs/findings.md."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from licscan.base.messages import use_language
from licscan.export.explain_json import to_json

SECTION = re.compile(r"^## ([a-z]+(?:-[a-z]+)+)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| ([^|]+) \| (\[.*\]\(.*#[a-z-]+\)) \|$", re.MULTILINE)
ANCHOR = re.compile(r"#([a-z-]+)\)")
MARKUP = re.compile(r"([*_<`\[])")
HEADINGS = {
    "en": {"why": "Why it matters", "do": "What to do", "severity": "Severity: ", "all": "All findings"},
    "zh": {"why": "为何重要", "do": "处理办法", "severity": "严重程度：", "all": "全部发现项"},
}
COLUMNS = {"en": ("code", "says", "severity"), "zh": ("代码", "含义", "严重程度")}
AS_TYPED = {
    "en": "The same in a terminal: `licscan explain {code}`.",
    "zh": "在终端中查看相同内容：`licscan --lang zh explain {code}`。示例与判定细节见<a href='{page}'>英文版</a>。",
}
SEPARATOR = {"en": ", ", "zh": "、"}


def sections(page: str) -> dict[str, str]:
    """The sections of docs/findings.md by code."""
    return {code: text.strip() for code, text in SECTION.findall(page)}


def explained(code: str, language: str) -> dict[str, Any]:
    """What `licscan explain CODE --format json` says, in a language."""
    use_language(language)
    said: dict[str, Any] = json.loads(to_json(code))
    return said


def finding_page(code: str, language: str, section: str, source: str) -> str:
    """The Markdown of one finding's page; `source` is the link to its section in the other language."""
    said, words = explained(code, language), HEADINGS[language]
    # left out of the sidebar: sixty entries on each of so many pages would double the time of the build
    lines = [
        "---",
        "orphan: true",
        "---",
        "",
        f"# {code}",
        "",
        f"**{said['title']}{'.' if language == 'en' else '。'}** {said['meaning']}",
        "",
    ]
    severities = SEPARATOR[language].join(f"`{one}`" for one in said["severities"])
    lines += [f"{words['severity']}{severities} · [{words['all']}](../findings.md)", ""]
    if language == "en":
        lines += [section, ""]
    lines += [f"## {words['why']}", "", *bullets(said["why"]), "", f"## {words['do']}", "", *bullets(said["remedies"])]
    return "\n".join([*lines, "", AS_TYPED[language].format(code=code, page=source), ""])


def bullets(sentences: list[str]) -> list[str]:
    """A list in Markdown; what looks like markup in a sentence stays text."""
    return ["- " + MARKUP.sub(r"\\\1", one) for one in sentences]


def table_page(page: str, language: str) -> tuple[str, list[str]]:
    """The page of all findings, a table with titles for each group, and its codes in order."""
    intro = page.partition("\n## ")[0]
    groups = [(name, ANCHOR.findall(links)) for name, links in ROW.findall(intro)]
    head = intro[: intro.index("\n|")].rstrip()
    lines = [head, ""]
    for name, codes in groups:
        lines += [f"## {name}", "", f"| {' | '.join(COLUMNS[language])} |", "|---|---|---|"]
        for code in codes:
            said = explained(code, language)
            severities = SEPARATOR[language].join(said["severities"])
            lines.append(f"| [{code}](findings.md#{code}) | {said['title']} | {severities} |")
        lines.append("")
    return "\n".join(lines), [code for _name, codes in groups for code in codes]


def read(file: Path) -> str:
    """A page of the repository."""
    return file.read_text(encoding="utf-8")
