"""Two hundred packages, made by a seeded generator out of the constructs in which ways to read a package may differ."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from licscan.licenses.licensedb import license_text
from tests.inside.trees import elf

COUNT = 100
"""Of each ecosystem."""
KEYS = {
    "MIT": "mit",
    "Apache-2.0": "apache-2.0",
    "BSD-3-Clause": "bsd-new",
    "ISC": "isc",
    "GPL-2.0-only": "gpl-2.0",
    "AGPL-3.0-only": "agpl-3.0",
    "OFL-1.1": "ofl-1.1",
}
USUAL = ("MIT", "Apache-2.0", "BSD-3-Clause", "ISC")
Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Made:
    """One package: its files, in a wheel under the names that they have there."""

    name: str
    version: str
    files: Files


@cache
def whole(license_id: str) -> str:
    """The text of a license."""
    return license_text(KEYS[license_id])


def text(random_: random.Random, license_id: str, name: str) -> bytes:
    """A license with a holder of its own, written as people write it."""
    said = f"Copyright (c) {random_.randint(1999, 2025)} {name.title()} Makers\n\n{whole(license_id)}"
    return random_.choice((said, said.replace("\n", "\r\n"), f"\ufeff{said}")).encode()


def manifest(name: str, **more: object) -> bytes:
    return json.dumps({"name": name, "version": "1.0.0", "author": f"{name} makers", **more}).encode()


def npm_package(construct: str, random_: random.Random, name: str) -> Files:
    """The files of one npm package."""
    usual = random_.choice(USUAL)
    own = text(random_, usual, name)
    stated = manifest(name, license=usual)
    files: Files = {
        "index.js": f"module.exports = {random_.randint(1, 99)}\n".encode(),
        "README.md": b"# It\n\nDoes it.\n",
    }
    files |= _NPM[construct](random_, name, usual, own, stated)
    return files


_BANNER = b"/*! Widget v3.1.0 | (c) Other People | MIT License */\n!function(){}();\n"
_Npm = Callable[[random.Random, str, str, bytes, bytes], Files]
_INNER = b'{"name": "inner", "version": "2.0.0", "license": "AGPL-3.0-only", "dependencies": {"@deep/er": "0.1.0"}}'
_DEEP = b'{"name": "@deep/er", "version": "0.1.0", "licence": "MIT"}'
_NPM: dict[str, _Npm] = {
    "plain": lambda r, n, u, own, m: {
        "package.json": m,
        r.choice(("LICENSE", "license", "LICENSE.md", "COPYING.txt")): own,
    },
    "british": lambda r, n, u, own, m: {"package.json": manifest(n, licence=u), "LICENCE": own},
    "notice": lambda r, n, u, own, m: {
        "package.json": manifest(n, license="Apache-2.0"),
        "LICENSE.txt": text(r, "Apache-2.0", n),
        "NOTICE": f"{n}\nCopyright 2020 The {n} Authors\n\nThis product includes things.\n".encode(),
        "AUTHORS": b"Ada Example <ada@x.example>\n",
    },
    "dual": lambda r, n, u, own, m: {
        "package.json": manifest(n, license="(MIT OR Apache-2.0)"),
        "LICENSE-MIT": text(r, "MIT", n),
        "LICENSE-APACHE": text(r, "Apache-2.0", n),
    },
    "no-text": lambda r, n, u, own, m: {"package.json": m},
    "readme-only": lambda r, n, u, own, m: {
        "package.json": m,
        "README.md": f"# {n}\n\nIt does it.\n\n## License\n\n".encode() + own,
    },
    "see-license-in": lambda r, n, u, own, m: {
        "package.json": manifest(n, license=f"SEE LICENSE IN {(f := r.choice(('terms.txt', 'legal/eula.md')))}"),
        f: own,
    },
    "bundled": lambda r, n, u, own, m: {
        "package.json": manifest(n, license=u, bundleDependencies=["inner"], dependencies={"inner": "2.0.0"}),
        "LICENSE": own,
        "node_modules/inner/package.json": _INNER,
        "node_modules/inner/LICENSE": text(r, "AGPL-3.0-only", "inner"),
        "node_modules/inner/node_modules/@deep/er/package.json": _DEEP,
        "node_modules/inner/node_modules/@deep/er/LICENSE": text(r, "MIT", "deep"),
    },
    "vendored": lambda r, n, u, own, m: {
        "package.json": m,
        "LICENSE": own,
        f"vendor/widget-{r.randint(1, 9)}.1.0.min.js": _BANNER,
        "vendor/silent/silent.min.js": b"!function(){}();\n",
    },
    "font": lambda r, n, u, own, m: {
        "package.json": m,
        "LICENSE": own,
        f"fonts/{n}.woff2": b"wOF2" + r.randbytes(200),
        "fonts/OFL.txt": text(r, "OFL-1.1", n),
    },
    "conflict": lambda r, n, u, own, m: {"package.json": m, "LICENSE": text(r, "AGPL-3.0-only", n)},
    "undeclared": lambda r, n, u, own, m: {"package.json": manifest(n), "LICENSE": own},
    "nothing": lambda r, n, u, own, m: {"package.json": manifest(n)},
    "deep-text": lambda r, n, u, own, m: {"package.json": m, "dist/lib/LICENSE.txt": own, "docs/README": b"It.\n"},
    "native": lambda r, n, u, own, m: {
        "package.json": m,
        "LICENSE": own,
        "build/Release/core.node": elf("core.node", "deflate 1.3.1 Copyright 1995-2024 Jean-loup Gailly"),
    },
    "old-list": lambda r, n, u, own, m: {
        "package.json": manifest(n, licenses=[{"type": u, "url": "https://x.example/l"}]),
        "LICENSE": own,
    },
    "copyleft": lambda r, n, u, own, m: {
        "package.json": manifest(n, license="GPL-2.0-only"),
        "COPYING": text(r, "GPL-2.0-only", n),
    },
    "header-only": lambda r, n, u, own, m: {
        "package.json": m,
        "index.js": f"/* Copyright (c) 2021 {n} people. {u} licensed. */\nmodule.exports = 1\n".encode(),
    },
    "reuse": lambda r, n, u, own, m: {"package.json": m, f"LICENSES/{u}.txt": own},
    "two-texts": lambda r, n, u, own, m: {
        "package.json": m,
        "LICENSE": own,
        "THIRD-PARTY-NOTICES.txt": b"Parts of it:\n\n" + text(r, "BSD-3-Clause", "others"),
    },
}


def wheel_files(construct: str, random_: random.Random, name: str) -> Files:
    """The files of one wheel, without RECORD."""
    usual = random_.choice(USUAL)
    info = f"{name}-1.0.0.dist-info"
    headers = ["Metadata-Version: 2.4", f"Name: {name}", "Version: 1.0.0", f"Author: {name} makers"]
    more, files = _PYTHON[construct](random_, name, usual, text(random_, usual, name))
    files = {path.replace("INFO", info): data for path, data in files.items()}
    said = "\n".join([*headers, *more]) + "\n\nIt does it.\n"
    return {
        f"{name}/__init__.py": f"x = {random_.randint(1, 99)}\n".encode(),
        **files,
        f"{info}/METADATA": said.encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }


_Python = Callable[[random.Random, str, str, bytes], tuple[list[str], Files]]
_SBOM = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.5",
    "components": [
        {
            "type": "library",
            "name": "serde",
            "version": "1.0.0",
            "purl": "pkg:cargo/serde@1.0.0",
            "licenses": [{"expression": "MIT OR Apache-2.0"}],
        }
    ],
}
_PYTHON: dict[str, _Python] = {
    "expression": lambda r, n, u, own: (
        [f"License-Expression: {u}", "License-File: LICENSE"],
        {"INFO/licenses/LICENSE": own},
    ),
    "old": lambda r, n, u, own: (
        ["License: MIT", "Classifier: License :: OSI Approved :: MIT License"],
        {"INFO/LICENSE": own},
    ),
    "text-in-field": lambda r, n, u, own: (
        ["License: " + "\n        ".join(whole(u).splitlines())],
        {},
    ),
    "nothing": lambda r, n, u, own: (["License: UNKNOWN"], {}),
    "no-text": lambda r, n, u, own: ([f"License-Expression: {u}"], {}),
    "odd-name": lambda r, n, u, own: (
        [f"License-Expression: {u}", "License-File: legal/terms.txt"],
        {"INFO/licenses/legal/terms.txt": own},
    ),
    "file-literal": lambda r, n, u, own: (['License: {file = "LICENSE"}'], {"INFO/LICENSE": own}),
    "vendored": lambda r, n, u, own: (
        [f"License-Expression: {u}", "License-File: LICENSE"],
        {
            "INFO/licenses/LICENSE": own,
            f"{n}/_vendor/other/__init__.py": b"# Copyright 2019 Other People\n",
            f"{n}/_vendor/other/LICENSE": text(r, "BSD-3-Clause", "other"),
            f"{n}/_vendor/silent/__init__.py": b"y = 1\n",
        },
    ),
    "natives": lambda r, n, u, own: (
        [f"License-Expression: {u}", "License-File: LICENSE"],
        {
            "INFO/licenses/LICENSE": own,
            f"{n}.libs/libpng16-1d1ba958.so.16.1.0": elf("libpng16.so.16"),
            f"{n}/_core.abi3.so": elf("x.so", "PyInit__core deflate 1.3.1 Copyright 1995-2024 Jean-loup Gailly"),
        },
    ),
    "sbom": lambda r, n, u, own: (
        [f"License-Expression: {u}"],
        {"INFO/licenses/LICENSE": own, f"INFO/sboms/{n}.cdx.json": json.dumps(_SBOM).encode()},
    ),
    "platlib": lambda r, n, u, own: (
        [f"License-Expression: {u}"],
        {"INFO/LICENSE": own, f"{n}-1.0.0.data/platlib/{n}_extra/LICENSE": text(r, "ISC", n)},
    ),
    "font": lambda r, n, u, own: (
        [f"License-Expression: {u}"],
        {
            "INFO/LICENSE": own,
            f"{n}/fonts/{n}.ttf": b"\0\1\0\0" + r.randbytes(100),
            f"{n}/fonts/OFL.txt": text(r, "OFL-1.1", n),
        },
    ),
    "dual": lambda r, n, u, own: (
        ["License-Expression: MIT OR Apache-2.0", "License-File: LICENSE.MIT", "License-File: LICENSE.APACHE"],
        {"INFO/licenses/LICENSE.MIT": text(r, "MIT", n), "INFO/licenses/LICENSE.APACHE": text(r, "Apache-2.0", n)},
    ),
    "notice": lambda r, n, u, own: (
        ["License: Apache-2.0", "License-File: LICENSE", "License-File: NOTICE"],
        {
            "INFO/LICENSE": text(r, "Apache-2.0", n),
            "INFO/NOTICE": f"{n}\nCopyright 2020 The {n} Authors\n".encode(),
            "INFO/AUTHORS.md": b"Ada Example\n",
        },
    ),
    "conflict": lambda r, n, u, own: (
        [f"License-Expression: {u}"],
        {"INFO/licenses/LICENSE": text(r, "AGPL-3.0-only", n)},
    ),
    "undeclared": lambda r, n, u, own: ([], {"INFO/licenses/LICENSE": own}),
    "classifier": lambda r, n, u, own: (
        ["Classifier: License :: OSI Approved :: BSD License"],
        {"INFO/LICENSE": text(r, "BSD-3-Clause", n)},
    ),
    "in-package": lambda r, n, u, own: ([f"License: {u}"], {f"{n}/LICENSE": own, f"{n}/data/COPYING": own}),
    "header-only": lambda r, n, u, own: (
        [f"License-Expression: {u}"],
        {f"{n}/__init__.py": f"# Copyright (c) 2021 {n} people\nx = 1\n".encode()},
    ),
}


def npm_packages(seed: int = 12) -> tuple[Made, ...]:
    """A hundred npm packages, every construct at least once."""
    kinds = list(_NPM)
    names = (f"{'@scope/' if number % 7 == 3 else ''}{kinds[number % len(kinds)]}-{number}" for number in range(COUNT))
    return tuple(
        Made(name, "1.0.0", npm_package(kinds[number % len(kinds)], random.Random(f"{seed} {name}"), name))
        for number, name in enumerate(names)
    )


def wheels(seed: int = 12) -> tuple[Made, ...]:
    """A hundred wheels, every construct at least once."""
    kinds = list(_PYTHON)
    names = (f"{kinds[number % len(kinds)]}_{number}".replace("-", "_") for number in range(COUNT))
    return tuple(
        Made(name, "1.0.0", wheel_files(kinds[number % len(kinds)], random.Random(f"{seed} {name}"), name))
        for number, name in enumerate(names)
    )
