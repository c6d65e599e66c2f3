"""What the product promises for bad input, through the command line: one problem for the bad file, the rest stands."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from licscan.base.tables import load_json
from licscan.cli import run
from tests import hostile
from tests.homes import move_in

pytestmark = pytest.mark.slow

SAFETY_NET = 600
"""Seconds after which what never ends is ended; nothing that ends comes near."""
UNREADABLE = {"input-unreadable", "entry-not-understood"}
GOOD = {
    "pkg:generic/project#good",
    "pkg:npm/goodness@1.0.0",
    "pkg:npm/goodness-a@1.2.3",
    "pkg:npm/goodness-b@2.0.0",
    "pkg:pypi/goodness-py@3.1",
}

VERDICT = re.compile(
    r"[^\x00-\x1f]+: (?:May ship|May not ship as it is|Cannot tell whether it may ship)[^\x00-\x1f]*\n"
)
"""All that stands on standard error where the report goes elsewhere: one line, without control characters."""

Report = dict[str, Any]


@pytest.fixture(autouse=True)
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shared_index: Path) -> Path:
    """A user without settings and caches, but with a folder of wheels; his home."""
    home = tmp_path / "home"
    move_in(monkeypatch, home, shared_index)
    (home / "wheels").mkdir()
    (home / "pip.conf").write_text(f"[global]\nfind-links = {home}/wheels\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(home / "pip.conf"))
    for name in ("PIP_FIND_LINKS", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "NPM_CONFIG_USERCONFIG"):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    hostile.good(folder / "good")
    return folder


@pytest.fixture
def scan(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Any:
    """Scans a folder, in this process, and checks what holds for every scan; the report."""

    def scanned(folder: Path, *arguments: str) -> Report:
        database = tmp_path / "scans.db"
        status = run(["scan", str(folder), "--offline", "--format", "json", "--db", str(database), *arguments])
        said = capfd.readouterr()
        assert status in (0, 1, 2), said.err
        assert VERDICT.fullmatch(said.err)
        return checked(json.loads(said.out), status)

    return scanned


def checked(report: Report, status: int) -> Report:
    """A well-formed report whose gate is the exit status, and in which the good project is whole."""
    jsonschema_rs.validate(load_json("scan.schema.json"), report)
    assert status == {"ok": 0, "violation": 1, "cannot-tell": 2}[report["gate"]["verdict"]]
    assert good_part(report) == GOOD
    assert not [p for p in report["problems"] if p["subject"].startswith("good/")]
    assert {i["path"]: (i["seen"], i["understood"]) for i in report["inputs"] if i["path"].startswith("good/")} == {
        "good/package-lock.json": (2, 2),
        "good/requirements.txt": (1, 1),
    }
    for problem in report["problems"]:
        assert "licscan failed with" not in problem["message"], problem
        assert "\n" not in problem["message"], problem
        assert len(problem["message"]) < 2_000, problem
    return report


def good_part(report: Report) -> set[str]:
    """The components that stand in the good project."""
    return {c["purl"] for c in report["components"] if any(p["path"].startswith("good/") for p in c["found_in"])}


def problems_of(report: Report, folder: str) -> list[Report]:
    return [p for p in report["problems"] if p["subject"].startswith(f"{folder}/")]


def unreadable(report: Report, path: str) -> str:
    """The one sentence about a file that gave nothing; its finding says that nobody can tell."""
    said = [p for p in report["problems"] if p["subject"] == path and p["code"] == "input-unreadable"]
    assert len(said) == 1, problems_of(report, path.partition("/")[0])
    found = [f for f in report["findings"] if [place["path"] for place in f["locations"]] == [path]]
    assert [(f["code"], f["verdict"]) for f in found] == [("input-unreadable", "cannot-tell")]
    assert path not in {i["path"] for i in report["inputs"]}
    assert report["gate"]["verdict"] != "ok"
    message: str = said[0]["message"]
    return message


def answered(report: Report, path: str) -> bool:
    """Whether a file was read; if not, there is exactly one problem about it."""
    read = path in {i["path"] for i in report["inputs"]}
    if not read:
        unreadable(report, path)
    return read


def scan_all(scan: Any, project: Path, format_name: str, contents: Iterable[bytes | str]) -> Report:
    """One scan of many bad files of a format, each in a folder of its own."""
    paths = [hostile.write(project / f"bad{n:04}", format_name, text) for n, text in enumerate(contents)]
    report: Report = scan(project)
    for path in paths:
        answered(report, path)
    return report


@pytest.mark.parametrize("format_name", hostile.FILE_FORMATS)
class TestEveryFormat:
    """Each test scans many broken copies of one file at once."""

    def test_what_is_no_text_of_the_format(self, scan: Any, project: Path, format_name: str) -> None:
        contents = hostile.raw(hostile.sample(format_name))
        report = scan_all(scan, project, format_name, contents.values())
        for number, name in enumerate(contents):
            if name in ("nul", "elf", "binary", "utf-16-half", "utf-16-without-bom"):
                assert unreadable(report, f"bad{number:04}/{format_name}")

    def test_truncated(self, scan: Any, project: Path, format_name: str) -> None:
        scan_all(scan, project, format_name, hostile.truncated(hostile.sample(format_name), 25))

    def test_words_in_the_wrong_place(self, scan: Any, project: Path, format_name: str) -> None:
        scan_all(scan, project, format_name, hostile.garbled(hostile.sample(format_name), 60))

    def test_nested_a_hundred_thousand_times(self, scan: Any, project: Path, format_name: str) -> None:
        scan_all(scan, project, format_name, hostile.deep(format_name).values())


@pytest.mark.parametrize("format_name", hostile.STRUCTURED)
class TestStructuredFormats:
    """What JSON, TOML and YAML can hold that the format does not ask for."""

    def test_wrong_types_and_names(self, scan: Any, project: Path, format_name: str) -> None:
        scan_all(scan, project, format_name, hostile.mistyped(format_name, hostile.sample(format_name), 100))

    def test_versions_that_nobody_knows(self, scan: Any, project: Path, format_name: str) -> None:
        scan_all(scan, project, format_name, hostile.versioned(format_name, hostile.sample(format_name)))


@pytest.mark.parametrize("format_name", [*hostile.YAML_FORMATS, "yarn.lock"])
def test_aliases_that_multiply(scan: Any, project: Path, format_name: str) -> None:
    """A scan that made the values would never end: there are more than any memory holds."""
    path = hostile.write(project / "bad", format_name, hostile.alias_bomb())
    answered(scan(project), path)


@pytest.mark.parametrize("format_name", hostile.FILE_FORMATS)
@pytest.mark.parametrize("kind", ["fifo", "socket", "broken-link", "looping-link", "link-outside", "folder"])
def test_what_is_no_file(scan: Any, project: Path, format_name: str, kind: str) -> None:
    folder = project / "bad"
    folder.mkdir()
    path = folder / format_name
    outside = project.parent / "outside"
    outside.write_text("{}")
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "socket":
        here = Path.cwd()
        os.chdir(folder)  # the address of a socket is short
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(format_name)
        os.chdir(here)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to({"broken-link": "nowhere", "looping-link": format_name, "link-outside": outside}[kind])
    unreadable(scan(project), f"bad/{format_name}")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file: a file without permissions cannot be tested")
def test_a_file_without_permissions(scan: Any, project: Path) -> None:
    path = hostile.write(project / "bad", "uv.lock", "version = 1")
    (project / path).chmod(0)
    assert "Permission denied" in unreadable(scan(project), path)


def licscan(*arguments: str | Path, cwd: Path | None = None) -> tuple[int, str, str, int]:
    """One command line in a separate process: status, output, error, and the peak of its memory in bytes."""
    code = (
        "import resource, sys; from licscan.cli import run; status = run(sys.argv[1:]); sys.stdout.flush();"
        "print('peak', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, file=sys.stderr); sys.exit(status)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        cwd=cwd,
        check=False,
        timeout=SAFETY_NET,
    )
    error = done.stderr.decode()
    said, _mark, peak = error.rpartition("peak ")
    return done.returncode, done.stdout.decode(), said if peak else error, int(peak or 0)


def secret_project(folder: Path) -> None:
    """A project whose addresses carry credentials in every way that its files have."""
    user, word, token = "s3cretuser", "s3cretword", "s3crettoken"
    git = f"git+https://{user}:{word}@git.example/a/b.git#0123456789012345678901234567890123456789"
    url = f"https://{token}@files.example/c-1.0.0.tgz?access_token={token}&a=b"
    needs = {"b": git, "c": url, "d": f"https://{user}:{word}@files.example/d.tgz#token={token}"}
    folder.mkdir()
    (folder / "package.json").write_text(json.dumps({"name": "x", "version": "1.0.0", "dependencies": needs}))
    packages = {
        "": {"name": "x", "version": "1.0.0", "dependencies": needs},
        "node_modules/b": {"version": "1.0.0", "resolved": git},
        "node_modules/c": {"version": "1.0.0", "resolved": url},
        "node_modules/d": {"version": f"https://{user}:{word}@files.example/d.tgz", "resolved": url},
    }
    (folder / "package-lock.json").write_text(json.dumps({"lockfileVersion": 3, "packages": packages}))
    (folder / "requirements.txt").write_text(
        f"--index-url https://{user}:{word}@pypi.example/simple\n--extra-index-url https://{token}@pypi.example/simple\n"
        f"e @ {git}\n{git}#egg=f\n-e {git}#egg=g\nh @ https://{user}:{word}@files.example/h-1.0-py3-none-any.whl\n"
        f"what is this https://{user}:{word}@files.example\n-r https://{user}:{word}@files.example/more.txt\n"
        f"i==1 ; nonsense https://{user}:{word}@files.example?token={token}\n"
    )
    for name, text in {
        "uv.lock": f'version = 1\n[[package]]\nname = "u"\nversion = "1"\nsource = {{ git = "{git}" }}\n'
        f'[[package]]\nname = "v"\nversion = "1"\n'
        f'source = {{ registry = "https://{user}:{word}@pypi.example/simple" }}\n',
        "yarn.lock": f'# yarn lockfile v1\n\n"y@{git}":\n  version "1.0.0"\n  resolved "{git}"\n\n'
        f'z@^1.0.0:\n  version "1.0.0"\n  resolved "https://{user}:{word}@files.example/z-1.0.0.tgz#abc"\n',
        "Pipfile": f'[[source]]\nurl = "https://{user}:{word}@pypi.example/simple"\n'
        f'[packages]\nq = {{git = "{git}"}}\n',
        "pyproject.toml": f'[project]\nname = "p"\nversion = "1"\ndependencies = ["r @ {git}", "not / ok {git}"]\n',
        "environment.yml": f"channels:\n- https://{user}:{word}@conda.example/t/{token}/main\ndependencies:\n"
        f"- https://{user}:{word}@conda.example/t/{token}/x-1.0-0.conda\n- pip:\n  - s @ {git}\n",
    }.items():
        hostile.write(folder / name.replace(".", "-"), name, text)


def test_credentials_appear_nowhere(tmp_path: Path, project: Path) -> None:
    secret_project(project / "bad")
    shown = []
    for format_ in ("json", "table"):
        status, out, error, _peak = licscan(
            "scan", project, "--offline", "--format", format_, "--db", tmp_path / "scans.db"
        )
        assert status == 2, error
        shown += [out, error]
    shown += [path.read_bytes().decode("latin-1") for path in tmp_path.glob("scans.db*")]
    assert "goodness-b" in shown[0]
    for text in shown:
        for at in (index for index in range(len(text)) if text.startswith("s3cret", index)):
            pytest.fail(text[max(0, at - 300) : at + 100])


HUGE = 200 * 1024 * 1024


def huge(format_name: str, kind: str, path: Path) -> None:
    """A file of 200 MB: nothing but holes, one line, or entries of the format without end."""
    with path.open("wb") as file:
        if kind == "sparse":
            file.truncate(HUGE)
        elif kind == "line":
            file.writelines(b"x" * 1024 * 1024 for _megabyte in range(200))
        else:
            begin, one = ENTRIES[format_name]
            block = one * (1024 * 1024 // len(one))
            file.write(begin)
            file.writelines(block for _megabyte in range(200))


ENTRIES = {
    "package-lock.json": (b'{"lockfileVersion": 3, "packages": {', b'"node_modules/a":{"version":"1.0.0"},'),
    "pnpm-lock.yaml": (
        b"lockfileVersion: '9.0'\npackages:\n",
        b"  a@1.0.0:\n    resolution: {integrity: sha512-aaaa}\n",
    ),
    "bun.lock": (b'{"lockfileVersion": 1, "packages": {', b'"a":["a@1.0.0","",{},""],'),
    "yarn.lock": (b"# yarn lockfile v1\n", b'a@^1.0.0:\n  version "1.0.0"\n\n'),
    "uv.lock": (b"version = 1\n", b'[[package]]\nname = "a"\nversion = "1.0"\n\n'),
    "requirements.txt": (b"", b"a==1.0\n"),
    "setup.py": (b"from setuptools import setup\n", b"setup(name='a')\n"),
    "setup.cfg": (b"[metadata]\nname = a\n[options]\ninstall_requires =\n", b"  a==1.0\n"),
}


# holes are written at once: every format has them; what else is in so large a file matters to none that is refused
@pytest.mark.parametrize(
    ("format_name", "kind"),
    [
        *((name, "sparse") for name in ENTRIES),
        *((name, kind) for name in ("package-lock.json", "requirements.txt") for kind in ("line", "entries")),
    ],
)
def test_two_hundred_megabytes(tmp_path: Path, project: Path, format_name: str, kind: str) -> None:
    (project / "bad").mkdir()
    huge(format_name, kind, project / "bad" / format_name)
    status, out, error, peak = licscan("scan", project, "--offline", "--format", "json", "--db", tmp_path / "scans.db")
    assert peak < 2 * 1024**3
    assert VERDICT.fullmatch(error)
    answered(checked(json.loads(out), status), f"bad/{format_name}")


def test_links_between_folders_and_out_of_the_project(scan: Any, project: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    hostile.write(outside / "secret", "package.json", '{"name": "secret", "version": "6.6.6", "license": "MIT"}')
    modules = project / "bad" / "node_modules"
    modules.mkdir(parents=True)
    (project / "bad" / "package.json").write_text('{"name": "x", "dependencies": {"secret": "*", "loop": "*"}}')
    (modules / "secret").symlink_to(outside / "secret")
    (modules / "loop").symlink_to(modules)
    (modules / "self").symlink_to("self")
    (modules / "@scope").symlink_to("..")
    (project / "bad" / "up").symlink_to("..")
    (project / "bad" / "root").symlink_to("/")
    report = scan(project)
    assert "6.6.6" not in json.dumps(report)


def test_many_and_deep_folders(scan: Any, project: Path, tmp_path: Path) -> None:
    here = Path.cwd()
    folder = project / "deep"
    folder.mkdir()
    os.chdir(folder)
    for _level in range(5_000):
        os.mkdir("d")
        os.chdir("d")
    os.chdir(here)
    (project / "many").mkdir()
    for number in range(50_000):
        (project / "many" / f"f{number}").touch()
    report = scan(project)
    assert "cannot be listed" in "".join(p["message"] for p in report["problems"] if p["subject"].startswith("deep"))
    subprocess.run(["rm", "-rf", str(folder)], check=True)


def test_workspaces_and_requirements_in_circles(scan: Any, project: Path) -> None:
    for name, other in (("a", "b"), ("b", "a")):
        member = {
            "name": name,
            "version": "1.0.0",
            "workspaces": [f"../{other}", ".", ".."],
            "dependencies": {other: "*"},
        }
        hostile.write(project / "ring" / name, "package.json", json.dumps(member))
    (project / "ring" / "package.json").write_text('{"name": "ring", "workspaces": ["a", "b", ".", "..", "../../.."]}')
    hostile.write(
        project / "self", "requirements.txt", "-r requirements.txt\n-c ./requirements.txt\n-r ../self/more.txt\n"
    )
    (project / "self" / "more.txt").write_text("-r requirements.txt\nx==1\n-r ../../../../etc/passwd\n-e ../../..\n")
    report = scan(project)
    assert "pkg:pypi/x@1" in {c["purl"] for c in report["components"]}
    assert "outside" in "".join(p["message"] for p in problems_of(report, "self"))


def test_dependencies_outside_of_the_project(scan: Any, project: Path, tmp_path: Path) -> None:
    hostile.write(tmp_path / "outside", "package.json", '{"name": "secret", "version": "6.6.6", "license": "MIT"}')
    needs = {"a": "file:../../outside", "b": "link:../../outside", "c": "file:/etc", "d": "portal:../../outside"}
    hostile.write(project / "bad", "package.json", json.dumps({"name": "x", "dependencies": needs}))
    report = scan(project)
    assert "6.6.6" not in json.dumps(report)
    names = {c["name"] for c in report["components"] if not c["resolved"] or c["source"]["kind"] == "path"}
    assert {"a", "b", "c", "d"} <= names


def test_a_table_has_no_control_characters(tmp_path: Path, project: Path) -> None:
    for number, name in enumerate(hostile.ESCAPES):
        lock = {"lockfileVersion": 3, "packages": {f"node_modules/{name}": {"version": name, "license": name}}}
        hostile.write(project / f"bad{number}", "package-lock.json", json.dumps(lock))
    weird = project / "bad\x1b[31m[bold]\u202e"
    hostile.write(weird, "uv.lock", "[")
    hostile.write(project / os.fsdecode(b"bad\xff"), "uv.lock", "[")
    status, out, error, _peak = licscan("scan", project, "--offline", "--db", tmp_path / "scans.db")
    assert (status, error) == (2, "")
    assert {c for c in out if unicodedata.category(c) in ("Cc", "Cf", "Cs")} <= {"\n"}


def test_a_read_only_project_names_the_remedy(project: Path) -> None:
    (project / ".licscan").write_text("a file where the folder should be")
    status, out, error, _peak = licscan("scan", project, "--offline")
    assert (status, out) == (2, "")
    assert error.count("\n") == 1
    assert "cannot be written" in error


class _Answers(BaseHTTPRequestHandler):
    """A registry on this machine that gives each package another bad answer; the last part of its path says which."""

    over: threading.Event
    """Set when the test is over."""

    def do_GET(self) -> None:
        name = self.path.partition("bad-")[2]
        if name:
            kind = name.partition("/")[0]
            if kind == "silent":
                self.over.wait(SAFETY_NET)
            elif kind == "drip":
                self._start(200, 100_000)
                with suppress(OSError):  # who asked has gone away
                    while not self.over.wait(0.1):
                        self.wfile.write(b" ")
                        self.wfile.flush()
            elif kind.isdigit():
                self._start(int(kind), 0)
            else:
                self._start(200, 6)
                self.wfile.write(b"\0{[\xff]>")
        else:
            self._start(404, 0)

    def _start(self, status: int, length: int) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, *_said: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def registry(kind: str, nobody: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The bad registry, set in the user's own settings, and a client that does not wait long for what never comes."""
    from licscan.registry import client, pool, wire

    soon = pool.retries(0.01)
    monkeypatch.setattr(pool, "retries", lambda _backoff: soon)
    if kind == "drip":
        monkeypatch.setattr(wire, "MAX_SECONDS", 1.0)
    if kind == "silent":
        monkeypatch.setattr(client, "READ_TIMEOUT", 1.0)
    over = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answers", (_Answers,), {"over": over}))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/"
    (nobody / ".npmrc").write_text(f"registry={url}\n")
    (nobody / "pip.conf").write_text(f"[global]\nindex-url = {url}simple/\n")
    yield url
    over.set()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("kind", "words", "count"),
    [
        ("404", "does not have", 3),
        ("429", "HTTP 429", 1),
        ("500", "HTTP 500", 1),
        ("garbage", "is not JSON", 1),
        ("silent", "no answer in time", 1),
        ("drip", "the answer", 1),
    ],
)
def test_a_registry_that_answers_badly(registry: str, project: Path, kind: str, words: str, count: int) -> None:
    """What ails the registry is said once for all packages; what it does not have is said of each."""
    from licscan.compose import scan as pipeline
    from licscan.compose.options import Options

    entries = {f"node_modules/bad-{kind}": {"version": "1.0.0"}, f"node_modules/@s/bad-{kind}": {"version": "1.0.0"}}
    hostile.write(project / "bad", "package-lock.json", json.dumps({"lockfileVersion": 3, "packages": entries}))
    (project / "bad" / "requirements.txt").write_text(f"bad-{kind}==1.0\n")
    result = pipeline.scan(Options((project,), jobs=4))
    assert result.by_purl["pkg:npm/goodness-b@2.0.0"].concluded == "Apache-2.0"
    said = [p for p in result.problems if f"bad-{kind}" in p.subject and p.stage == "locate"]
    assert len(said) == count, said
    assert all(words in p.message for p in said)
    assert not [p for p in said if "licscan failed with" in p.message], said
    assert result.gate.value == "cannot-tell"
