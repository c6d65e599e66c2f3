"""A real scheduler with TLS and workers that are processes: the same results as one by one, and nothing unguarded."""

from __future__ import annotations

import datetime
import ipaddress
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from licscan.base.errors import LicscanError
from licscan.cli import run as run_command
from licscan.fleet import catalogue, engine
from licscan.fleet.engine import Cluster
from licscan.fleet.listing import target_of
from licscan.fleet.run import scan_fleet
from licscan.fleet.space import Folder
from tests.fleet import deeds
from tests.fleet.made import project, states
from tests.fleet.test_failures import ASKED, LONG

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs signals")
PATIENCE = 120.0
"""Seconds after which something hangs."""


def certificates(folder: Path) -> tuple[Path, Path, Path]:
    """An authority, and a certificate of it for this machine and its key, as files."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    keys = [ec.generate_private_key(ec.SECP256R1()) for _number in range(2)]
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("authority", "fleet")]
    start = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    made = []
    for number in range(2):
        builder = (
            x509.CertificateBuilder().subject_name(names[number]).issuer_name(names[0])
            .public_key(keys[number].public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(start).not_valid_after(start + datetime.timedelta(days=9))
            .add_extension(x509.BasicConstraints(ca=number == 0, path_length=None), critical=True)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
            )
        )  # fmt: skip
        made.append(builder.sign(keys[0], hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    secret = keys[1].private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    paths = (folder / "ca.pem", folder / "cert.pem", folder / "key.pem")
    for path, data in zip(paths, (*made, secret), strict=True):
        path.write_bytes(data)
    return paths


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Real:
    """A scheduler and two workers, on this machine alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "log"
        self.log.mkdir()
        self.files = certificates(folder)
        self.port = free_port()
        self.address = f"tls://127.0.0.1:{self.port}"
        self.running: list[subprocess.Popen[bytes]] = []
        self.scheduler = self.start_scheduler()
        self.start_workers()

    def start_workers(self) -> None:
        for number in range(2):
            place = self.folder / f"worker{number}"
            self.start(
                "worker", self.address, "--host", "127.0.0.1", "--no-dashboard", "--nthreads", "1", "--nworkers", "1",
                "--memory-limit", "0", "--local-directory", str(place), "--death-timeout", "120",
            )  # fmt: skip

    def start_scheduler(self) -> subprocess.Popen[bytes]:
        return self.start("scheduler", "--host", self.address, "--no-dashboard", "--no-show")

    def start(self, kind: str, *words: str) -> subprocess.Popen[bytes]:
        ca, certificate, key = map(str, self.files)
        files = ("--tls-ca-file", ca, "--tls-cert", certificate, "--tls-key", key)
        top = str(Path(__file__).resolve().parents[2])
        with open(self.folder / f"{kind}{len(self.running)}.txt", "wb") as said:
            one = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{kind}", *words, *files], stdout=said, stderr=said,
                stdin=subprocess.DEVNULL, start_new_session=True, cwd=self.folder,
                env={**os.environ, "PYTHONPATH": top, "LICSCAN_TEST_LOG": str(self.log)},
            )  # fmt: skip
        self.running.append(one)
        return one

    def cluster(self, patience: float = PATIENCE) -> Cluster:
        return Cluster(2, self.address, *self.files, patience)

    def stop(self) -> None:
        for one in self.running:
            try:
                os.killpg(one.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            one.wait(60)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, shared_index: Path) -> Iterator[Real]:
    from tests.homes import with_index

    folder = tmp_path_factory.mktemp("cluster")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(with_index(folder / "cache", shared_index)))
        made = Real(folder)
    try:
        yield made
    finally:
        made.stop()


def run(*words: str) -> int:
    """The exit status of the command line."""
    return run_command(list(words))


def found_in(database: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(database) as db:
        names = [row[1] for row in db.execute("PRAGMA table_info(findings)") if row[1] not in ("id", "scan", "scan_id")]
        return sorted(db.execute(f"SELECT {', '.join(names)} FROM findings").fetchall(), key=repr)


def test_a_cluster_finds_what_scans_one_by_one_find(
    real: Real, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = str(tmp_path / "fleet")
    places = [project(tmp_path / "targets", name) for name in ("one", "two", "three")]
    lock = 'version = 1\n[[package]]\nname = "left"\nversion = "1.0"\nsource = { registry = "https://r.example/" }\n'
    (places[0] / "uv.lock").write_text(lock)
    assert run("fleet", "add", *map(str, places), "--store", store) == 0
    ca, certificate, key = map(str, real.files)
    tls = ("--tls-ca", ca, "--tls-cert", certificate, "--tls-key", key)
    how = ("--offline", "--no-texts")
    status = run("fleet", "scan", "--store", store, "--scheduler", real.address, *tls, *how)
    said = capsys.readouterr()
    assert "3 scanned, 0 unchanged, 0 failed" in said.out, said.err
    assert status in (0, 1, 2)
    for place in places:
        pulled, alone = tmp_path / f"{place.name}-pulled.db", tmp_path / f"{place.name}.db"
        assert run("fleet", "pull", place.name, "-o", str(pulled), "--store", store) == 0
        run("scan", str(place), "--db", str(alone), *how)
        assert found_in(pulled) == found_in(alone)
    run("fleet", "scan", "--store", store, "--scheduler", real.address, *tls, *how)
    assert "0 scanned, 3 unchanged" in capsys.readouterr().out


@pytest.mark.slow
def test_a_scheduler_that_is_killed_and_comes_back_costs_no_target(
    real: Real, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LICSCAN_TEST_LOG", str(real.log))
    space = Folder(tmp_path / "fleet")
    names = [f"slow{number}" for number in range(30)]
    catalogue.add(space, [target_of(str(project(tmp_path / "targets", name))) for name in names])
    entries = list(catalogue.entries(space).values())
    answers: list[str] = []

    def said(_tally: object, entry: catalogue.Entry, _answer: object) -> None:
        answers.append(entry.target.name)
        if len(answers) == 10:
            real.scheduler.kill()
            real.scheduler.wait(60)
            real.scheduler = real.start_scheduler()
            real.start_workers()  # as who supervises them would: without a scheduler they end

    tally, damaged = scan_fleet(space, entries, ASKED, real.cluster(), LONG, said, deeds.work)
    assert (tally.done, tally.failed, damaged) == (len(names), {}, ())
    assert sorted(answers) == sorted(names)
    assert set(states(space).values()) == {("current", "")}
    assert {deeds.starts(real.log, name) for name in names} <= {1, 2}


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> str:
    place = str(tmp_path / "fleet")
    run("fleet", "add", str(project(tmp_path / "targets", "one")), "--store", place)
    return place


def refused(store: str, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The one line that is said; nothing was scanned."""
    capsys.readouterr()
    assert run("fleet", "scan", "--store", store, "--offline", "--no-texts", "--quiet", *words) == 2
    said = capsys.readouterr().err.strip()
    assert said.count("\n") == 0
    assert "Traceback" not in said
    assert states(Folder(Path(store))) == {"one": ("new", "")}
    return said


@pytest.mark.parametrize("scheduler", ["tls://127.0.0.1:1", "tls://scheduler.example:8786"])
def test_tls_needs_a_certificate(store: str, capsys: pytest.CaptureFixture[str], scheduler: str) -> None:
    assert "certificate" in refused(store, capsys, "--scheduler", scheduler)


def test_a_certificate_that_is_not_there_is_named(
    store: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ca.pem").write_text("")
    files = ("--tls-ca", str(tmp_path / "ca.pem"), "--tls-cert", str(tmp_path / "none.pem"))
    assert "none.pem" in refused(store, capsys, "--scheduler", "tls://127.0.0.1:1", *files)


@pytest.mark.parametrize(
    "scheduler",
    ["tcp://scheduler.example:8786", "tcp://192.0.2.1:8786", "tcp://0.0.0.0:8786", "tcp://127.0.0.1.example:1",
     "tcp://[2001:db8::1]:8786", "tcp://:8786"],
)  # fmt: skip
def test_what_anyone_could_read_and_answer_is_refused(
    store: str, capsys: pytest.CaptureFixture[str], scheduler: str
) -> None:
    assert "TLS" in refused(store, capsys, "--scheduler", scheduler)


@pytest.mark.parametrize(
    "scheduler", ["inproc://1/2", "ucx://127.0.0.1:1", "127.0.0.1:8786", "http://127.0.0.1:1", "x"]
)
def test_what_is_no_scheduler_is_refused(store: str, capsys: pytest.CaptureFixture[str], scheduler: str) -> None:
    assert scheduler in refused(store, capsys, "--scheduler", scheduler)


@pytest.mark.parametrize("kind", ["tcp", "tls"])
def test_a_scheduler_that_is_not_there_is_told_within_the_patience(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(engine.time, "sleep", waits.append)
    job = deeds.Job("x", target_of(str(project(tmp_path, "one"))), ASKED, LONG, "run", "versions")
    files = certificates(tmp_path) if kind == "tls" else ()
    cluster = Cluster(2, f"{kind}://127.0.0.1:{free_port()}", *files, patience=1.0)
    with pytest.raises(LicscanError) as caught:
        engine.run([job], cluster, deeds.work, lambda _answer: None)
    assert cluster.scheduler in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not waits  # it was not tried again


def test_who_has_no_certificate_of_the_cluster_gets_nothing(real: Real, tmp_path: Path) -> None:
    other = certificates(tmp_path)
    job = deeds.Job("x", target_of(str(project(tmp_path, "one"))), ASKED, LONG, "run", "versions")
    for files in (other, (real.files[0], *other[1:]), (other[0], *real.files[1:])):
        cluster = Cluster(2, real.address, *files, patience=2.0)
        with pytest.raises(LicscanError) as caught:
            engine.run([job], cluster, deeds.work, lambda _answer: None)
        assert "\n" not in str(caught.value)


def test_a_certificate_that_is_none_is_one_line(tmp_path: Path) -> None:
    for name in ("ca.pem", "cert.pem", "key.pem"):
        (tmp_path / name).write_text("nothing")
    job = deeds.Job("x", target_of(str(project(tmp_path, "one"))), ASKED, LONG, "run", "versions")
    files = (tmp_path / "ca.pem", tmp_path / "cert.pem", tmp_path / "key.pem")
    with pytest.raises(LicscanError) as caught:
        engine.run([job], Cluster(2, "tls://127.0.0.1:1", *files, patience=1.0), deeds.work, lambda _answer: None)
    assert "\n" not in str(caught.value)
