"""Scans made by hand: one small and rich, one empty, one of any size."""

from __future__ import annotations

from licscan.model import (
    NOASSERTION,
    Claim,
    Component,
    ComponentKind,
    Conclusion,
    Copyright,
    Dependency,
    Evidence,
    EvidenceKind,
    Finding,
    Graph,
    InputFile,
    Location,
    Origin,
    Problem,
    Project,
    Scan,
    Scope,
    Severity,
    Source,
    SourceGroup,
    SourceGroupKind,
    SourceKind,
    Sources,
    Verdict,
)
from licscan.model.content import Content, ContentFile, ContentStatement, Question, Speaker, StaleEntry
from licscan.model.media import AiMark, MarkKind, MediaKind
from licscan.model.package import PackageMetadata
from licscan.model.surface import Judgement, Obligation, Surface

ROOT = "pkg:npm/chat-server@1.0.0"
LEFT = "pkg:npm/left@2.1.0"
COPYLEFT = "pkg:npm/%40deep/copyleft@3.0.0"
NAMELESS = "pkg:pypi/mystery@0.1"
LOOSE = "pkg:npm/loose"
LONG_TEXT = "Permission is granted to everybody for everything, " * 20


def evidence(expression: str | None, raw: str, **changed: object) -> Evidence:
    """A declared statement of a package.json, unless told otherwise."""
    values = {
        "kind": EvidenceKind.DECLARED,
        "field": "license",
        "raw": raw,
        "expression": expression,
        "origin": Origin.INSTALLED,
        "location": Location("node_modules/left/package.json", 5, 5),
        "method": "spdx",
        "score": 1.0,
    }
    return Evidence(**{**values, **changed})  # type: ignore[arg-type]


def rich_components() -> tuple[Component, ...]:
    """A root, a permissive package, a copyleft one below it, one without a license, one without a version."""
    claim = Claim(EvidenceKind.DECLARED, "license", "MIT", Origin.LOCK, Location("package-lock.json", 12, 12))
    return (
        Component(
            COPYLEFT,
            "@deep/copyleft",
            "3.0.0",
            "npm",
            source=Source(SourceKind.GIT, "https://git.example/deep/copyleft.git"),
            scopes=(Scope.RUNTIME, Scope.DEV),
            found_in=(Location("package-lock.json", 30, 30), Location("sub/package-lock.json")),
            patches=("patches/copyleft.patch",),
            condition="os=linux cpu=x64",
        ),
        Component(
            ROOT,
            "chat-server",
            "1.0.0",
            "npm",
            kind=ComponentKind.PROJECT,
            found_in=(Location("package.json"),),
            manifest="package.json",
        ),
        Component(
            LEFT,
            "left",
            "2.1.0",
            "npm",
            source=Source(SourceKind.REGISTRY, "https://registry.npm.example/left/-/left-2.1.0.tgz"),
            scopes=(Scope.RUNTIME,),
            found_in=(Location("package-lock.json", 10, 10),),
            claims=(claim, Claim(EvidenceKind.DECLARED, "licenses", '["MIT"]', Origin.LOCK, Location("x"), True)),
            hashes=("sha512:00ff", "sha1:ab"),
            installed_at=("node_modules/left",),
        ),
        Component(LOOSE, "loose", None, "npm", resolved=False, scopes=(Scope.OPTIONAL,)),
        Component(NAMELESS, "mystery", "0.1", "pypi", scopes=(Scope.DEV,), found_in=(Location("poetry.lock", 3, 3),)),
    )


def rich_conclusions() -> tuple[Conclusion, ...]:
    """One of each: several readings, agreeing texts, nothing at all, a package that says `no license`."""
    license_text = evidence(
        "MIT",
        LONG_TEXT,
        kind=EvidenceKind.FILE,
        field="LICENSE",
        location=Location("node_modules/left/LICENSE"),
        method="text",
        score=0.97,
        note="one paragraph more",
        sha256="ab" * 32,
    )
    return (
        Conclusion(
            COPYLEFT,
            NOASSERTION,
            None,
            NOASSERTION,
            "two readings of one statement",
            disagreements=("package.json says MIT, setup says GPL",),
            doubts=("GPL has several readings",),
            candidates=("GPL-3.0-only", "GPL-3.0-or-later"),
            evidence=(evidence(None, "GPL 3", method="alias", score=0.5, note="no word on later versions"),),
        ),
        Conclusion(
            LEFT,
            "MIT",
            "MIT",
            "MIT",
            "declared and text agree",
            evidence=(evidence("MIT", "MIT"), license_text),
            license_files=("LICENSE", "lib/vendor/LICENSE.txt"),
            notice_files=("NOTICE",),
            copyrights=(
                Copyright("node_modules/left/LICENSE", 3, "Copyright (c) 2019 Left Inc.", "Left Inc.", "2019"),
                Copyright("node_modules/left/NOTICE", None, "Copyright (c) <year> <owner>", template=True),
            ),
        ),
        Conclusion(LOOSE, NOASSERTION, None, NOASSERTION, "nothing was found"),
        Conclusion(NAMELESS, "NONE", None, "NONE", "the package says UNLICENSED"),
    )


def rich_findings() -> tuple[Finding, ...]:
    """A violation with paths, an open question, a note, one about the scan as a whole, and one that is waived."""
    return (
        Finding(
            "copyleft-shipped",
            Severity.ERROR,
            Verdict.VIOLATION,
            COPYLEFT,
            "GPL-3.0-only or GPL-3.0-or-later: the whole program must be offered under the GPL",
            "GPL-3.0 section 5(c): a work based on the program is licensed as a whole under this license.",
            paths=((ROOT, LEFT, COPYLEFT), (ROOT, COPYLEFT)),
            remedies=("replace the package", "ask the author for another license"),
            locations=(Location("package-lock.json", 30, 30),),
        ),
        Finding(
            "license-unknown",
            Severity.ERROR,
            Verdict.CANNOT_TELL,
            LOOSE,
            "no license statement was found",
            "Without a license all rights are reserved.",
            paths=((ROOT, LOOSE),),
            remedies=("install the package and scan again",),
        ),
        Finding("missing-license-text", Severity.NOTE, Verdict.OK, LEFT, "the notice file is not shipped"),
        Finding("lock-out-of-date", Severity.WARNING, Verdict.CANNOT_TELL, None, "package-lock.json is out of date"),
        Finding(
            "license-review",
            Severity.WARNING,
            Verdict.CANNOT_TELL,
            LEFT,
            "left 2.1.0 is to be looked at",
            surface="server",
            waiver="legal-opinion, says Ada, until 2027-01-31",
        ),
    )


def rich_content() -> Content:
    """A sound that a list speaks for, a picture with a mark of AI, and an entry of the list that is stale."""
    return Content(
        files=(
            ContentFile(
                "img/hero.png",
                MediaKind.IMAGE,
                "png",
                "ef" * 32,
                1234,
                "NOASSERTION",
                questions=(Question.AI_MARK,),
                marks=(AiMark(MarkKind.GENERATOR, "png:parameters", "Painter 2", "Steps: 20"),),
            ),
            ContentFile(
                "sounds/ring.mp3",
                MediaKind.AUDIO,
                "mp3",
                "ab" * 32,
                4321,
                "CC-BY-4.0",
                owner="Jane",
                art_set="Rings",
                builder="Ringmaker",
                basis="list",
                statements=(
                    ContentStatement(
                        Speaker.LIST, "CC-BY-4.0", "Jane", Location("sounds/CREDITS.md", 3, 3), "ring: Jane"
                    ),
                    ContentStatement(Speaker.EMBEDDED, "", "Bo", Location("sounds/ring.mp3"), "", True),
                ),
                questions=(Question.CONFLICT,),
                component="pkg:generic/content/rings",
                is_shipped=False,
            ),
        ),
        stale=(StaleEntry(Location("sounds/CREDITS.md", 7, 7), "gone"),),
    )


def rich_scan() -> Scan:
    """Five components, with something in every field of the model."""
    graph = Graph(
        roots=(ROOT,),
        components=rich_components(),
        dependencies=(
            Dependency(ROOT, COPYLEFT, Scope.DEV, "git+https://git.example/deep/copyleft.git"),
            Dependency(ROOT, LEFT, Scope.RUNTIME, "^2.0.0"),
            Dependency(ROOT, LOOSE, Scope.OPTIONAL, "*"),
            Dependency(ROOT, NAMELESS, Scope.DEV),
            Dependency(LEFT, COPYLEFT, Scope.RUNTIME, "3.x"),
        ),
    )
    return Scan(
        tool_version="0.1.0",
        project=Project("chat", ".", "Apache-2.0", ("every package is shipped on-premise", "outbound: Apache-2.0")),
        graph=graph,
        conclusions=rich_conclusions(),
        findings=rich_findings(),
        problems=(
            Problem("resolve", "package-lock.json", "one entry has no version", "dependency-unresolved"),
            Problem("locate", LOOSE, "not installed"),
        ),
        inputs=(
            InputFile("package-lock.json", "package-lock.json", "3", 4, 3, "cd" * 32),
            InputFile("poetry.lock", "poetry.lock", None, 1, 1),
        ),
        threshold=Severity.WARNING,
        tables=(("licenses.json", "2026-01-01"), ("policy.toml", "1")),
        sources=Sources(
            by_git=True,
            read=1203,
            own=1180,
            unread=1,
            own_licenses=("Apache-2.0",),
            own_holders=("Chat Inc.",),
            groups=(
                SourceGroup(
                    "static/lib/jquery.min.js",
                    SourceGroupKind.VENDORED,
                    "MIT",
                    1,
                    name="jQuery",
                    version="3.7.1",
                    license_file="static/lib/LICENSE",
                    holders=("OpenJS Foundation",),
                    rules=("mit_14.RULE",),
                    locations=(Location("static/lib/jquery.min.js", 1, 1),),
                ),
                SourceGroup(
                    "tests",
                    SourceGroupKind.FOREIGN_LICENSE,
                    "GPL-2.0-only",
                    22,
                    beside_own=True,
                    in_tests=True,
                    locations=(Location("tests/a.js", 2, 9), Location("tests/b.js")),
                ),
            ),
        ),
        content=rich_content(),
        surfaces=(
            Surface("server", "on-premise", "Apache-2.0", (ROOT,), "Apache-2.0", ("chat-server: taken as a server.",)),
            Surface("web", "browser", "proprietary", (), "proprietary"),
        ),
        judgements=rich_judgements(),
        metadata=(
            PackageMetadata(
                LEFT,
                description="Pads on the left",
                supplier="Ada Pad <ada@pad.example>",
                authors=("Ada Pad <ada@pad.example>", "Bo"),
                maintainers=("bo@pad.example",),
                homepage="https://pad.example/",
                repository="https://git.example/pad.git",
                issue_tracker="https://git.example/pad/issues",
                artifact_url="https://registry.example/left/-/left-2.1.0.tgz",
                artifact_hashes=("sha512:" + "ab" * 64,),
                published="2024-05-06",
                deprecated="use right-pad instead",
            ),
        ),
    )


def rich_judgements() -> tuple[Judgement, ...]:
    """A conflict, a question, duties on one surface and the same component with fewer on another."""
    notices = (Obligation("copyright-notice", "MIT", "notice paragraph"), Obligation("license-text", "MIT"))
    return (
        Judgement(
            "server", COPYLEFT, "dependency", "conflict", "GPL-3.0-only", (), ("It is one work. [GPL-3.0 5(c)]",)
        ),
        Judgement("server", LEFT, "dependency", "ok-obligations", "MIT", (*notices, Obligation("relink", "MIT", "6"))),
        Judgement("server", NAMELESS, "python-import", "review", NOASSERTION),
        Judgement("web", LEFT, "bundled-js", "ok", "MIT", notices),
    )


def empty_scan() -> Scan:
    """A folder in which nothing was found."""
    return Scan("0.1.0", Project("empty", ".", "Apache-2.0"), Graph())


LICENSES = ("MIT", "ISC", "Apache-2.0", "BSD-3-Clause", "MIT", "MPL-2.0", "MIT", NOASSERTION, "GPL-3.0-only", "MIT")


def synthetic_scan(count: int) -> Scan:
    """`count` packages in a tree of three below each, every tenth copyleft and every tenth unknown."""
    purls = [f"pkg:npm/package-{number:06}@1.0.{number % 7}" for number in range(count)]
    parents = [purls[(number - 1) // 3] if number else ROOT for number in range(count)]
    root = Component(ROOT, "chat-server", "1.0.0", "npm", ComponentKind.PROJECT, manifest="package.json")
    graph = Graph(
        roots=(ROOT,),
        components=(root, *(_package(purl, number) for number, purl in enumerate(purls))),
        dependencies=tuple(Dependency(parent, child) for parent, child in zip(parents, purls, strict=True)),
    )
    return Scan(
        tool_version="0.1.0",
        project=Project("synthetic", ".", "Apache-2.0", ("every package is shipped on-premise",)),
        graph=graph,
        conclusions=tuple(_conclusion(purl, LICENSES[n % 10]) for n, purl in enumerate(purls)),
        findings=tuple(f for n, purl in enumerate(purls) for f in _findings(graph, purl, LICENSES[n % 10])),
        inputs=(InputFile("package-lock.json", "package-lock.json", "3", count, count, "ef" * 32),),
    )


def _package(purl: str, number: int) -> Component:
    name = f"package-{number:06}"
    return Component(
        purl,
        name,
        purl.rpartition("@")[2],
        "npm",
        source=Source(SourceKind.REGISTRY, f"https://registry.npm.example/{name}.tgz"),
        scopes=(Scope.DEV,) if number % 4 == 3 else (Scope.RUNTIME,),
        found_in=(Location("package-lock.json", number * 7 + 1, number * 7 + 1),),
        hashes=(f"sha512:{number:0128x}",),
        installed_at=(f"node_modules/{name}",),
    )


def _conclusion(purl: str, license_id: str) -> Conclusion:
    known = license_id != NOASSERTION
    statements = (
        evidence(license_id, license_id),
        evidence(license_id, LONG_TEXT, kind=EvidenceKind.FILE, field="LICENSE", sha256="ab" * 32, method="text"),
    )
    return Conclusion(
        purl,
        license_id,
        license_id if known else None,
        license_id,
        "declared and text agree" if known else "nothing was found",
        evidence=statements if known else (),
        license_files=("LICENSE",) if known else (),
    )


def _findings(graph: Graph, purl: str, license_id: str) -> tuple[Finding, ...]:
    if license_id == NOASSERTION:
        code, verdict, message = "license-unknown", Verdict.CANNOT_TELL, "no license statement was found"
    elif license_id == "GPL-3.0-only":
        code, verdict, message = "copyleft-shipped", Verdict.VIOLATION, "GPL-3.0-only covers the whole program"
    else:
        return ()
    remedies = ("replace the package", "ask the author")
    why = f"Why {code} matters, in one line."
    return (Finding(code, Severity.ERROR, verdict, purl, message, why, graph.paths_to(purl), remedies),)
