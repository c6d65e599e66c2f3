"""What a text is in its package, by its path."""

from __future__ import annotations

import pytest

from licscan.model import Origin, PackageFiles
from licscan.read.roles import Role, TextToRead, texts_to_read


def roles(*paths: str, notices: tuple[str, ...] = (), readmes: tuple[str, ...] = ()) -> dict[str, str]:
    files = PackageFiles(Origin.INSTALLED, "x", license_files=paths, notice_files=notices, readme_files=readmes)
    return {wanted.path: wanted.role.name.lower() for wanted in texts_to_read(files)}


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("LICENSE", "license"),
        ("license-mit", "license"),
        ("left-1.0.dist-info/LICENSE.txt", "license"),
        ("left-1.0.dist-info/licenses/COPYING", "license"),
        ("left-1.0.dist-info/license_files/LICENSE", "license"),
        ("left-1.0.egg-info/LICENSE", "license"),
        ("left-1.0.dist-info/licenses/left/_vendor/right/LICENSE", "part"),
        ("left/_vendor/right-1.0.dist-info/LICENSE", "part"),
        ("vendor/LICENSE", "part"),
        ("LICENSE-3RD-PARTY.txt", "part"),
        ("ThirdPartyLicenses.txt", "part"),
        ("main.js.LICENSE.txt", "part"),
        ("LICENSE-fonts", "part"),
    ],
)
def test_role_beside_a_license(path: str, role: str) -> None:
    assert roles("COPYING", path)[path] == role


def test_notices_and_readmes() -> None:
    found = roles("LICENSE", notices=("NOTICE", "lib/NOTICE"), readmes=("README.md", "docs/README.md"))
    assert found == {"LICENSE": "license", "NOTICE": "notice", "lib/NOTICE": "part", "README.md": "readme"}


def test_a_folder_of_licenses_stands_for_a_missing_one() -> None:
    assert roles("LICENSES/MIT.txt", "LICENSES/ISC.txt") == {
        "LICENSES/MIT.txt": "license",
        "LICENSES/ISC.txt": "license",
    }
    assert roles("LICENSE", "LICENSES/ISC.txt")["LICENSES/ISC.txt"] == "part"


def test_the_one_folder_of_a_package_stands_for_its_root() -> None:
    assert roles("left/LICENSE", "left/_vendor/x/LICENSE") == {
        "left/LICENSE": "license",
        "left/_vendor/x/LICENSE": "part",
    }
    assert roles("fonts/LICENSE") == {"fonts/LICENSE": "part"}
    assert roles("left/LICENSE", "right/LICENSE") == {"left/LICENSE": "part", "right/LICENSE": "part"}


def test_the_order_is_that_of_reading() -> None:
    files = PackageFiles(
        Origin.INSTALLED,
        "x",
        license_files=("a/LICENSE", "LICENSE"),
        notice_files=("NOTICE",),
        readme_files=("README",),
    )
    assert texts_to_read(files) == [
        TextToRead(Role.LICENSE, "LICENSE"),
        TextToRead(Role.NOTICE, "NOTICE"),
        TextToRead(Role.PART, "a/LICENSE"),
        TextToRead(Role.README, "README"),
    ]
