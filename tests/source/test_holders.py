from __future__ import annotations

import pytest

from licscan.source.holders import OwnHolders, frequent
from licscan.source.names import Sort, name_and_version, sort_of, vendored_folder

OWN = OwnHolders(["Acme Chat, Inc.", "matrix.org"], ["@acme/chatterbox"], "Ada Lovelace <ada@chat.example>\n")


@pytest.mark.parametrize(
    "holder",
    [
        "ACME CHAT Ltd", "Acme Chat and contributors",
        "The Matrix.org Foundation C.I.C.", "the authors", "Ada Lovelace",
        "Chatterbox Acme developers", "Jo Kim, Acme Chat GmbH",
    ],
)  # fmt: skip
def test_own_holders(holder: str) -> None:
    assert OWN.is_own(holder)


@pytest.mark.parametrize("holder", ["JS Foundation and other contributors", "Jo Kim", "Ada", "Acme Rockets", "Org"])
def test_other_holders(holder: str) -> None:
    assert not OWN.is_own(holder)


def test_frequent_holders_are_own_rare_ones_are_not() -> None:
    files = [["Acme"]] * 30 + [["Bob Ltd"]] * 3 + [["Cy"]] * 2
    assert frequent(files) == ["Acme"]
    assert frequent([["Acme"]] * 2) == []


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("src/vendor/a.js", "src/vendor"),
        ("third-party/x/y.c", "third-party"),
        ("web/static/js/lib/a.js", "web/static/js/lib"),
        ("src/vendors/List.tsx", None),
        ("lib/main.py", None),
        ("src/vendor.js", None),
    ],
)
def test_folders_of_other_peoples_work(path: str, folder: str | None) -> None:
    assert vendored_folder(path) == folder


def test_names_tell_versions_and_sorts() -> None:
    assert name_and_version("a/jquery-3.4.1.min.js") == ("jquery", "3.4.1")
    assert name_and_version("vendor/foo_bar-1.2-py3-none-any.whl") == ("foo_bar", "1.2")
    assert name_and_version("src/step-2.js") is None
    assert [sort_of(name) for name in ("a.py", "b.md", "c.jar", "d.png", "package.json", "Makefile")] == [
        Sort.CODE, Sort.PROSE, Sort.BINARY, Sort.LEFT_OUT, Sort.LEFT_OUT, Sort.CODE,
    ]  # fmt: skip
