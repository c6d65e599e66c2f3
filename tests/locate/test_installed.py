"""License evidence in installed packages."""

from __future__ import annotations

from pathlib import Path

import pytest

from licscan.locate import installed, locate_installed
from licscan.model import Component, Origin


def component(*places: str, ecosystem: str = "npm") -> Component:
    return Component(f"pkg:{ecosystem}/a@1", "a", "1", ecosystem, installed_at=places)


def put(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("text")


def test_npm_package_with_deep_texts(tmp_path: Path) -> None:
    put(
        tmp_path / "node_modules/a",
        "LICENSE", "README.md", "AUTHORS", "NOTICE", "index.js", "LICENSES/BSD-3-Clause.txt", "dist/lib/LICENSE.txt",
        "vendor/x/NOTICE", "node_modules/b/LICENSE", "dist/node_modules/c/LICENSE", "licenses/zlib.txt",
        "licenses/x.js",
    )  # fmt: skip
    (found,) = locate_installed(component("node_modules/a"), tmp_path)
    assert found.license_files == (
        "LICENSE",
        "LICENSES/BSD-3-Clause.txt",
        "dist/lib/LICENSE.txt",
        "dist/node_modules/c/LICENSE",
        "licenses/zlib.txt",
    )
    assert found.notice_files == ("NOTICE", "vendor/x/NOTICE")
    assert (found.author_files, found.readme_files) == (("AUTHORS",), ("README.md",))
    assert (found.place, found.origin, found.problems) == ("node_modules/a", Origin.INSTALLED, ())


def test_every_place_answers(tmp_path: Path) -> None:
    put(tmp_path, "x/LICENSE", "y/COPYING")
    assert [f.license_files for f in locate_installed(component("x", "y"), tmp_path)] == [("LICENSE",), ("COPYING",)]
    (gone,) = locate_installed(component("gone"), tmp_path)
    assert len(gone.problems) == 1


def test_links_are_not_followed(tmp_path: Path) -> None:
    put(tmp_path, "p/LICENSE", "outside/deep/LICENSE")
    (tmp_path / "p/loop").symlink_to(".")
    (tmp_path / "p/out").symlink_to("../outside")
    (tmp_path / "p/licenses").symlink_to("../outside")
    (tmp_path / "p/COPYING").symlink_to("nowhere")
    assert locate_installed(component("p"), tmp_path)[0].license_files == ("LICENSE",)


def test_bounds_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "deep/" + "d/" * 14 + "LICENSE", "deep/LICENSE")
    (found,) = locate_installed(component("deep"), tmp_path)
    assert found.license_files == ("LICENSE",)
    assert [p.stage for p in found.problems] == ["locate"]
    monkeypatch.setattr(installed, "MAX_ENTRIES", 5)
    put(tmp_path, *(f"many/{n}.js" for n in range(10)))
    assert len(locate_installed(component("many"), tmp_path)[0].problems) == 1


@pytest.mark.parametrize("licenses", ["licenses/LICENSE", "LICENSE"], ids=["2.4", "2.1"])
def test_python_distribution(tmp_path: Path, licenses: str) -> None:
    site = "lib/python3.11/site-packages"
    info = f"{site}/a-1.dist-info"
    put(tmp_path, f"{info}/{licenses}", f"{info}/AUTHORS", f"{site}/a/vendor/COPYING", f"{site}/other/LICENSE")
    put(tmp_path, f"{info}/licenses/odd-name")
    (tmp_path / info / "METADATA").write_text(f"Name: a\nLicense-File: {licenses}\nLicense-File: ../../x/LICENSE\n")
    (tmp_path / info / "RECORD").write_text(
        f"a/vendor/COPYING,,\na-1.dist-info/{licenses},,\ngone/LICENSE,,\n../../../etc/LICENSE,,\n/etc/LICENSE,,\n"
    )
    (found,) = locate_installed(component(info, ecosystem="pypi"), tmp_path)
    assert found.place == site
    assert found.license_files == tuple(
        sorted([f"a-1.dist-info/{licenses}", "a-1.dist-info/licenses/odd-name", "a/vendor/COPYING"])
    )
    assert found.author_files == ("a-1.dist-info/AUTHORS",)


def test_python_distribution_without_record(tmp_path: Path) -> None:
    put(tmp_path, "s/a-1.egg-info/PKG-INFO", "s/a/LICENSE", "s/b/LICENSE")
    (tmp_path / "s/a-1.egg-info/top_level.txt").write_text("a\n../b\n")
    (found,) = locate_installed(component("s/a-1.egg-info", ecosystem="pypi"), tmp_path)
    assert found.license_files == ("a/LICENSE",)
