"""Every sentence has its translation, and the language is the one that was asked for."""

from __future__ import annotations

import configparser
import gettext
import json
import os
import re
import shutil
import string
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

import licscan
from licscan.base import messages

ROOT = Path(__file__).resolve().parents[1]
LOCALE = Path(licscan.__file__).parent / "locale"
COMPILED = LOCALE / "zh_Hans" / "LC_MESSAGES" / "licscan.mo"
HAN = re.compile(r"[\u4e00-\u9fff]")

Catalogue = dict[str | tuple[str, int], str]


def compiled() -> Catalogue:
    with COMPILED.open("rb") as file:
        said: Catalogue = vars(gettext.GNUTranslations(file))["_catalog"]
    return {key: text for key, text in said.items() if key}


def template() -> list[tuple[str, ...]]:
    """The sentences of the template, each with its plural if it has one."""
    found: list[tuple[str, ...]] = []
    for block in (LOCALE / "licscan.pot").read_text(encoding="utf-8").strip().split("\n\n"):
        texts: list[str] = []
        for line in block.splitlines():
            if line.startswith(("msgid ", "msgid_plural ")):
                texts.append("")
            elif line.startswith("msgstr"):
                break
            if not line.startswith("#"):
                texts[-1] += json.loads(line[line.index('"') :])
        found.append(tuple(texts))
    return found


def fields(text: str) -> set[str]:
    """The names in braces, also in doubled ones, which are filled in later."""
    doubled = set(re.findall(r"\{\{\w*\}\}", text))
    return doubled | {name for _text, name, _spec, _how in string.Formatter().parse(text) if name is not None}


def test_every_sentence_is_translated_with_the_same_names() -> None:
    said = compiled()
    wrong = []
    for texts in template():
        key = texts[0] if len(texts) == 1 else (texts[0], 0)
        translated = said.get(key, "")
        if not translated or all(fields(translated) != fields(text) for text in texts):
            wrong.append(texts)
    assert len(said) > 500
    assert not wrong, "run scripts/messages and translate what it lists"


def test_every_catalogue_is_shipped() -> None:
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg")
    shipped = {
        path
        for glob in settings["options.package_data"]["licscan"].split(",")
        for path in (ROOT / "licscan").glob(glob.strip())
    }
    sources = list((ROOT / "licscan" / "locale").rglob("*.po"))
    assert sources
    assert {source.with_suffix(".mo") for source in sources} <= shipped
    assert {folder for folder in messages.LANGUAGES.values() if folder} == {path.parents[1].name for path in sources}


def test_the_catalogue_says_nothing_that_the_template_lacks() -> None:
    known = {texts[0] for texts in template()}
    assert not {key if isinstance(key, str) else key[0] for key in compiled()} - known


def test_translations_begin_and_end_as_the_sentence_does() -> None:
    """Fragments stay fragments; no translation adds or loses the end of a sentence, a line break or a blank."""
    for key, text in compiled().items():
        source = key if isinstance(key, str) else key[0]
        assert text.endswith(("。", "！")) == source.endswith("."), source
        assert source.startswith(" ") == text.startswith(" "), source
        assert ("\n" in source) == ("\n" in text), source


def test_a_sentence_that_begins_with_the_package_does_so_in_chinese() -> None:
    """The report puts the findings together that say the same of different packages: it takes the name off."""
    for key, text in compiled().items():
        if isinstance(key, str) and key.startswith("{name} ") and key.endswith("."):
            assert text.startswith("{name} "), key


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_SG"}, "zh"),
        ({"LANG": "zh"}, "zh"),
        ({"LANG": "zh_Hans_CN.UTF-8"}, "zh"),
        ({"LANG": "zh-Hans"}, "zh"),
        ({"LANG": "zh_CN.GB18030@stroke"}, "zh"),
        ({"LANG": "zh_TW.UTF-8"}, "en"),
        ({"LANG": "zh_Hant_HK"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "fr:zh_CN:en"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LANGUAGE": "en_US:zh"}, "en"),
        ({"LANGUAGE": "zh_CN"}, "zh"),
        ({"LC_ALL": "C", "LANGUAGE": "zh_CN"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LICSCAN_LANG": "en"}, "en"),
        ({"LC_ALL": "C", "LICSCAN_LANG": "zh"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LICSCAN_LANG": "xx"}, "en"),
        ({"LANG": "..@__::"}, "en"),
    ],
)
def test_the_environment_chooses(environment: dict[str, str], language: str) -> None:
    assert messages.language_of(environment) == language


def test_a_language_is_spoken_until_another_is_asked_for() -> None:
    assert messages.use_language("zh") == "zh"
    assert messages._("License") == "许可证"
    assert messages.ngettext("{count} package", "{count} packages", 1) == "{count} 个软件包"
    assert messages._("no such sentence") == "no such sentence"
    assert messages.use_language("en") == "en"
    assert messages._("License") == "License"
    assert messages.ngettext("{count} package", "{count} packages", 2) == "{count} packages"


def speak(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run licscan with nothing of this process's locale but what is given."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "LICSCAN_"))}
    return subprocess.run(
        [sys.executable, "-m", "licscan", *arguments],
        capture_output=True, text=True, encoding="utf-8", cwd=cwd, check=False,
        env={**kept, "PYTHONIOENCODING": "utf-8", "COLUMNS": "100", **environment},
    )  # fmt: skip


@pytest.mark.parametrize(
    "arguments",
    [
        ["--lang", "zh", "--help"],
        ["--help", "--lang", "zh"],
        ["scan", "--help", "--lang=zh"],
        ["--lang=zh", "scan", "-h"],
    ],
)
def test_the_option_may_stand_anywhere(arguments: list[str], tmp_path: Path) -> None:
    done = speak(*arguments, cwd=tmp_path, LANG="en_US.UTF-8")
    assert done.returncode == 0
    assert "用法：" in done.stdout
    assert "选项：" in done.stdout
    assert "Usage" not in done.stdout


def test_an_unknown_language_is_refused(tmp_path: Path) -> None:
    done = speak("--lang", "xx", "scan", cwd=tmp_path)
    assert done.returncode == 2
    assert "'--lang'" in done.stderr
    assert not list(tmp_path.iterdir())


def test_what_stands_behind_two_dashes_is_no_option(tmp_path: Path) -> None:
    done = speak("scan", "--", "--lang", "zh", cwd=tmp_path)
    assert done.returncode == 2
    assert "--lang: does not exist" in done.stderr


def test_a_terminal_that_cannot_show_chinese_is_told_in_escapes(tmp_path: Path) -> None:
    done = speak("--lang", "zh", "--help", cwd=tmp_path, PYTHONIOENCODING="latin-1")
    assert done.returncode == 0
    assert "\\u7528\\u6cd5" in done.stdout


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that has findings of many kinds, problems and an unreadable file."""
    folder = tmp_path / "messenger"
    shutil.copytree(ROOT / "tests" / "cases" / "projects" / "messenger", folder)
    (folder / "broken").mkdir()
    (folder / "broken" / "package-lock.json").write_text('{"lockfileVersion": 3, "packages": []}')
    (folder / "broken" / "Cargo.toml").write_text("[package]\nname = 'x'\n")
    return folder


# what is no sentence of ours: names, identifiers and expressions, which are the same in every language
_IDENTIFIERS = re.compile(
    r"\b(?:npm|pypi|conda) (?:package|project)\b|`[^`]*`|https?://\S+|\S*[/@:.=<>_-]\S*|\b[A-Z][\w.+-]*\b|\b(?:AND|OR|WITH)\b"
)
_WORDS = re.compile(r"\b[a-z]{2,}(?: [a-z]{2,})+\b")


def english(text: str) -> list[str]:
    """Runs of two English words and more."""
    return [run for line in text.splitlines() for run in _WORDS.findall(_IDENTIFIERS.sub("·", line))]


@pytest.mark.slow
def test_a_chinese_scan_says_no_english_sentence(project: Path) -> None:
    done = speak("scan", "--offline", ".", cwd=project, LICSCAN_LANG="zh")
    assert done.returncode in (1, 2), done.stderr
    assert len(HAN.findall(done.stdout)) > 300
    assert english(done.stdout) == []
    assert english(done.stderr) == []
    for arguments in (
        ("show", "aiohttp"),
        ("show", "redis"),
        ("show", "nowhere"),
        ("deps", "--why", "redis"),
        ("scan", "x"),
    ):
        told = speak(*arguments, cwd=project, LICSCAN_LANG="zh")
        assert HAN.search(told.stdout + told.stderr), arguments
        assert english(told.stdout + told.stderr) == [], arguments


def test_only_sentences_differ_between_languages(project: Path) -> None:
    """Keys, codes, values and exit statuses are those of English."""
    done = {
        lang: speak("scan", "--offline", "--format", "json", ".", cwd=project, LICSCAN_LANG=lang)
        for lang in ("en", "zh")
    }
    assert done["en"].returncode == done["zh"].returncode
    told = {lang: json.loads(run.stdout) for lang, run in done.items()}
    first, second = (told[lang].pop("scan")["number"] for lang in ("en", "zh"))
    assert second == first + 1
    assert told["en"] != told["zh"]
    assert shape(told["en"]) == shape(told["zh"])


def shape(value: object, key: str = "") -> object:
    """The value with its sentences and times left out, and its lists in an order that no sentence decides."""
    if isinstance(value, dict):
        return {name: shape(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return sorted((shape(item, key) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    spoken = {
        "message",
        "why",
        "remedies",
        "basis",
        "doubts",
        "disagreements",
        "text_conflicts",
        "assumptions",
        "note",
        "disclaimer",
        "assumed",
        "reasons",
    }
    return "" if key in spoken or key.endswith("_at") else value


@pytest.mark.parametrize("language", ["en", "zh"])
def test_fields_stand_in_one_column(project: Path, language: str) -> None:
    speak("scan", "--offline", ".", cwd=project)
    told = speak("show", "aiohttp", cwd=project, LICSCAN_LANG=language).stdout
    label = {"en": "concluded:", "zh": "结论："}[language]
    lines = [
        line
        for line in told.splitlines()
        if re.match(rf"  (?:{label}|{'because' if language == 'en' else '依据'})", line)
    ]
    starts = {cell_len(re.match(r"  \S+\s+", line).group()) for line in lines}  # type: ignore[union-attr]
    assert len(lines) == 2
    assert starts == {14}
