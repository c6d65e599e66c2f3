"""Stored sentences are told again in the other language, with their fields; what is none of ours stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.base.messages import _, ngettext, run_on, speaking
from licscan.law.terms import known_licenses, terms_of
from licscan.law.vocabulary import Reason
from licscan.report.bilingual import bilingual
from licscan.report.retell import retold
from tests.growth import assert_linear


def in_language(language: str, number: int) -> str:
    """Sentences of several kinds: fixed, with fields, counting, with a sentence in a field."""
    with speaking(language):
        sentence = ngettext("{count} component", "{count} components", 12).format(count="12")
        return (
            _("No duties."),
            sentence,
            _("{message} It is needed only for {scopes} and taken as not shipped.").format(
                message=_("No duties."), scopes="dev"
            ),
            _("Required by: {clauses}").format(clauses="MIT, 4(a)") + " [MIT]",
            _("{what} under {license}: not for commercial use.").format(
                what=_("{name}: {files}").format(
                    name="art", files=ngettext("{count} picture", "{count} pictures", 1200).format(count="1,200")
                ),
                license="CC-BY-NC-4.0",
            ),
        )[number]


@pytest.mark.parametrize("number", range(5))
def test_each_language_is_told_in_the_other(number: int) -> None:
    english, chinese = in_language("en", number), in_language("zh", number)
    assert english != chinese
    assert retold(english, "zh") == chinese
    assert retold(chinese, "en") == english


def listing(language: str, *, joined: bool) -> str:
    """A sentence with a list in it, as each language parts lists; or with another message around it."""
    with speaking(language):
        if joined:
            readings = _("; ").join(("Apache-2.0 AND BSD-3-Clause", "Apache-2.0 OR BSD-3-Clause"))
            made = _("The license of {name} is ambiguous; it can be read as: {readings}.").format(
                name="left 2.0", readings=readings
            )
            return _("{message} Each of them can be accepted.").format(message=made)
        return _("No outbound license satisfies these together: {names}.").format(names=_(", ").join(("left", "right")))


@pytest.mark.parametrize("joined", [False, True], ids=["list", "list in a sentence with another behind it"])
def test_lists_are_parted_anew(joined: bool) -> None:
    english, chinese = listing("en", joined=joined), listing("zh", joined=joined)
    assert ("；" if joined else "、") in chinese
    assert retold(english, "zh") == chinese
    assert retold(chinese, "en") == english


def test_a_file_of_an_archive_is_told_too() -> None:
    def made(language: str) -> str:
        with speaking(language):
            files = _(", ").join(("COPYING", _("{file} in {archive}").format(file="LICENSE", archive="left-2.0.tgz")))
            return _("The text in {files} is {detected}.").format(files=files, detected="MIT")

    assert retold(made("en"), "zh") == made("zh")
    assert retold(made("zh"), "en") == made("en")


@pytest.mark.parametrize("count", [1, 3])
def test_files_with_a_reason_behind_each_are_told_too(count: int) -> None:
    def made(language: str) -> str:
        with speaking(language):
            one = _("{place}: {reason}").format(place="a/b.so", reason=_("was not downloaded, to limit traffic"))
            return _("was not fully examined: {files}").format(files=_("; ").join([one] * count))

    assert retold(made("en"), "zh") == made("zh")
    assert retold(made("zh"), "en") == made("en")


def test_names_of_people_keep_their_commas() -> None:
    with speaking("en"):
        made = _("Its copyright holders differ: {names}.").format(names="Ada Bell, PhD; Bell, LLC")
        told = _("The copyright notice of {name} is an unfilled template: {statement}. Elsewhere it names: {holders}.")
        held = told.format(name="left 2.0", statement="Copyright (c) <year>", holders="Ada Bell; Bell, LLC")
    assert "Ada Bell, PhD；Bell, LLC" in (retold(made, "zh") or "")
    assert "Ada Bell；Bell, LLC" in (retold(held, "zh") or "")


def test_words_of_a_package_keep_their_commas() -> None:
    with speaking("en"):
        made = _("{name} does not state its license as a current SPDX expression: {pairs}.").format(
            name="left 2.0", pairs="Apache License, Version 2.0 -> Apache-2.0; Copyright 2007, 2008 Ada -> MIT"
        )
    told = retold(made, "zh") or ""
    assert "Apache License, Version 2.0 -> Apache-2.0；Copyright 2007, 2008 Ada -> MIT" in told
    assert retold(told, "en") == made


def test_a_blank_between_two_fields_is_the_one_that_tells_most() -> None:
    with speaking("zh"):
        license_id = _("is under {license}").format(license="AGPL-3.0-only")
        made = _("{name} {license}, which does not allow this use in {product}.").format(
            name="left 2.0", license=license_id, product=_("a proprietary product")
        )
    assert (
        retold(made, "en") == "left 2.0 is under AGPL-3.0-only, which does not allow this use in a proprietary product."
    )


def test_reasons_of_several_sentences_are_told_one_by_one() -> None:
    def made(language: str) -> list[str]:
        with speaking(language):
            return [
                _("{license} adds restrictions that {outbound} does not allow.").format(
                    license="A-1.0", outbound="B-2.0"
                )
                + " [FSF license list]",
                _("No duties.") + " [matrix of 2024]",
            ]

    english, chinese = " ".join(made("en")), " ".join(made("zh"))
    assert retold(english, "zh") == chinese.replace("。 ", "。")
    assert retold(chinese, "en") == english


def test_a_decision_behind_a_sentence_is_told_with_it() -> None:
    def made(language: str) -> str:
        with speaking(language):
            decided = _("needs an entitlement: {why}, says {who} on {day} (decision {number})")
            told = decided.format(why="we ask for it", who="Li Wei", day="2026-11-28", number=2)
            return _("{name} is required, but its version is unknown.").format(name="left") + f" ({told})"

    chinese = retold(made("en"), "zh")
    assert chinese is not None
    assert "left 是所需的依赖" in chinese
    assert chinese.endswith("）")
    assert retold(made("zh"), "en") == made("en")


def test_few_fixed_characters_hold_no_whole_sentence() -> None:
    told = retold("It is optional: if it is in what somebody passes on, nobody knows. No duties.", "zh")
    with speaking("zh"):
        assert told is None or told.endswith(_("No duties."))
    assert told is None or told.startswith("It is optional: if it is in what somebody")


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "MIT",
        "left pad: by its author",
        "a (b)",
        "{count} {",
        "这不是我们的句子",
        "徽标仅用于登录，意见 2026-031。",
        "甲，乙。",
    ],
)
def test_what_is_none_of_ours_stays(sentence: str) -> None:
    assert bilingual(sentence).en == bilingual(sentence).zh == sentence


@given(st.text(), st.sampled_from(["en", "zh"]))
def test_no_text_stops_it(sentence: str, language: str) -> None:
    assert retold(sentence, language) is None or isinstance(retold(sentence, language), str)


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["; ", " [", ", which does not allow this use in ", "says "])
def test_time_grows_with_the_length_of_a_hostile_sentence(piece: str) -> None:
    def work(size: int) -> Callable[[], object]:
        sentence = (piece * size)[: size - 1] + "]"
        return lambda: retold(sentence, "zh")

    assert_linear(work, 7_900)  # longer ones are not looked at
    assert_linear(work, 80_000)


def quoting(language: str, number: int) -> str:
    """Sentences that quote what somebody else wrote, in words that could be ours."""
    with speaking(language):
        label = _("{field} ({origin})").format(field="License", origin=_("client's cache"))
        return (
            _("{label} says {raw}.").format(label=label, raw="License agreement for acme 1.3, MIT"),
            _("{first} says {raw}, but {second} says {other_raw}.").format(
                first=label, raw="License: MIT", second=label, other_raw="Copyright (c) 2015, acme, All rights reserved"
            ),
            _("{name} does not state its license as a current SPDX expression: {pairs}.").format(
                name="left 2.0", pairs="License Copyright (c) 2021, Acme -> BSD-3-Clause"
            ),
            _("The copyright notice of {name} is an unfilled template: {statement}.").format(
                name="left 2.0", statement="Copyright (c) <year>, Needed for development"
            ),
        )[number]


@pytest.mark.parametrize("number", range(4))
def test_what_somebody_else_wrote_is_never_told_in_other_words(number: int) -> None:
    assert retold(quoting("en", number), "zh") == quoting("zh", number)
    assert retold(quoting("zh", number), "en") == quoting("en", number)


def reasons(language: str) -> list[str]:
    """What stands behind the rulings on all licenses: a sentence, and the authority that it rests on."""
    rests = {terms.gpl.authority for terms in map(terms_of, known_licenses()) if terms.gpl}
    rests |= {
        "OSADL matrix of 2024-05-21",
        "Bitstream-Vera fifth paragraph",
        "Apache-1.1 condition 3",
        "GPL-2.0 2(b), 3",
    }
    with speaking(language):
        sentence = _("{license} is compatible with {outbound}.").format(license="left", outbound="GPL-3.0")
        single = [str(Reason(sentence, one)) for one in sorted(rests)]
        return [*single, *(run_on(*pair) for pair in zip(single, reversed(single), strict=True))]


def test_reasons_are_told_with_the_authority_that_they_rest_on() -> None:
    for english, chinese in zip(reasons("en"), reasons("zh"), strict=True):
        assert "。 " not in chinese
        assert retold(english, "zh") == chinese
        assert retold(chinese, "en") == english


def test_a_part_that_is_told_in_part_is_parted_elsewhere() -> None:
    """Where only a blank parts a name from what is said of it, the version belongs to the name."""

    def made(language: str) -> str:
        with speaking(language):
            license_ = _("is under {license}").format(license="MIT AND PSF-2.0")
            told = _("{license} ({part} in it)").format(license=license_, part="PSF-2.0")
            product = _("a product under {license}").format(license="AGPL-3.0-only")
            return _("{name} {license}; whether that allows this use in {product} is undecided.").format(
                name="libjpeg / libjpeg-turbo 3.2.0", license=told, product=product
            )

    assert retold(made("en"), "zh") == made("zh")
    assert retold(made("zh"), "en") == made("en")


def test_possible_licenses_are_parted_as_the_language_does() -> None:
    def made(language: str) -> str:
        with speaking(language):
            told = _("may be under one of: {readings}").format(readings=_("; ").join(("MIT", "AGPL-3.0-only")))
            product = _("a proprietary product")
            return _("{name} {license}; whether that allows this use in {product} is undecided.").format(
                name="@openim/sdk 3.8", license=told, product=product
            )

    assert retold(made("en"), "zh") == made("zh")
    assert retold(made("zh"), "en") == made("en")
