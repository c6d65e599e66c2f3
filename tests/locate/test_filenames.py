"""File names and what they say."""

from __future__ import annotations

import pytest

from licscan.packages.filenames import is_text, kind_of, sort_by_kind

KINDS = {
    "license": """LICENSE LICENCE license.md LICENSE.txt License.rst LICENSE-MIT LICENSE-MIT.txt LICENSE.APACHE
        LICENSE.APACHE2
        LICENSE.BSD MIT-LICENSE MIT-LICENSE.txt GPL-LICENSE.txt COPYING COPYING.LESSER COPYING.LIB COPYING3 COPYRIGHT
        CopyrightNotice.txt UNLICENSE UNLICENCE Apache_License_2.0.txt EULA.txt PATENTS license_header LICENSES.txt
        LICENSES_bundled.txt LICENSE.markdown-it LICENSE-3rdparty.csv LICENSES.chromium.html main.js.LICENSE.txt OFL.txt
        gpl-3.0.txt LICENSE.WTFPL.txt license-cc0 ICON_LICENSE.md icon.svg.license LICENSE.unicode""",
    "notice": """NOTICE NOTICE.txt notices.md ThirdPartyNotices.txt ThirdPartyNoticeText.txt thirdpartynotices.txt
        THIRD-PARTY-NOTICES.md THIRD_PARTY_LICENSES third-party-licenses.txt legal-notices.txt""",
    "authors": "AUTHORS AUTHORS.rst CONTRIBUTORS.md CREDITS credits.txt",
    "readme": "README README.md readme.markdown README_zh.md README.zh-CN.md",
}
NOTHING = """license.js license.py licenses.go LicenseView.tsx licensee.rb license-badge.svg LICENSE.png licensed.txt
    index.js
    package.json licenses.json copyright.css notice.vue contributing.md authorization.md NOTICE.ts license.d.ts
    license.js.map
    how-to-add-a-license-to-your-code.md mitigation.txt bsd.c readme.js"""


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for kind, names in KINDS.items() for name in names.split()])
def test_kind(name: str, kind: str) -> None:
    assert kind_of(name) == kind


@pytest.mark.parametrize("name", NOTHING.split())
def test_no_evidence(name: str) -> None:
    assert kind_of(name) is None


TEMPLATES = {
    "synapse/res/templates/notice_expiry.html": False,
    "app/templates/legal_notice.txt": False,
    "app/Template/license-reminder.txt": False,
    "theme/templates/LICENSE": True,
    "theme/templates/base/NOTICE.txt": True,
    "templates/readme.md": True,
    "app/mail/notice-asm.txt": True,
}


@pytest.mark.parametrize(("path", "is_evidence"), TEMPLATES.items())
def test_what_a_program_fills_in_and_sends_is_no_notice(path: str, is_evidence: bool) -> None:
    assert is_text(path) is is_evidence
    assert any(sort_by_kind([path]).values()) is is_evidence
