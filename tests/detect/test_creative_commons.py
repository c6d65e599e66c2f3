"""Creative Commons licenses by address and by name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from licscan.base.tables import load_toml
from licscan.detect.creative_commons import closing_remarks, elements_of, find_statements
from licscan.detect.engine import Detector
from licscan.licenses.licensedb import license_text
from tests.growth import assert_linear

SCHEME = ("by", "by-nc", "by-nd", "by-sa", "by-nc-nd", "by-nc-sa")
VERSIONS = ("1.0", "2.0", "2.5", "3.0", "4.0")
TABLE = load_toml("creative_commons.toml")


def said(text: str) -> list[str]:
    """The licenses that a text names, as keys of the scheme."""
    return [one.expression(()) for one in find_statements(text)]


def reference(*parts: str) -> str:
    """What a license is called where neither the LicenseDB nor SPDX is asked; SPDX has all that are not ported."""
    from licscan.licenses import spdx

    name = "-".join(("cc", *parts))
    return spdx.index().licenses.get(name, f"LicenseRef-licscan-{name}")


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("elements", SCHEME)
def test_addresses_in_all_their_forms(elements: str, version: str) -> None:
    wanted = [reference(elements, version)]
    base = f"creativecommons.org/licenses/{elements}/{version}"
    for address in (
        f"https://{base}/",
        f"http://{base}",
        f"https://www.{base}/legalcode",
        f"https://{base}/deed.zh-hans",
        f"<{base}/deed.pt_BR>",
        f'"https:\\/\\/creativecommons.org\\/licenses\\/{elements}\\/{version}\\/"',
        f"https://licensebuttons.net/l/{elements}/{version}/88x31.png",
        f"https://i.creativecommons.org/l/{elements}/{version}/80x15.png",
    ):
        assert said(address) == wanted, address


@pytest.mark.parametrize("port", sorted(TABLE["ports"]))
def test_every_port_by_address_and_by_name(port: str) -> None:
    wanted = [reference("by-sa", "3.0", port)]
    assert said(f"http://creativecommons.org/licenses/by-sa/3.0/{port}/") == wanted
    for name in TABLE["ports"][port]:
        assert said(f"Creative Commons Attribution-ShareAlike 3.0 {name} License") == wanted, name
        assert said(f"CC BY-SA 4.0 {name}") == [reference("by-sa", "4.0")], name


def test_an_address_may_break_at_the_end_of_a_line() -> None:
    assert said("see http://creativecommons.org/licenses/by-nc-\n//  sa/3.0/ or ask") == ["CC-BY-NC-SA-3.0"]


@pytest.mark.parametrize(
    ("elements", "words"),
    [
        ("by", "Namensnennung"),
        ("by-nc", "Attribution - Pas d’Utilisation Commerciale"),
        ("by-nc-sa", "Reconocimiento-NoComercial-CompartirIgual"),
        ("by-nd", "Attribuzione - Non opere derivate"),
        ("by-nc-nd", "Atribuição-NãoComercial-SemDerivações"),
        ("by-sa", "表示-継承"),
        ("by-nc-nd", "署名-非商业性使用-禁止演绎"),
        ("by-nc-sa", "姓名標示-非商業性-相同方式分享"),
        ("by-nc", "Attribution Non-Commercial"),
        ("by-nc-nd", "Attribution, Noncommercial, No Derivative Works"),
    ],
)
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "name", ["Creative Commons {words} {version}", "创用CC {words} {version}", "CC {words} v{version}"]
)
def test_names_in_ten_languages(name: str, version: str, elements: str, words: str) -> None:
    assert said(f"- {name.format(words=words, version=version)}.") == [reference(elements, version)]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("CC BY-NC-SA", ["LicenseRef-licscan-cc-by-nc-sa"]),
        ("CC-BY-NC-SA-4.0", ["CC-BY-NC-SA-4.0"]),
        ("采用CC BY-NC-SA 4.0协议", ["CC-BY-NC-SA-4.0"]),
        ("CC BY 3.0 US", ["CC-BY-3.0-US"]),
        ("CC BY 3.0 NO WARRANTY", ["CC-BY-3.0"]),
        ("CC BY 2.0 in the office", ["CC-BY-2.0"]),
        ("CC BY-SA; see https://creativecommons.org/licenses/by-sa/2.5/", ["CC-BY-SA-2.5", "CC-BY-SA-2.5"]),
        ("CC BY 3.0 (https://creativecommons.org/licenses/by/3.0/us/)", ["CC-BY-3.0-US", "CC-BY-3.0-US"]),
        ("- CC BY 3.0\n- CC BY 3.0 Canada", ["CC-BY-3.0", "LicenseRef-licscan-cc-by-3.0-ca"]),
        ("CC BY 3.0 Unported; CC BY 3.0 US", ["CC-BY-3.0", "CC-BY-3.0-US"]),
        ("CC BY 3.0 and, elsewhere, CC BY 4.0", ["CC-BY-3.0", "CC-BY-4.0"]),
        ("creativecommons.org/licenses/by/2.1/jp/", ["LicenseRef-licscan-cc-by-2.1-jp"]),
        ("creativecommons.org/licenses/by-nd-nc/1.0/", ["CC-BY-NC-ND-1.0"]),
        ("creativecommons.org/publicdomain/zero/1.0/deed.de", ["cc0-1.0"]),
        ("creativecommons.org/publicdomain/mark/1.0/", ["cc-pdm-1.0"]),
        ("Creative Commons Zero v1.0 Universal", ["cc0-1.0"]),
        ("License: CC0", ["cc0-1.0"]),
        ("licensed as CC0", ["cc0-1.0"]),
    ],
)
def test_versions_and_ports(text: str, keys: list[str]) -> None:
    assert said(text) == keys


@pytest.mark.parametrize(
    "text",
    [
        "TIM1->CC0 = 3; CC1 = 4;",
        "include/cc-by.svg",
        "the attribution of bug 3.0 to Germany",
        "Attribution 3.0",
        "署名 3.0",
        "表示 4.0",
        "sampling 1.0 of the signal",
        "creativecommons.org/about",
        "http://creativecommons.org/ns#",
        "ccbys 4.0",
        "occ-by-4.0",
    ],
)
def test_what_is_no_name(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("key", "elements"),
    [
        ("cc-by-nc-3.0-de", "by-nc"),
        ("cc-by-4.0", "by"),
        ("LicenseRef-licscan-cc-by-nc-sa", "by-nc-sa"),
        ("cc0-1.0", ""),
        ("cc-sampling-1.0", ""),
        ("mit", ""),
    ],
)
def test_elements_of_a_key(key: str, elements: str) -> None:
    assert elements_of(key) == elements


@pytest.mark.parametrize("elements", SCHEME)
def test_whole_texts_say_themselves_alone(detector: Detector, elements: str) -> None:
    for version in VERSIONS:
        text = license_text(f"cc-{elements}-{version}")
        found = detector.detect(f"{text}\n\nAdded by the packager.\n".encode(), "LICENSE")
        assert found.expression == reference(elements, version), version


def test_the_closing_remark_gives_nothing_away(detector: Detector) -> None:
    remark = (
        "The text of the Creative Commons public licenses is dedicated to the public domain under the CC0 Public\n"
        "Domain Dedication."
    )
    assert len(closing_remarks(remark)) == 1
    found = detector.detect(f"CC BY 4.0\n\n{remark}\n".encode())
    assert found.expression == "CC-BY-4.0"


def test_the_title_tells_of_a_ported_text(detector: Detector) -> None:
    text = license_text("cc-by-nc-3.0").replace("3.0 Unported", "3.0 United States")
    found = detector.detect(text.encode(), "LICENSE")
    assert found.expression == "LicenseRef-licscan-cc-by-nc-3.0-us"


@pytest.mark.parametrize(
    "piece",
    [
        "creativecommons.org/licenses/by-nc-sa/3.0/ ",
        "Creative Commons Attribution - ",
        "Attribution-NonCommercial ",
        "CC BY-NC ",
        "CC BY 3.0 US ",
        "CC0 ",
        "Commons public licenses is dedicated to CC0 ",
        "署名-",
        "License: Sampling ",
        "Attribution " + "Non " * 8,
    ],
)
def test_time_grows_with_the_text(piece: str) -> None:
    def work(size: int) -> Callable[[], object]:
        text = piece * (size // len(piece))
        return lambda: find_statements(text)

    assert_linear(work, 400_000)
