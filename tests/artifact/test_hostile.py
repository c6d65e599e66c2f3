"""What is made to harm: each gives a line, no file of it leads out, and the good files beside it stand."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import os
import struct
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licscan.artifact import Limits, open_artifact
from licscan.base.errors import InputError
from tests.artifact.making import CONTAINERS, asar_of, deb, docker, member, tar_of, tarred, zipped

pytestmark = pytest.mark.slow

SMALL = Limits(entries=50, archives=5, member=1_000_000, total=3_000_000, spooled=2_000_000, ratio_floor=100_000)


def seen(path: Path, content: bytes, limits: Limits = SMALL) -> tuple[list[str], list[str]]:
    """The paths that are shown, all of which can be read, and the lines of problems."""
    path.write_bytes(content)
    with open_artifact(path, limits) as artifact:
        for entry in artifact.entries():
            assert len(entry.read(10_000_000)) == entry.size
        lines = [f"{problem.subject}: {problem.message}".partition(": ")[2] for problem in artifact.problems]
        assert not any("\n" in line or len(line) > 1_000 for line in lines)
        return [entry.path for entry in artifact.entries()], lines


def one_line(error: InputError) -> None:
    assert len(str(error).splitlines()) == 1


def named(*names: str) -> bytes:
    """A zip with just these names, whatever they are, and a good file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            info = zipfile.ZipInfo("x")
            info.filename = name
            archive.writestr(info, b"1")
        archive.writestr("ok", b"ok")
    return buffer.getvalue()


BAD_NAMES = {
    "../up": "has a path that leads outside the archive",
    "a/../../up": "has a path that leads outside the archive",
    "..\\up": "has a path that leads outside the archive",
    "/abs": "has an absolute path",
    "C:\\x": "has a path with a drive letter",
    "c:/x": "has a path with a drive letter",
    "n" * 5_000: "has a name longer than 4096 characters",
}


@pytest.mark.parametrize("name", BAD_NAMES)
def test_names_that_lead_out(name: str, tmp_path: Path) -> None:
    for file, content in {"x.zip": named(name), "x.tar": tarred({name: b"1", "ok": b"2"})}.items():
        paths, lines = seen(tmp_path / file, content)
        assert paths == ["ok"]
        assert [line.endswith(BAD_NAMES[name]) for line in lines] == [True]


def test_a_zero_byte_in_a_name(tmp_path: Path) -> None:
    assert seen(tmp_path / "x.zip", zipped({"aXb": b"1", "ok": b""}).replace(b"aXb", b"a\0b")) == (
        ["ok"], ["a\\u0000b: has a NUL byte in its name"],
    )  # fmt: skip


def special(kind: bytes, link: str = "") -> bytes:
    return tar_of([(member("bad", kind=kind, link=link), b""), (member("ok", 1), b"1")])


LINKS: dict[str, tuple[bytes, list[str]]] = {
    "up": (special(tarfile.SYMTYPE, "../../etc/passwd"), ["bad: is a link that leads outside"]),
    "absolute": (special(tarfile.SYMTYPE, "/etc/passwd"), ["bad: is a link that leads outside"]),
    "hard": (special(tarfile.LNKTYPE, "../../etc/passwd"), ["bad: is a link that leads outside"]),
    "character": (special(tarfile.CHRTYPE), ["bad: is a device or a pipe, not a file"]),
    "block": (special(tarfile.BLKTYPE), ["bad: is a device or a pipe, not a file"]),
    "pipe": (special(tarfile.FIFOTYPE), ["bad: is a device or a pipe, not a file"]),
    "unknown": (special(b"Z"), ["bad: is of an unknown kind"]),
    "self": (special(tarfile.SYMTYPE, "bad"), []),
    "behind": (
        tar_of([(member("d", kind=tarfile.SYMTYPE, link="/tmp"), b""), (member("d/x", 1), b"1"), (member("ok"), b"")]),
        ["d: is a link that leads outside", "d/x: is behind a link that leads outside"],
    ),
    "twice": (tar_of([(member("ok", 1), b"1"), (member("ok", 2), b"22")]), ["ok: occurs twice; the last one is shown"]),
}


@pytest.mark.parametrize("name", LINKS)
def test_links_and_devices(name: str, tmp_path: Path) -> None:
    content, lines = LINKS[name]
    assert seen(tmp_path / "x.tar", content) == (["ok"], lines)


def test_a_chain_of_links_ends(tmp_path: Path) -> None:
    links = [(member(f"l{n}", kind=tarfile.SYMTYPE, link=f"l{n + 1}"), b"") for n in range(45)]
    content = tar_of([*links, (member("l45", 1), b"1")])
    paths, lines = seen(tmp_path / "x.tar", content)
    assert lines == []
    assert len(paths) == 42


def test_links_that_double_are_given_up(tmp_path: Path) -> None:
    links = [(member(f"d{n}", kind=tarfile.SYMTYPE, link=f"d{n + 1}/d{n + 1}"), b"") for n in range(40)]
    seen(tmp_path / "x.tar", tar_of([*links, (member("ok", 1), b"1")]))


def patched(content: bytes, offset: int, new: bytes) -> bytes:
    return content[:offset] + new + content[offset + len(new) :]


def summed(header: bytearray) -> bytes:
    header[148:156] = b" " * 8
    header[148:156] = f"{sum(header):06o}\0 ".encode()
    return bytes(header)


def test_negative_size_in_a_tar(tmp_path: Path) -> None:
    good = tarred({"ok": b"1", "bad": b"2"})
    header = bytearray(good[1024:1536])
    header[124:136] = (-1024 & (1 << 96) - 1).to_bytes(12, "big")
    paths, lines = seen(tmp_path / "x.tar", patched(good, 1024, summed(header)))
    assert (paths, lines) == (["ok"], ["has a damaged header at byte 1024; the rest is not read"])


@pytest.mark.parametrize("record", [b"99999 path=x\n", b"11 size=-1\n", b"12 size=1e9\n", b"0 a=b\n", b"9" * 600])
def test_damaged_pax_headers(record: bytes, tmp_path: Path) -> None:
    extended = tarfile.TarInfo("pax")
    extended.type, extended.size = tarfile.XHDTYPE, len(record)
    content = tar_of([(member("ok", 1), b"1"), (extended, record), (member("bad", 1), b"1")], tarfile.USTAR_FORMAT)
    paths, lines = seen(tmp_path / "x.tar", content)
    assert paths == ["ok"]
    assert len(lines) == 1


def test_headers_without_end(tmp_path: Path) -> None:
    headers = []
    for _number in range(20_000):
        info = tarfile.TarInfo("pax")
        info.type = tarfile.XHDTYPE
        headers.append((info, b""))
    assert seen(tmp_path / "x.tar", tar_of([*headers, (member("ok", 1), b"1")])) == (["ok"], [])


def test_sparse_files_are_said(tmp_path: Path) -> None:
    info = member("bad", 4)
    info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "real"}
    paths, lines = seen(tmp_path / "x.tar", tar_of([(info, b"1234"), (member("ok", 1), b"1")]))
    assert (paths, lines) == (["ok"], ["real: is a sparse file and is not read"])


def test_zip_that_lies(tmp_path: Path) -> None:
    good = zipped({"one": b"1" * 50, "two": b"2" * 50, "ok": b"3"}, zipfile.ZIP_STORED)
    other = good.replace(b"two", b"tvo", 1)
    assert seen(tmp_path / "a.zip", other) == (["ok", "one"], ["two: is not where the directory of the zip says"])
    encrypted = bytearray(good)
    encrypted[good.index(b"PK\1\2") + 8] |= 1
    assert seen(tmp_path / "b.zip", bytes(encrypted)) == (["ok", "two"], ["one: is encrypted"])
    method = patched(good, good.index(b"PK\1\2") + 10, b"\x63")
    assert seen(tmp_path / "c.zip", method) == (["ok", "two"], ["one: is compressed with an unknown method (99)"])
    count = patched(good, good.index(b"PK\5\6") + 8, b"\x09\0\x09\0")
    assert seen(tmp_path / "d.zip", count)[1] == ["has a directory with 3 files that declares 9"]
    place = patched(good, good.index(b"PK\1\2") + 42, b"\xff\xff\0\0")
    assert seen(tmp_path / "e.zip", place)[1] == ["one: is not where the directory of the zip says"]


def test_zip_whose_sizes_lie(tmp_path: Path) -> None:
    good = zipped({"a": b"1" * 5_000})
    (tmp_path / "x.zip").write_bytes(patched(good, good.index(b"PK\1\2") + 24, struct.pack("<L", 10)))
    stated = "a: unpacks to more than the 10 bytes that it declares"
    with open_artifact(tmp_path / "x.zip") as artifact, pytest.raises(InputError, match=stated):
        next(artifact.entries()).read(100)
    crc = patched(good, good.index(b"PK\1\2") + 16, b"0000")
    (tmp_path / "y.zip").write_bytes(crc)
    damaged = "a: is damaged: its checksum does not match"
    with open_artifact(tmp_path / "y.zip") as artifact, pytest.raises(InputError, match=damaged):
        _digest = next(artifact.entries()).sha256


def overlapping(count: int) -> bytes:
    """Many records of one and the same compressed file (as in Fifield's "A better zip bomb")."""
    one = zipped({"a": bytes(90_000)})
    start = one.index(b"PK\1\2")
    record, end = one[start : one.index(b"PK\5\6")], bytearray(one[one.index(b"PK\5\6") :])
    end[8:16] = struct.pack("<2HL", count, count, len(record) * count)
    return one[:start] + record * count + bytes(end)


def test_zip_files_that_overlap(tmp_path: Path) -> None:
    assert seen(tmp_path / "x.zip", overlapping(40)) == (["a"], ["a: overlaps another file of the zip"])


@pytest.mark.parametrize("name", CONTAINERS)
def test_cut_off_anywhere(name: str, tmp_path: Path) -> None:
    """A part of a container is never an unhandled error, and never passes for the whole of it."""
    _kind, make, prefix = CONTAINERS[name]
    files = {"a/b": b"b" * 3_000, "c": bytes(range(256)) * 10}
    whole = make(files)
    for step in range(1, 24):
        cut = whole[: len(whole) * step // 24]
        try:
            paths, lines = seen(tmp_path / name, cut)
        except InputError as error:
            one_line(error)
            continue
        # an image whose index is cut off is the plain tar that it has become, and that says it
        assert lines or {prefix + path for path in files} <= set(paths)


@settings(max_examples=150)
@given(st.sampled_from(sorted(CONTAINERS)), st.data())
def test_garbled_anywhere(name: str, data: st.DataObject) -> None:
    import tempfile

    whole = bytearray(CONTAINERS[name][1]({"a/b": b"b" * 300, "c": bytes(range(256))}))
    for _number in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / name
        path.write_bytes(whole)
        try:
            with open_artifact(path, SMALL) as artifact:
                for entry in artifact.entries():
                    entry.read(1_000_000)
        except InputError as error:
            one_line(error)


HEADERS = {
    "not-json": b"{nope",
    "deep": b'{"files":' * 50_000,
    "deep-closed": b'{"files":{"a":' * 20_000 + b"1" + b"}}" * 20_000,
    "list": b'{"a":[]}',
    "no-table": b'{"files":[]}',
}


@pytest.mark.parametrize("name", HEADERS)
def test_asar_headers_that_are_none(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has a header (that is not valid JSON|without files)"):
        seen(tmp_path / "x.asar", asar_of(HEADERS[name]))


def test_asar_entries_that_lie(tmp_path: Path) -> None:
    entries = {
        "ok": {"size": 1, "offset": "0"}, "past": {"size": 9, "offset": "1"}, "minus": {"size": -1, "offset": "0"},
        "number": {"size": 1, "offset": 0}, "none": None, "list": [], "../up": {"size": 1, "offset": "0"},
        "far": {"link": "../../etc/passwd"}, "gone": {"size": 1, "unpacked": True},
        "huge": {"size": 1, "offset": "9" * 19},
        "bool": {"size": True, "offset": "0"}, "__proto__": {"files": {"x": {"size": 0, "offset": "0"}}},
    }  # fmt: skip
    paths, lines = seen(tmp_path / "x.asar", asar_of(json.dumps({"files": entries}).encode()) + b"1")
    assert paths == ["__proto__/x", "ok"]
    assert len(lines) == len(entries) - 2


def test_layers_that_are_none(tmp_path: Path) -> None:
    paths, lines = seen(tmp_path / "x.tar", docker([b"no tar at all", tarred({"ok": b"1", "../up": b"2"})]))
    assert paths == ["ok"]
    assert lines == [
        "../up: has a path that leads outside the archive",
        "layer0/layer.tar: is a layer that is not a tar archive",
    ]


def test_nested_ten_deep(tmp_path: Path) -> None:
    content = b"core"
    name = "core.txt"
    for level in range(10):
        content, name = zipped({name: content}), f"{level}.zip"
    paths, lines = seen(tmp_path / "x.zip", content)
    assert lines == ["8.zip!/7.zip!/6.zip!/5.zip!/4.zip: is nested in more than 4 archives and is not opened"]
    assert len(paths) == 5


def test_archives_without_end(tmp_path: Path) -> None:
    content = b""
    for _level in range(4):
        content = zipped({f"{number}.zip": content for number in range(6)})
    paths, lines = seen(tmp_path / "x.zip", content)
    assert "contains more than 5 archives; the rest is not opened" in lines
    assert len(paths) <= 50


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "x.zip": (lambda: zipped({"ok": b"1", "bomb": bytes(900_000)}), "bomb: unpacks to more than 250 times"),
    "large.zip": (lambda: zipped({"ok": b"1", "b": os.urandom(9) + bytes(1_100_000)}), "b: unpacks to 1 MB, more than"),
    "total.tar": (lambda: tarred({"ok": b"1", **{f"z{n}": os.urandom(900_000) for n in range(4)}}), "z3: is not read"),
    "in.zip": (lambda: zipped({"ok": b"1", "in.tgz": gzip.compress(tarred({"z": bytes(900_000)}))}), "in.tgz: unpacks"),
    "many.tar": (lambda: tarred({"a/ok": b"1", **{f"f{n}": b"" for n in range(90)}}), "contains more than 50 files"),
    "many.zip": (lambda: zipped({"a/ok": b"1", **{f"f{n}": b"" for n in range(90)}}), "contains more than 50 files"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs(name: str, tmp_path: Path) -> None:
    make, line = BOMBS[name]
    paths, lines = seen(tmp_path / name, make())
    assert "ok" in [path.rpartition("/")[2] for path in paths]
    assert [found[: len(line)] for found in lines] == [line]


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_a_bomb_as_the_whole(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^\S+: unpacks to more than 250 times its size and is not read \(name a "):
        seen(tmp_path / "x.tar.gz", pack(tarred({"z": bytes(900_000)})))


CLOSED = {
    "x.rpm": (b"\xed\xab\xee\xdb" + bytes(99), "is RPM, which licscan does not open"),
    "x.exe": (b"MZ" + bytes(99), "is EXE, which licscan does not open"),
    "x.AppImage": (b"\x7fELF\2\1\1\0AI\2" + bytes(99), "is AppImage, which licscan does not open"),
    "x.dmg": (bytes(range(1, 250)) * 5 + b"koly" + bytes(508), "is DMG, which licscan does not open"),
    "x.gz": (gzip.compress(b"text"), "is not an archive that licscan knows"),
    "x.txt": (b"text", "is not an archive that licscan knows"),
    "empty.zip": (b"", "is not an archive that licscan knows"),
    "cut.zip": (zipped({"a": b"1"})[:-30], "is truncated or damaged: it has no directory"),
}


@pytest.mark.parametrize("name", CLOSED)
def test_what_is_not_opened(name: str, tmp_path: Path) -> None:
    content, reason = CLOSED[name]
    with pytest.raises(InputError) as caught:
        seen(tmp_path / name, content)
    remedy = "name a folder, a package, an archive or an image; unpack others with their own tool first"
    assert str(caught.value) == f"{tmp_path / name}: {reason} ({remedy})"


def test_what_is_not_there_or_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, reason in ((tmp_path / "none", "No such file"), (tmp_path / "pipe", "is not a regular file")):
        with pytest.raises(InputError, match=reason), open_artifact(path):
            pass


def test_installers_inside_are_said(tmp_path: Path) -> None:
    paths, lines = seen(tmp_path / "x.zip", zipped({"a/Setup.dmg": b"1", "bad.zip": b"no", "ok.deb": deb({"f": b"1"})}))
    assert "ok.deb!/data.tar.xz!/f" in paths
    assert lines == [
        "a/Setup.dmg: is an archive or installer of an unsupported kind",
        "bad.zip: is not an archive that licscan knows",
    ]


def test_many_problems_are_counted(tmp_path: Path) -> None:
    bad = [(member(f"p{number}", kind=tarfile.FIFOTYPE), b"") for number in range(300)]
    _paths, lines = seen(tmp_path / "x.tar", tar_of([*bad, (member("ok", 1), b"1")]))
    assert len(lines) == 101
    assert "200 more entries are not shown" in lines


MEASURE = """
import resource, sys
from pathlib import Path
from licscan.artifact import open_artifact
from licscan.base.errors import InputError
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

def high_water():  # ru_maxrss would be that of the process that started this one
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])

before = high_water()
count = lines = 0
try:
    with open_artifact(Path(sys.argv[1])) as artifact:
        lines = len(artifact.problems)
        for entry in artifact.entries():
            count += 1
except InputError as error:
    lines = 1
peak = high_water() - before
print(peak // 1024, count, lines)
"""


def measured(path: Path) -> tuple[int, int, int]:
    """Megabytes, entries and problems of opening it in a separate process."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True, timeout=600
    )
    megabytes, entries, lines = map(int, done.stdout.split())
    return megabytes, entries, lines


def many(count: int) -> bytes:
    return zipped({f"node_modules/package-{n % 1000}/dist/file-{n}.js": b"" for n in range(count)}, zipfile.ZIP_STORED)


def zeros(megabytes: int) -> bytes:
    """Zeros in as many gzip members as there are megabytes."""
    return gzip.compress(bytes(1 << 20)) * megabytes


LARGE: dict[str, Callable[[], bytes]] = {
    "many.zip": lambda: many(100_000),
    "bomb.tar.gz": lambda: zeros(3_000),
    "bomb.tar.xz": lambda: lzma.compress(bytes(300 << 20), preset=0),
    "long-names.tgz": lambda: gzip.compress(tarred({f"{n}" + "n" * 4_000: b"" for n in range(20_000)}), 1),
    "headers.tar": lambda: b"".join(_claims(tarfile.XHDTYPE) for _number in range(100)),
    "marks.asar": lambda: asar_of(b'{"files":{"a":[' + b"{}," * 5_000_000 + b"{}]}}"),
    "members.tar.gz": lambda: gzip.compress(b"") * 400_000,
    "matryoshka.zip": lambda: zipped(
        {f"{n}.zip": zipped({f"{m}.zip": many(40) for m in range(40)}) for n in range(40)}
    ),
}


def _claims(kind: bytes) -> bytes:
    """A header that states 8 GB."""
    return member("x", 8 * 1024**3 - 1, kind).tobuf(tarfile.GNU_FORMAT) + bytes(512)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from /proc")
@pytest.mark.parametrize("name", LARGE)
def test_memory_is_bounded_and_there_is_an_end(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(LARGE[name]())
    megabytes, entries, lines = measured(tmp_path / name)
    assert megabytes < 200
    if name == "many.zip":
        assert (entries, lines) == (100_000, 0)
    elif name != "matryoshka.zip":
        assert lines >= 1
