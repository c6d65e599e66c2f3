"""What Windows and macOS do otherwise, held on Linux: by the source, by paths, and by taking away what they lack."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licscan.base import streams
from licscan.base.errors import InputError
from licscan.base.links import is_folder, is_link, plain
from licscan.base.names import below, writable
from licscan.base.programs import find_program
from licscan.base.tree import shown_from
from licscan.compose.options import common_root
from licscan.vcs.git import open_repository

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted([*(ROOT / "licscan").rglob("*.py"), *(ROOT / "build_backend").glob("*.py")])


# -- the source

_ASKED = re.compile(r"open\(|_text\(|subprocess\.")


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """Every call of a module with the last name of what is called."""
    text = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(text)) if _ASKED.search(text) else ():
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield node, name


def mode_of(call: ast.Call) -> str:
    """All that the mode of an open file may be."""
    given = [*call.args[:2], *(word.value for word in call.keywords if word.arg == "mode")]
    found = [node.value for one in given for node in ast.walk(one) if isinstance(node, ast.Constant)]
    return "".join(one for one in found if isinstance(one, str) and set(one) <= set("rwxab+t"))


def careless(call: ast.Call, name: str) -> str:
    """What a call leaves to the system: the encoding of a text, the end of its lines, where a program lies."""
    words = {word.arg for word in call.keywords}
    if name in ("write_text", "read_text") and isinstance(call.func, ast.Attribute):
        is_path = ast.unparse(call.func.value).partition("(")[0] not in ("tree", "self.tree", "self.new", "formatter")
        encoded = "encoding" in words or (name == "read_text" and len(call.args) > 0)
        if is_path and not encoded:
            return "no encoding"
        if name == "write_text" and is_path and "newline" not in words:
            return "no newline"
    if name in ("open", "fdopen") and set(mode_of(call)) & set("wxa") and "b" not in mode_of(call):
        return "" if {"encoding", "newline"} <= words else "no encoding or newline"
    if name in ("run", "Popen", "check_output") and ast.unparse(call.func).startswith("subprocess."):
        if words & {"text", "universal_newlines"}:
            return "the system's encoding"
        first = call.args[0]
        if isinstance(first, ast.List) and isinstance(first.elts[0], ast.Constant):
            return "a program that is looked for in the current folder"
    return ""


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("path.write_text(text)", "no encoding"),
        ("path.write_text(text, encoding='utf-8')", "no newline"),
        ("path.read_text()", "no encoding"),
        ("open(path, 'w', encoding='utf-8')", "no encoding or newline"),
        ("path.open('w' if force else 'x', newline='')", "no encoding or newline"),
        ("os.fdopen(handle, 'wb')", ""),
        ("subprocess.run(['git'], text=True)", "the system's encoding"),
        ("subprocess.run(['git'])", "a program that is looked for in the current folder"),
        ("subprocess.run([program('git')])", ""),
    ],
)
def test_carelessness_is_found(source: str, said: str) -> None:
    call = ast.parse(source).body[0]
    assert isinstance(call, ast.Expr)
    assert isinstance(call.value, ast.Call)
    func = call.value.func
    assert careless(call.value, func.attr if isinstance(func, ast.Attribute) else cast(ast.Name, func).id) == said


def test_no_text_and_no_program_is_left_to_the_system() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno}: {said}"
        for path in SOURCES
        for call, name in calls(path)
        if (said := careless(call, name))
    ]
    assert found == []


def test_links_and_programs_are_told_in_one_place() -> None:
    """`shutil.which` looks into the current folder on Windows; a junction is a folder for `is_dir`."""
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in SOURCES
        for word in ("shutil.which", ".is_dir(follow_symlinks=False)")
        if word in path.read_text(encoding="utf-8")
    ]
    assert found == ["licscan/base/links.py: .is_dir(follow_symlinks=False)"]


WITHOUT = """
import concurrent.futures.process, importlib, multiprocessing.context, os, pkgutil, signal, subprocess, sys, tempfile
import asyncio, importlib.metadata, platformdirs.unix, shutil, socket, ssl, webbrowser
for name in ("fcntl", "resource", "grp", "pwd", "termios", "posix_ipc"):
    sys.modules[name] = None
for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_DIRECTORY", "O_CLOEXEC", "fork", "forkpty", "killpg", "getuid", "geteuid",
             "getgid", "setsid", "sysconf", "sched_getaffinity", "mkfifo", "chown", "getpgid", "nice", "fchmod"):
    if hasattr(os, name):
        delattr(os, name)
for name in ("SIGKILL", "SIGALRM", "SIGHUP", "SIGPIPE", "SIGUSR1", "alarm", "setitimer", "pthread_sigmask"):
    if hasattr(signal, name):
        delattr(signal, name)
import licscan
failed = []
for found in pkgutil.walk_packages(licscan.__path__, "licscan."):
    if not found.name.endswith(("._native", ".__main__")):
        try:
            importlib.import_module(found.name)
        except Exception as error:
            failed.append(f"{found.name}: {type(error).__name__}: {error}")
print("\\n".join(failed))
"""


def test_every_module_is_imported_without_what_posix_alone_has() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")


# -- programs


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a program, beside a project that has one of the same name, in which we stand."""
    for folder, name in (("bin", "git"), ("bin", "npm.cmd"), ("project", "git"), ("project", "npm.cmd")):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / name).write_text("")
        (tmp_path / folder / name).chmod(0o755)
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "bin"


@pytest.mark.parametrize("first", ["", ".", "../project", "project"])
def test_no_program_of_the_current_folder_is_found(path: Path, first: str) -> None:
    assert find_program("git", {"PATH": f"{first}:{path}"}, windows=False) == str(path / "git")
    assert find_program("git", {"PATH": first}, windows=False) is None
    assert find_program("npm", {"PATH": f'{first};"{path}"'}, windows=True) == str(path / "npm.cmd")
    assert find_program("npm", {"PATH": first}, windows=True) is None


def test_windows_goes_by_the_endings(path: Path) -> None:
    assert find_program("git", {"PATH": str(path)}, windows=True) is None
    assert find_program("npm", {"PATH": str(path), "PATHEXT": ".EXE;.CMD"}, windows=True) == str(path / "npm.cmd")
    assert find_program("npm", {"PATH": str(path), "PATHEXT": ".EXE"}, windows=True) is None


def test_what_may_not_be_run_is_no_program(path: Path) -> None:
    (path / "git").chmod(0o644)
    assert os.access(path / "git", os.X_OK) or find_program("git", {"PATH": str(path)}, windows=False) is None


# -- links


def entry(*, link: bool = False, folder: bool = False, tag: int = 0) -> os.DirEntry[str]:
    told = SimpleNamespace(st_reparse_tag=tag, st_mode=stat.S_IFDIR if folder else stat.S_IFREG)
    return cast(
        "os.DirEntry[str]",
        SimpleNamespace(
            is_symlink=lambda: link, is_dir=lambda follow_symlinks: folder, stat=lambda follow_symlinks: told
        ),
    )


@pytest.mark.parametrize(
    ("given", "link", "folder"),
    [
        (entry(), False, False),
        (entry(folder=True), False, True),
        (entry(link=True), True, False),
        (entry(folder=True, tag=0xA0000003), True, False),
        (entry(folder=True, tag=0x9000001A), False, True),
    ],
    ids=["file", "folder", "link", "junction", "cloud folder"],
)
def test_a_junction_is_a_link(given: os.DirEntry[str], link: bool, folder: bool) -> None:
    assert (is_link(given, windows=True), is_folder(given, windows=True)) == (link, folder)


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("\\\\?\\C:\\app\\node_modules\\a", "C:\\app\\node_modules\\a"),
        ("\\\\?\\UNC\\server\\share\\a", "\\\\server\\share\\a"),
        ("..\\a", "..\\a"),
    ],
)
def test_the_prefix_of_long_paths_is_taken_off(target: str, shown: str) -> None:
    assert plain(target) == shown


# -- names that others chose


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("LICENSE", "LICENSE"),
        ("C:", "C%3A"),
        ("package.json:hidden", "package.json%3Ahidden"),
        ("..\\..\\x", "..%5C..%5Cx"),
        ("aux.c", "%61ux.c"),
        ("NUL", "%4EUL"),
        ("com1.txt", "%63om1.txt"),
        ("console", "console"),
        ("LICENSE.", "LICENSE%2E"),
        ("read me ", "read me%20"),
        ("许可证.txt", "许可证.txt"),
    ],
)
def test_names_that_windows_takes_for_something_else(name: str, written: str) -> None:
    assert writable(name, windows=True) == written
    assert writable(name, windows=False) == name


@given(st.lists(st.text(st.characters(blacklist_characters="/\0", codec="utf-8"), min_size=1), min_size=1, max_size=4))
def test_no_name_leads_out_of_its_folder_on_windows(parts: list[str]) -> None:
    top = PureWindowsPath("D:/scratch")
    parts = [part for part in parts if part not in (".", "..")]
    place = below(cast(Path, top), "/".join(parts) or "x", windows=True)
    assert place.parts[: len(top.parts)] == top.parts
    assert len(place.parts) == len(top.parts) + max(1, len(parts))


# -- drives


def test_another_drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object) -> str:
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    assert shown_from(tmp_path / "a" / "b", tmp_path) == "a/b"
    monkeypatch.setattr(os.path, "relpath", refuse)
    monkeypatch.setattr(os.path, "commonpath", refuse)
    assert shown_from(tmp_path / "a", tmp_path) == (tmp_path / "a").as_posix()
    with pytest.raises(InputError, match="a different drive"):
        common_root([tmp_path, tmp_path])


# -- standard output


def written_to(encoding: str, monkeypatch: pytest.MonkeyPatch) -> bytes:
    raw = io.BytesIO()
    # as on Windows: the code page, and line feeds that become two characters
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding, newline="\r\n"))
    streams.set_up_streams()
    sys.stdout.write("✓ 许可证 é\n")
    sys.stdout.flush()
    return raw.getvalue()


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "gbk", "ascii", "utf-8"])
def test_what_is_redirected_is_utf8_with_line_feeds(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(streams.ENCODING, raising=False)
    assert written_to(encoding, monkeypatch) == "✓ 许可证 é\n".encode()


def test_an_encoding_that_is_asked_for_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(streams.ENCODING, "cp1252")
    assert written_to("cp1252", monkeypatch) == b"\\u2713 \\u8bb8\\u53ef\\u8bc1 \xe9\n"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_scan_is_printed_in_a_code_page_without_chinese(language: str, tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text(json.dumps({"name": "chat", "version": "1.0.0", "license": "MIT"}))
    environment = {**os.environ, "LICSCAN_LANG": language, "PYTHONIOENCODING": "cp1252", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "licscan", "scan", "--offline", str(tmp_path)],
        cwd=tmp_path, env=environment, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1, 2)
    assert b"Error" not in done.stderr, done.stderr
    assert b"chat" in done.stdout.decode("cp1252").encode()


def test_memory_is_told_where_there_is_no_proc(monkeypatch: pytest.MonkeyPatch) -> None:
    from licscan.fleet import watch

    def nothing(*_given: object) -> Any:
        raise FileNotFoundError

    known = watch.resident()
    monkeypatch.setattr(watch, "open", nothing, raising=False)
    assert known / 2 < watch.resident() < known * 2


# -- users without a home, projects of another user


def test_a_user_without_a_home_can_scan(tmp_path: Path) -> None:
    """As in a container that runs under a number that passwd does not know."""
    (tmp_path / "package.json").write_text(json.dumps({"name": "chat", "version": "1.0.0", "license": "MIT"}))
    without = (
        "import os, sys; known = os.path.expanduser;"
        "os.path.expanduser = lambda path: known(path) if 'HOME' in os.environ else path;"
        "sys.argv[1:] = {!r}; import licscan.cli as cli; cli.main()"
    )
    words = ["scan", "--offline", "--no-texts", str(tmp_path)]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LICSCAN_DB": str(tmp_path / "elsewhere.db")}
    done = subprocess.run(
        [sys.executable, "-c", without.format(words)],
        cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1, 2)
    assert "internal error" not in done.stderr
    assert (tmp_path / "elsewhere.db").is_file()
    assert not (tmp_path / ".licscan").exists()


def test_a_repository_of_another_user_is_told_from_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    binaries = tmp_path / "bin"
    binaries.mkdir()
    (binaries / "git").write_text(
        "#!/bin/sh\necho \"fatal: detected dubious ownership in repository at '/x'\" >&2\n"
        "echo 'git config --global --add safe.directory /x' >&2\nexit 128\n"
    )
    (binaries / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(binaries))
    with pytest.raises(InputError, match=r"belongs to another user.*safe\.directory"):
        open_repository(tmp_path)
