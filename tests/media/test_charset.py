"""Which charset the bytes of a tag are in: evidence for Chinese, Latin-1 wherever there is none."""

from __future__ import annotations

import pytest

from licscan.media.charset import charset_of, decoded, hint_of, mended

CHINESE = (
    "站长素材",
    "提示音",
    "你好",
    "消息提示音.mp3",
    "来电铃声 第2版",
    "版权所有 2019 某某公司",
    "sc.example 音效",
    "风",
    "DJ舞曲",
    "纯音乐《清晨》",
    "微信",
    "短信-到账",
    "网站：www.example",
    "转载请注明出处",
    "未知艺术家",
    "免费音效下载",
)
UNLUCKY = ("联通", "时", "为准", "状态")
RARE = ("朱镕基讲话录音", "陶喆 - 普通朋友专辑")
TRADITIONAL = ("版權所有", "訊息提示音", "鈴聲下載", "這是一個測試音效")
LATIN = (
    "Café",
    "Élève",
    "élèves français à l'école",
    "Créée à Paris",
    "Où êtes-vous?",
    "À bientôt, cœur".replace("œ", "oe"),
    "Ça va",
    "naïve idée",
    "Müller",
    "Größe",
    "Straße über Äcker",
    "Übergrößenträger",
    "schöne Grüße aus Köln",
    "ÄÖÜ",
    "öffnen Ärger Ähre",
    "GRÖßE",
    "Español",
    "¿Cómo está usted?",
    "¡Hola, niño!",
    "Música añeja",
    "MÚSICA ESPAÑOLA",
    "Ángel Núñez",
    "© 2019 André Genée",
    "® Société Générale",
    "« Les Misérables »",
    "«Été»",
    "20 °C",
    "½ Preis",
    "São Paulo",
    "Coração",
    "Ações e opções",
    "CORAÇÕES",
    "Blåbærsyltetøy",
    "Ærø Ålesund",
    "Þingvellir",
    "col·lecció",
    "CRÉÉE PAR ANDRÉ",
    "Citroën",
    "Björk Guðmundsdóttir",
    "Dvořák".replace("ř", "r"),
    "Préface – chapître",
    "£5 or ¥500",
    "Ää Öö",
    "tierra ñandú",
    "Noël",
    "€ 5 „Zitat“ – ‘so’",
)


@pytest.mark.parametrize("text", [*CHINESE, *RARE, *UNLUCKY])
def test_gbk(text: str) -> None:
    assert charset_of(text.encode("gbk")) == "gbk"
    assert decoded(text.encode("gbk")) == text


@pytest.mark.parametrize("text", TRADITIONAL)
def test_big5(text: str) -> None:
    assert decoded(text.encode("big5")) == text


@pytest.mark.parametrize("text", LATIN)
def test_latin(text: str) -> None:
    assert charset_of(text.encode("cp1252")) == ""
    assert decoded(text.encode("cp1252")) == text


@pytest.mark.parametrize("text", [*CHINESE, *LATIN, "Привет", "Ελλάδα café", "שלום", "µm", "Ω – Überschrift"])
def test_utf_8(text: str) -> None:
    assert decoded(text.encode()) == text


@pytest.mark.parametrize("text", ["Привет, мир", "ПРИВЕТ МИР", "ДОБРЫЙ ВЕЧЕР", "песня о друге"])
def test_another_alphabet_of_one_byte_is_no_chinese(text: str) -> None:
    assert charset_of(text.encode("cp1251")) == ""


def test_a_tag_is_in_one_charset() -> None:
    assert hint_of([b"plain", "提示音".encode("gbk"), b"\xe9t\xe9"]) == "gbk"
    assert decoded("囧".encode("gbk"), "gbk") == "囧"
    assert decoded("été".encode("latin-1"), "gbk") == "été"


def test_long_and_odd_bytes_cost_little() -> None:
    assert decoded(b"\xc4\xe3" * 100_000)[:2] == "你你"
    assert decoded(bytes(range(256)))


@pytest.mark.parametrize("text", CHINESE)
def test_what_was_read_in_the_wrong_charset_is_mended(text: str) -> None:
    assert mended(text.encode("gbk").decode("latin-1")) == text
    assert mended(text.encode().decode("latin-1")) == text


@pytest.mark.parametrize("text", [*LATIN, *CHINESE, *TRADITIONAL, "Привет", "日本語", "한국어", "Dvořák", "—"])
def test_what_is_right_stays(text: str) -> None:
    assert mended(text) == text


def test_accents_in_utf_8_taken_for_windows_1252() -> None:
    assert mended("Café".encode().decode("cp1252")) == "Café"
