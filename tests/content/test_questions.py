"""Which questions are asked about which files: each case a small project, written before it was run."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from licscan.attribution.reference import text_of
from licscan.compose.options import Options
from licscan.compose.scan import scan
from licscan.config import load_config
from licscan.model import Scan
from licscan.model.content import ContentFile
from tests.content.making import font, gguf, jpeg, mp3, ogg, png, svg

MANIFEST = '{"name": "talk", "version": "1.0.0", "license": "MIT", "author": "Talk Ltd"}'
MIT = "Copyright (c) 2024 Talk Ltd\n\n" + (text_of("MIT") or "")
OFL = "This Font Software is licensed under the SIL Open Font License, Version 1.1."

DEBIAN = """Format: https://www.debian.example/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: 2024 Talk Ltd
License: Expat

Files: sounds/bell.oga
Copyright: Ann Bell
License: CC-BY-3.0

Files: sounds/*/door.* sounds/?/*/*/*/*x
Copyright: Joe Door
License: CC0-1.0
"""

Files = dict[str, bytes | str]

LABELED = (
    "---\nlicense: apache-2.0\nAIGC:\n  Label: '1'\n  ContentProducer: '0011example'\n  ProduceID: 'x-1'\n---\n# Door\n"
)

CASES: dict[str, tuple[Files, dict[str, tuple[str, set[str]]]]] = {
    "a sound without a word": (
        {"sounds/ping.mp3": mp3()},
        {"sounds/ping.mp3": ("NOASSERTION", {"content-no-statement"})},
    ),
    "a model whose card has a label of AI, and one whose card has nothing else": (
        {
            "models/a/door.gguf": gguf(general_name="Door"),
            "models/a/README.md": LABELED,
            "models/b/gate.gguf": gguf(general_name="Gate", general_license="apache-2.0"),
            "models/b/README.md": LABELED.replace("license: apache-2.0\n", ""),
            "models/c/wall.gguf": gguf(general_name="Wall", general_license="apache-2.0"),
            "LICENSES/Apache-2.0.txt": text_of("Apache-2.0") or "",
        },
        {
            "models/a/door.gguf": ("Apache-2.0", {"ai-mark"}),
            "models/b/gate.gguf": ("Apache-2.0", {"ai-mark"}),
            "models/c/wall.gguf": ("Apache-2.0", set()),
        },
    ),
    "a sound by the project's own holder": (
        {"sounds/ping.mp3": mp3(TCOP="2024 Talk Ltd")},
        {"sounds/ping.mp3": ("MIT", set())},
    ),
    "a list by stems, own and from a stock site": (
        {
            "sounds/CREDITS.md": "# Sounds\n\nFrom https://pixabay.com/service/license-summary/:\n\n- `ping`\n"
            "- `pong`\n\nMade by ourselves:\n\n- `hello`\n",
            "sounds/ping.mp3": mp3(),
            "sounds/ping.ogg": ogg(),
            "sounds/hello.ogg": ogg(),
        },
        {
            "sounds/ping.mp3": ("LicenseRef-scancode-pixabay-content", {"content-terms"}),
            "sounds/ping.ogg": ("LicenseRef-scancode-pixabay-content", {"content-terms"}),
            "sounds/hello.ogg": ("MIT", set()),
        },
    ),
    "own by the list, another's by the file": (
        {
            "sounds/README.md": "Recorded by the team: `bell.mp3`, `door.mp3`\n",
            "sounds/bell.mp3": mp3(TCOP="Creative Commons Attribution 3.0"),
            "sounds/door.mp3": mp3(),
        },
        {"sounds/bell.mp3": ("MIT", {"content-conflict"}), "sounds/door.mp3": ("MIT", set())},
    ),
    "a stock site in the tags": (
        {"a/ding.mp3": mp3(TIT2="http://www.freesfx.co.uk"), "a/tone.mp3": mp3(TPE1="站长素材 sc.chinaz.com")},
        {
            "a/ding.mp3": ("NOASSERTION", {"content-stock-source"}),
            "a/tone.mp3": ("NOASSERTION", {"content-stock-source"}),
        },
    ),
    "an open font whose text is missing, and one whose text is there": (
        {
            "fonts/Plain.ttf": font({1: "Plain", 13: OFL, 0: "Copyright 2020 The Plain Authors"}),
            "other/apache.ttf": font(
                {1: "Other", 13: "Licensed under the Apache License, Version 2.0", 0: "Copyright 2011 Other"}
            ),
            "LICENSES/Apache-2.0.txt": text_of("Apache-2.0") or "",
        },
        {
            "fonts/Plain.ttf": ("OFL-1.1", {"content-text-missing"}),
            "other/apache.ttf": ("Apache-2.0", set()),
        },
    ),
    "a font that forbids embedding, and one that does so under an open license": (
        {
            "fonts/Closed.ttf": font({1: "Closed", 0: "(c) 1999 Foundry Inc. All rights reserved."}, fstype=2),
            "fonts/Open.ttf": font({1: "Open", 13: OFL, 0: "Copyright 2020 Open Authors"}, fstype=8),
        },
        {
            "fonts/Closed.ttf": ("NOASSERTION", {"content-restricted"}),
            "fonts/Open.ttf": ("OFL-1.1", {"content-text-missing"}),
        },
    ),
    "families that are known, of files that lost their fields": (
        {
            "fonts/a.ttf": font(
                {1: "Roboto Medium", 5: "Version 2.137", 0: "Copyright 2011 Google Inc. All Rights Reserved."}
            ),
            "fonts/b.ttf": font({1: "Roboto", 5: "Version 3.008"}),
            "fonts/c.ttf": font({1: "PingFang SC"}),
            "fonts/d.ttf": font({1: "方正兰亭黑"}),
            "fonts/e.ttf": font({1: "Whitney Book"}, fstype=2),
            "fonts/f.ttf": font({1: "Monaco", 13: OFL}),
        },
        {
            "fonts/a.ttf": ("Apache-2.0", {"content-text-missing"}),
            "fonts/b.ttf": ("OFL-1.1", {"content-text-missing"}),
            "fonts/c.ttf": ("NONE", {"content-unlicensed-set"}),
            "fonts/d.ttf": ("NONE", {"content-unlicensed-set"}),
            "fonts/e.ttf": ("NONE", {"content-unlicensed-set"}),
            "fonts/f.ttf": ("OFL-1.1", {"content-text-missing"}),
        },
    ),
    "a font that a tool put together": (
        {"fonts/iconfont.ttf": font({1: "iconfont", 0: "Created by iconfont"})},
        {"fonts/iconfont.ttf": ("NOASSERTION", {"content-no-statement"})},
    ),
    "icons and logos of one's own, and screenshots": (
        {
            "img/add.png": png(),
            "img/close.svg": svg(),
            "img/talk-logo.svg": svg(),
            "img/logo.png": png(),
            "docs/screenshots/main.jpg": jpeg(),
        },
        {
            "img/add.png": ("NOASSERTION", set()),
            "img/close.svg": ("NOASSERTION", set()),
            "img/talk-logo.svg": ("NOASSERTION", set()),
            "img/logo.png": ("NOASSERTION", set()),
            "docs/screenshots/main.jpg": ("NOASSERTION", set()),
        },
    ),
    "photographs": (
        {"img/backgrounds/sea.jpg": jpeg(1920, 1080)},
        {"img/backgrounds/sea.jpg": ("NOASSERTION", {"content-no-statement"})},
    ),
    "signs of third parties": (
        {
            "img/login/github.svg": svg(),
            "img/login/google.svg": svg(),
            "img/login/wechat.svg": svg(),
            "img/icons/target.svg": svg(),
            "img/icons/line.svg": svg(),
            "img/icons/arrow.svg": svg(),
            "img/icons/back.svg": svg(),
        },
        {
            "img/login/github.svg": ("NOASSERTION", {"content-trademark"}),
            "img/login/google.svg": ("NOASSERTION", {"content-trademark"}),
            "img/login/wechat.svg": ("NOASSERTION", {"content-trademark"}),
            "img/icons/target.svg": ("NOASSERTION", set()),
            "img/icons/line.svg": ("NOASSERTION", set()),
            "img/icons/arrow.svg": ("NOASSERTION", set()),
        },
    ),
    "not for commercial use, by a license and by words": (
        {
            "anim/README.md": "Animations under https://creativecommons.org/licenses/by-nc-sa/4.0/\n",
            "anim/wave.png": png(),
            "faces/CREDITS.txt": "joy.png by Ana Lima, not for commercial use\n",
            "faces/joy.png": png(),
        },
        {
            "anim/wave.png": ("CC-BY-NC-SA-4.0", {"content-noncommercial"}),
            "faces/joy.png": ("NOASSERTION", {"content-noncommercial"}),
        },
    ),
    "annotations come first": (
        {
            "REUSE.toml": 'version = 1\n[[annotations]]\npath = "img/**"\nSPDX-FileCopyrightText = "2021 Bo"\n'
            'SPDX-License-Identifier = "CC-BY-4.0"\n',
            "img/a.jpg": jpeg(),
            "img/deep/b.jpg": jpeg(),
            "img/deep/b.jpg.license": "SPDX-FileCopyrightText: 2024 Talk Ltd\nSPDX-License-Identifier: MIT\n",
        },
        {"img/a.jpg": ("CC-BY-4.0", set()), "img/deep/b.jpg": ("MIT", set())},
    ),
    "an annotation and the file's own fields disagree": (
        {
            "REUSE.toml": 'version = 1\n[[annotations]]\npath = "f/*.otf"\nSPDX-FileCopyrightText = "2021 Bo"\n'
            'SPDX-License-Identifier = "OFL-1.1"\n',
            "f/a.otf": font({1: "A", 13: "Creative Commons Attribution 3.0 Unported License"}),
        },
        {"f/a.otf": ("OFL-1.1", {"content-conflict", "content-text-missing"})},
    ),
    "a site is said to give what it does not": (
        {
            "img/CREDITS.md": "All photographs come from Pexels under CC0: *.jpg\n",
            "img/a.jpg": jpeg(),
            "img/b.jpg": jpeg(),
        },
        {"img/a.jpg": ("CC0-1.0", {"content-conflict"}), "img/b.jpg": ("CC0-1.0", {"content-conflict"})},
    ),
    "models by card, by their own keys, and without": (
        {
            "models/a/README.md": "---\nlicense: other\nlicense_name: llama3.1\n---\n# A\n",
            "models/a/w.gguf": gguf(general_architecture="llama"),
            "models/b.gguf": gguf(general_architecture="qwen2", general_license="apache-2.0"),
            "models/c.gguf": gguf(general_architecture="x"),
            "models/talk_half_v2.gguf": gguf(general_architecture="x"),
        },
        {
            "models/a/w.gguf": ("LicenseRef-scancode-llama-3.1-license-2024", {"model-terms", "content-text-missing"}),
            "models/b.gguf": ("Apache-2.0", {"content-text-missing"}),
            "models/c.gguf": ("NOASSERTION", {"content-no-statement"}),
            "models/talk_half_v2.gguf": ("NOASSERTION", set()),
        },
    ),
    "lists of many forms": (
        {
            "CREDITS.md": "# Credits\n\n## Sounds\n\n- `audio/ring.mp3`\n  - Author: Jane Doe\n"
            "  - License: CC-BY-NC-4.0\n- `audio/ping.mp3`\n  - Author: Bo Li\n  - License: CC0-1.0\n",
            "art/SOURCES.txt": "File: sea.jpg\nAuthor: Ann\nLicense: CC-BY-SA-4.0\n\n"
            "File: hill.jpg\nAuthor: Ben\nLicense: MIT\n",
            "tab/README.md": "| File | License |\n|---|---|\n| `a.mp3` | CC-BY-ND-4.0 |\n| `b.mp3` | CC0-1.0 |\n",
            "zh/来源.md": "以下音效由我们自行制作：\n\n- hello.mp3\n\n"
            "以下音效来自爱给网，仅供个人学习使用：\n\n- bye.mp3\n",
            "debian/copyright": "Format: https://x.example/doc/copyright-format/1.0/\n\nFiles: deb/*\n"
            "Copyright: 2010 Cara\nLicense: CC-BY-NC-3.0\n",
            "audio/ring.mp3": mp3(),
            "audio/ping.mp3": mp3(),
            "art/sea.jpg": jpeg(),
            "art/hill.jpg": jpeg(),
            "tab/a.mp3": mp3(),
            "tab/b.mp3": mp3(),
            "zh/hello.mp3": mp3(),
            "zh/bye.mp3": mp3(),
            "deb/x.mp3": mp3(),
        },
        {
            "audio/ring.mp3": ("CC-BY-NC-4.0", {"content-noncommercial"}),
            "audio/ping.mp3": ("CC0-1.0", set()),
            "art/sea.jpg": ("CC-BY-SA-4.0", {"content-share-alike"}),
            "art/hill.jpg": ("MIT", set()),
            "tab/a.mp3": ("CC-BY-ND-4.0", set()),
            "tab/b.mp3": ("CC0-1.0", set()),
            "zh/hello.mp3": ("MIT", set()),
            "zh/bye.mp3": ("NOASSERTION", {"content-noncommercial", "content-stock-source"}),
            "deb/x.mp3": ("CC-BY-NC-3.0", {"content-noncommercial"}),
        },
    ),
    "what was bought, what is one's own by record, and by digest": (
        {
            "licscan.toml": '[[content]]\nfiles = ["a/*.mp3"]\nlicense = "LicenseRef-Envato"\nreference = "order 1"\n'
            '[[content]]\nfiles = ["b/*"]\nownership = "own"\n'
            f'[[content]]\nfiles = ["sha256:{sha256(ogg()).hexdigest()}"]\nlicense = "CC0-1.0"\n',
            "a/x.mp3": mp3(COMM="https://audiojungle.net/item/1"),
            "b/y.mp3": mp3(),
            "c/z.ogg": ogg(),
        },
        {
            "a/x.mp3": ("LicenseRef-Envato", set()),
            "b/y.mp3": ("MIT", set()),
            "c/z.ogg": ("CC0-1.0", set()),
        },
    ),
    "a mark of AI": (
        {"img/hero.png": png(parameters="a cat\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Model: x")},
        {"img/hero.png": ("NOASSERTION", {"ai-mark"})},
    ),
    "a font called as the project, which names nobody": (
        {
            "fonts/talk.ttf": font({1: "Talk Icons"}),
            "fonts/other.ttf": font({1: "Other Icons"}),
            "fonts/built.ttf": font({0: "Copyright (C) 2026 by original authors @ fontello.com", 1: "Talk"}),
        },
        {
            "fonts/talk.ttf": ("NOASSERTION", set()),
            "fonts/other.ttf": ("NOASSERTION", {"content-no-statement"}),
            "fonts/built.ttf": ("NOASSERTION", {"content-no-statement"}),
        },
    ),
    "a face that is the project's own sign": (
        {"emoji/talk.png": png(), "emoji/smile.png": png(17)},
        {"emoji/talk.png": ("NOASSERTION", set()), "emoji/smile.png": ("NOASSERTION", {"content-no-statement"})},
    ),
    "a program's own icon where the desktop looks for it, and signs of protocols": (
        {
            "share/icons/hicolor/48x48/apps/telegram.png": png(),
            "share/apps/telegram.png": png(17),
            "share/protocols/skype.png": png(18),
        },
        {
            "share/icons/hicolor/48x48/apps/telegram.png": ("NOASSERTION", set()),
            "share/apps/telegram.png": ("NOASSERTION", {"content-trademark"}),
            "share/protocols/skype.png": ("NOASSERTION", {"content-trademark"}),
        },
    ),
    "a copyright file of Debian beside the sources": (
        {
            "debian/copyright": DEBIAN,
            "sounds/bell.oga": ogg(),
            "sounds/own.oga": ogg() + b"1",
            "sounds/sub/door.oga": ogg() + b"2",
        },
        {
            "sounds/bell.oga": ("CC-BY-3.0", set()),
            "sounds/own.oga": ("MIT", set()),
            "sounds/sub/door.oga": ("CC0-1.0", set()),
        },
    ),
    "a copyright file of Debian in an installed tree": (
        {
            "usr/share/doc/talk/copyright": DEBIAN,
            "usr/share/sounds/bell.oga": ogg(),
            "usr/share/talk/own.oga": ogg() + b"1",
        },
        {"usr/share/sounds/bell.oga": ("CC-BY-3.0", set()), "usr/share/talk/own.oga": ("MIT", set())},
    ),
    "copyright files of two packages in one tree": (
        {
            "usr/share/doc/talk/copyright": DEBIAN,
            "usr/share/doc/other/copyright": DEBIAN,
            "usr/share/talk/own.oga": ogg(),
        },
        {"usr/share/talk/own.oga": ("NOASSERTION", {"content-no-statement"})},
    ),
}


def scanned(folder: Path, files: Files) -> Scan:
    """A scan of a project with these files and the usual manifest."""
    for path, data in {"package.json": MANIFEST, "LICENSE": MIT, **files}.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data.encode() if isinstance(data, str) else data)
    return scan(Options(paths=(folder,), offline=True, config=load_config(folder)))


def by_path(made: Scan) -> dict[str, ContentFile]:
    assert made.content is not None
    return {file.path: file for file in made.content.files}


@pytest.mark.parametrize("name", CASES)
def test_questions(name: str, tmp_path: Path) -> None:
    files, expected = CASES[name]
    found = by_path(scanned(tmp_path, files))
    told = {path: (found[path].expression, {one.value for one in found[path].questions}) for path in expected}
    assert told == expected
