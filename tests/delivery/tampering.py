"""Ways to tamper with a delivery: each spoils a copy and says which codes name it, any of which is right."""

from __future__ import annotations

import json
import random
import tarfile
from collections.abc import Callable
from pathlib import Path

from licscan.delivery.envelope import Envelope, Signature
from licscan.delivery.opening import ENVELOPE
from tests.delivery.making import (
    Case,
    change_json,
    change_statement,
    envelope,
    files_of,
    flipped,
    members,
    put_envelope,
    repack,
    resign,
    write_tar,
    zip_of,
)

Tampering = Callable[[Case, random.Random], set[str]]


def _file(case: Case, rng: random.Random) -> Path:
    return case.folder / rng.choice([path for path in files_of(case.folder) if path != ENVELOPE])


def file_changed(case: Case, rng: random.Random) -> set[str]:
    path = _file(case, rng)
    path.write_bytes(flipped(path.read_bytes(), rng))
    return {"file-changed"}


def file_cut(case: Case, rng: random.Random) -> set[str]:
    path = _file(case, rng)
    data = path.read_bytes()
    path.write_bytes(data[: rng.randrange(len(data))])
    return {"file-changed"}


def file_removed(case: Case, rng: random.Random) -> set[str]:
    _file(case, rng).unlink()
    return {"file-missing"}


def file_added(case: Case, rng: random.Random) -> set[str]:
    name = rng.choice(["LICENSE", "sbom/other.cdx.json", "a/b/c.txt", ".hidden", "NOTICES.txt ", "éxtra.txt"])
    path = case.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{}")
    return {"file-added"}


def file_renamed(case: Case, rng: random.Random) -> set[str]:
    path = _file(case, rng)
    path.rename(path.with_name(f"x{path.name}"))
    return {"file-missing"}


def files_swapped(case: Case, rng: random.Random) -> set[str]:
    one, other = rng.sample([path for path in files_of(case.folder) if path != ENVELOPE], 2)
    first, second = (case.folder / one).read_bytes(), (case.folder / other).read_bytes()
    (case.folder / one).write_bytes(second)
    (case.folder / other).write_bytes(first)
    return {"file-changed"}


def file_as_link_out(case: Case, rng: random.Random) -> set[str]:
    path = _file(case, rng)
    outside = case.folder.parent / "outside"
    outside.write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(outside)
    return {"archive-unsafe"}


def digest_changed(case: Case, rng: random.Random) -> set[str]:
    def change(statement: dict) -> None:  # type: ignore[type-arg]
        entry = rng.choice(statement["predicate"]["references"])
        digest = entry["digest"]["sha256"]
        at = rng.randrange(64)
        entry["digest"]["sha256"] = digest[:at] + ("0" if digest[at] != "0" else "1") + digest[at + 1 :]

    change_statement(case, change)
    return {"signature-invalid"}


def artifact_digest_changed(case: Case, rng: random.Random) -> set[str]:
    digest = f"{rng.getrandbits(256):064x}"
    change_statement(case, lambda told: told["subject"][0]["digest"].update(sha256=digest))
    return {"signature-invalid"}


def entry_removed(case: Case, rng: random.Random) -> set[str]:
    def change(statement: dict) -> None:  # type: ignore[type-arg]
        entry = rng.choice(statement["predicate"]["references"])
        statement["predicate"]["references"].remove(entry)
        (case.folder / entry["name"]).unlink()

    change_statement(case, change)
    return {"signature-invalid"}


def entries_reordered(case: Case, rng: random.Random) -> set[str]:
    change_statement(case, lambda told: told["predicate"]["references"].reverse())
    return {"signature-invalid"}


def field_changed(case: Case, rng: random.Random) -> set[str]:
    kinds = {
        "_type": "https://in-toto.io/Statement/v0.1",
        "predicateType": "https://in-toto.io/attestation/release/v0.1",
        "subject": [],
        "predicate": {},
    }
    key = rng.choice(list(kinds))
    change_statement(case, lambda told: told.update({key: kinds[key]}))
    return {"signature-invalid", "statement-malformed"}


def statement_with_name_twice(case: Case, rng: random.Random) -> set[str]:
    told = envelope(case)
    payload = told.payload.replace(b'{"_type"', b'{"subject":[],"_type"', 1)
    put_envelope(case, Envelope(payload, told.payload_type, told.signatures))
    return {"signature-invalid", "statement-malformed"}


def signature_changed(case: Case, rng: random.Random) -> set[str]:
    told = envelope(case)
    (one,) = told.signatures
    put_envelope(case, Envelope(told.payload, told.payload_type, (Signature(one.keyid, flipped(one.value, rng)),)))
    return {"signature-invalid"}


def signature_removed(case: Case, rng: random.Random) -> set[str]:
    told = envelope(case)
    put_envelope(case, Envelope(told.payload, told.payload_type))
    return {"signature-missing"}


def signature_cut(case: Case, rng: random.Random) -> set[str]:
    told = envelope(case)
    (one,) = told.signatures
    short = one.value[: rng.randrange(len(one.value))]
    put_envelope(case, Envelope(told.payload, told.payload_type, (Signature(one.keyid, short),)))
    return {"signature-invalid"}


def signed_by_a_stranger(case: Case, rng: random.Random) -> set[str]:
    path = _file(case, rng)
    path.write_bytes(path.read_bytes() + b"\n")
    resign(case, case.stranger)
    return {"signature-invalid"}


def envelope_changed(case: Case, rng: random.Random) -> set[str]:
    path = case.folder / ENVELOPE
    document = json.loads(path.read_text())
    which = rng.randrange(6)
    if which == 0:
        document["payloadType"] = "text/plain"
    elif which == 1:
        document["payload"] = document["payload"][:40] + "\n" + document["payload"][40:]
    elif which == 2:
        document["note"] = "hello"
    elif which == 3:
        document["signatures"][0]["cert"] = "x"
    elif which == 4:
        document["signatures"] *= 2
    else:
        del document["signatures"]
    path.write_text(json.dumps(document))
    return {"envelope-malformed"}


def envelope_damaged(case: Case, rng: random.Random) -> set[str]:
    path = case.folder / ENVELOPE
    data = path.read_bytes()
    path.write_bytes(data[: rng.randrange(len(data) - 3)])
    return {"envelope-malformed"}


def envelope_removed(case: Case, rng: random.Random) -> set[str]:
    (case.folder / ENVELOPE).unlink()
    return {"envelope-missing"}


def artifact_changed(case: Case, rng: random.Random) -> set[str]:
    case.artifact.write_bytes(flipped(case.artifact.read_bytes(), rng))
    return {"artifact-changed"}


def artifact_swapped(case: Case, rng: random.Random) -> set[str]:
    zip_of(case.artifact, {"server.js": f"console.log({rng.random()})\n"})
    return {"artifact-changed"}


def component_hidden(case: Case, rng: random.Random) -> set[str]:
    """The supplier himself leaves a component out of an SBOM, and signs that."""
    which = rng.choice(["sbom/messenger-cyclonedx-1.7.cdx.json", "sbom/messenger-spdx-2.3.spdx.json"])

    def change(document: dict) -> None:  # type: ignore[type-arg]
        rows = document["components" if "components" in document else "packages"]
        rows.remove(rng.choice([one for one in rows if "pack-" in one["name"]]))

    change_json(case.folder / which, change)
    resign(case, case.private)
    return {"sboms-differ"}


def component_hidden_everywhere(case: Case, rng: random.Random) -> set[str]:
    """Left out of SBOMs and notices alike: only the artifact tells."""
    name = f"pack-{rng.choice([1, 2, 3, 4, 6, 7, 8])}"
    for path in (case.folder / "sbom").iterdir():

        def change(document: dict) -> None:  # type: ignore[type-arg]
            for key in ("components", "packages"):
                document[key] = [one for one in document.get(key, ()) if not one["name"].endswith(name)]

        change_json(path, change)
    change_json(
        case.folder / "notices.json",
        lambda told: told.update(components=[one for one in told["components"] if not one["name"].endswith(name)]),
    )
    resign(case, case.private)
    return {"artifact-beyond-sbom"}


def notice_hidden(case: Case, rng: random.Random) -> set[str]:
    change_json(
        case.folder / "notices.json", lambda told: told["components"].pop(rng.randrange(len(told["components"])))
    )
    resign(case, case.private)
    return {"sbom-beyond-notices"}


def notice_text_hidden(case: Case, rng: random.Random) -> set[str]:
    """The text for people lacks a paragraph that the notices for programs have."""
    path = case.folder / "NOTICES.txt"
    parts = path.read_text().split("\n\n")
    long = [number for number, part in enumerate(parts) if len(part) > 200]
    at = rng.choice(long)
    path.write_text("\n\n".join(parts[:at] + parts[at + 1 :]))
    resign(case, case.private)
    return {"notices-lack"}


def license_relabeled(case: Case, rng: random.Random) -> set[str]:
    def change(told: dict) -> None:  # type: ignore[type-arg]
        rng.choice(told["components"])["license"] = "Zlib"

    change_json(case.folder / "notices.json", change)
    resign(case, case.private)
    return {"license-differs"}


def license_relabeled_in_an_sbom(case: Case, rng: random.Random) -> set[str]:
    def change(document: dict) -> None:  # type: ignore[type-arg]
        one = rng.choice([row for row in document["packages"] if "pack-" in row["name"]])
        one["licenseConcluded"] = "Zlib"

    change_json(case.folder / "sbom/messenger-spdx-2.3.spdx.json", change)
    resign(case, case.private)
    return {"sboms-differ"}


def other_product(case: Case, rng: random.Random) -> set[str]:
    change_json(case.folder / "delivery.json", lambda told: told["product"].update(version=f"9.{rng.randrange(9)}"))
    resign(case, case.private)
    return {"product-differs"}


def document_left_out(case: Case, rng: random.Random) -> set[str]:
    name = rng.choice(
        ["notices.json", "duties.json", "open-points.json", "decisions.json", "delivery.json", "NOTICES.txt"]
    )
    (case.folder / name).unlink()
    resign(case, case.private)
    return {"document-missing"}


def archive_reordered(case: Case, rng: random.Random) -> set[str]:
    entries = members(case.archive)
    first, second = rng.sample(range(len(entries)), 2)
    entries[first], entries[second] = entries[second], entries[first]
    write_tar(case.archive, entries)
    return {"archive-repacked"}


def archive_dated(case: Case, rng: random.Random) -> set[str]:
    entries = members(case.archive)
    rng.choice(entries)[0].mtime = rng.randrange(1, 2**31)
    write_tar(case.archive, entries)
    return {"archive-repacked"}


def archive_with_more_behind(case: Case, rng: random.Random) -> set[str]:
    case.archive.write_bytes(case.archive.read_bytes() + rng.randbytes(rng.randrange(1, 40)))
    return {"archive-repacked", "archive-unsafe"}


def archive_with_a_member_twice(case: Case, rng: random.Random) -> set[str]:
    entries = members(case.archive)
    entries.append(rng.choice(entries))
    write_tar(case.archive, entries)
    return {"archive-unsafe"}


def archive_with_a_way_out(case: Case, rng: random.Random) -> set[str]:
    info = tarfile.TarInfo(rng.choice(["../escape", "/etc/escape", "annex/../../escape"]))
    info.size = 1
    write_tar(case.archive, [*members(case.archive), (info, b"x")])
    return {"archive-unsafe"}


def archive_with_a_link(case: Case, rng: random.Random) -> set[str]:
    info = tarfile.TarInfo("annex/more")
    info.type, info.linkname = tarfile.SYMTYPE, rng.choice(["/etc/passwd", "../../secret", "NOTICES.txt"])
    write_tar(case.archive, [*members(case.archive), (info, b"")])
    return {"archive-unsafe", "file-added"}


def archive_with_a_file_beside(case: Case, rng: random.Random) -> set[str]:
    info = tarfile.TarInfo(rng.choice(["beside.txt", "other/delivery.json"]))
    info.size = 2
    write_tar(case.archive, [*members(case.archive), (info, b"{}")])
    return {"file-added"}


def archive_of_a_changed_folder(case: Case, rng: random.Random) -> set[str]:
    found = file_changed(case, rng)
    repack(case)
    return found


def archive_cut(case: Case, rng: random.Random) -> set[str]:
    data = case.archive.read_bytes()
    case.archive.write_bytes(data[: rng.randrange(len(data) // 2, len(data) - 1)])
    return {"archive-unsafe", "archive-repacked", "file-missing", "envelope-missing"}


def archive_byte_changed(case: Case, rng: random.Random) -> set[str]:
    case.archive.write_bytes(flipped(case.archive.read_bytes(), rng))
    return {"archive-unsafe", "archive-repacked", "input"}


def archive_header_changed(case: Case, rng: random.Random) -> set[str]:
    """Time, extra flags or system in gzip's header: the files are the same."""
    data = bytearray(case.archive.read_bytes())
    data[rng.choice([4, 5, 6, 7, 8, 9])] ^= 1 << rng.randrange(8)
    case.archive.write_bytes(data)
    return {"archive-repacked"}


FOLDER: tuple[Tampering, ...] = (
    file_changed, file_cut, file_removed, file_added, file_renamed, files_swapped, file_as_link_out, digest_changed,
    artifact_digest_changed, entry_removed, entries_reordered, field_changed, statement_with_name_twice,
    signature_changed, signature_removed, signature_cut, signed_by_a_stranger, envelope_changed, envelope_damaged,
    envelope_removed, artifact_changed, artifact_swapped, component_hidden, component_hidden_everywhere, notice_hidden,
    notice_text_hidden, license_relabeled, license_relabeled_in_an_sbom, other_product, document_left_out,
)  # fmt: skip
ARCHIVE: tuple[Tampering, ...] = (
    archive_reordered, archive_dated, archive_with_more_behind, archive_with_a_member_twice, archive_with_a_way_out,
    archive_with_a_link, archive_with_a_file_beside, archive_of_a_changed_folder, archive_cut, archive_byte_changed,
    archive_header_changed,
)  # fmt: skip
