"""Projects whose packages, licenses and holders a test knows, and bundles of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from licscan.compose.scan import scan
from licscan.licenses.texts import normal_words
from licscan.model import Scan

MIT = """Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE."""
ISC = """Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby
granted, provided that the above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL
IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF
THIS SOFTWARE."""
TITLES = {"MIT": ("The MIT License (MIT)", MIT), "ISC": ("ISC License", ISC)}


@dataclass(frozen=True)
class Made:
    """A package of a test; `notice` is the text of its NOTICE, `holder` the line of its license file."""

    name: str
    version: str
    license: str
    holder: str = ""
    notice: str = ""
    dev: bool = False

    def files(self) -> dict[str, str]:
        package = {"name": self.name, "version": self.version, "license": self.license}
        files = {"package.json": json.dumps(package), "index.js": f"module.exports = '{self.name}';\n"}
        if self.license in TITLES:
            title, text = TITLES[self.license]
            files["LICENSE"] = f"{title}\n\n{self.holder}\n\n{text}\n"
        elif self.license == "Apache-2.0":
            files["LICENSE"] = apache()
        if self.notice:
            files["NOTICE"] = self.notice
        return files


def apache() -> str:
    """The text of Apache-2.0 that the project itself ships."""
    return (Path(__file__).resolve().parents[2] / "LICENSE").read_text()


def usual(count: int = 24) -> tuple[Made, ...]:
    """Packages under three licenses; some share a holder's line, some have a NOTICE."""
    made = []
    for number in range(count):
        license_id = ("MIT", "ISC", "MIT", "Apache-2.0")[number % 4]
        holder = f"Copyright (c) {2010 + number % 9} Person {chr(65 + number % 7)}. Example"
        notice = f"Package {number}\nCopyright 2020 Foundation number{number}\nIt holds work of team{number}.\n"
        name = f"@scope/pack-{number}" if number % 5 == 0 else f"pack-{number}"
        made.append(
            Made(
                name, f"1.{number}.0", license_id,
                "" if license_id == "Apache-2.0" else holder,
                notice if license_id == "Apache-2.0" and number % 8 == 3 else "",
            )
        )  # fmt: skip
    return tuple(made)


def project(root: Path, packages: Iterable[Made]) -> Path:
    """A project with a lock and an installed tree."""
    packages = tuple(packages)
    runtime = {one.name: one.version for one in packages if not one.dev}
    dev = {one.name: one.version for one in packages if one.dev}
    top = {"name": "messenger", "version": "1.0.0", "license": "MIT", "dependencies": runtime, "devDependencies": dev}
    lock = {"name": "messenger", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": top}}
    for one in packages:
        entry: dict[str, object] = {"version": one.version, "license": one.license}
        lock["packages"][f"node_modules/{one.name}"] = entry | ({"dev": True} if one.dev else {})  # type: ignore[index]
        folder = root / "node_modules" / one.name
        folder.mkdir(parents=True)
        for name, text in one.files().items():
            (folder / name).write_text(text)
    (root / "package.json").write_text(json.dumps(top))
    (root / "package-lock.json").write_text(json.dumps(lock))
    (root / "licscan.toml").write_text('[[surface]]\nname = "web"\ndeployment = "browser"\n')
    return root


def scanned(root: Path) -> Scan:
    """The scan of a project, without any network."""
    from licscan.cli.options import options_of, project_config

    place, config = project_config((root,))
    return scan(options_of((root,), place, config, offline=True))


def metafile(packages: Iterable[Made], shaken: Iterable[Made] = (), output: str = "main.js") -> str:
    """esbuild's account of a bundle of these packages; of the shaken ones nothing is left."""
    sizes = {f"node_modules/{one.name}/index.js": 99 for one in packages}
    sizes |= {f"node_modules/{one.name}/index.js": 0 for one in shaken}
    inputs = {path: {"bytesInOutput": size} for path, size in sizes.items()}
    return json.dumps({"inputs": {key: {} for key in inputs}, "outputs": {f"dist/{output}": {"inputs": inputs}}})


def bundle(root: Path, files: Mapping[str, str]) -> Path:
    """A folder of files."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def has(words_of: str, text: str) -> bool:
    """Whether a text has all words of another in their order: a plain search, to hold the real one against."""
    return _plain(words_of) in _plain(text)


@lru_cache(maxsize=2_000)
def _plain(text: str) -> str:
    return normal_words(text).replace("copyright c ", "copyright ")
