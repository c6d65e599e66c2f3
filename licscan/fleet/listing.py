"""What `fleet add` is given, as targets: folders, repositories, artifacts, SBOMs, and lists of them in YAML or CSV."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from licscan.base.errors import FormatError, InputError
from licscan.base.files import read_file
from licscan.base.load import load_yaml
from licscan.base.messages import _
from licscan.fleet.model import LABELS, Kind, Target

MAX_BYTES = 64 * 1024 * 1024
LISTS = (".yaml", ".yml", ".csv")
KEYS = ("target", "ref", "name", "outbound", "surface", "sboms", *LABELS)
"""The keys of an entry, and the columns of a CSV."""
_URL = re.compile(r"(git\+)?(https|http|ssh|file)://.+")
_SCP = re.compile(r"[\w.-]+@([\w.-]+):(?!/)([^\s]+)")
_PATH = re.compile(r"(?i)\.(ya?ml|csv)$")


def targets_of(word: str, labels: Mapping[str, str], reference: str = "") -> list[Target]:
    """The targets that one word of the command line names; labels stand where a list says nothing.

    InputError for what is not there, FormatError for a list that cannot be used.
    """
    if not _is_address(word) and word.lower().endswith(LISTS) and Path(word).is_file():
        found = _list(Path(word))
    else:
        found = [target_of(word, reference)]
    return [_labelled(one, {key: value for key, value in labels.items() if not getattr(one, key)}) for one in found]


def _labelled(target: Target, labels: Mapping[str, str]) -> Target:
    return replace(target, **labels)  # type: ignore[arg-type]


def target_of(word: str, reference: str = "", folder: Path = Path()) -> Target:
    """One target: `https://git.example/a/b.git@branch`, a folder, or a file; paths are relative to a folder."""
    if _is_address(word):
        return _repository(word, reference)
    path = Path(os.path.abspath(folder / word))
    if not path.exists():
        raise InputError(_("does not exist"), path=word)
    if reference:
        raise InputError(_("has no branches"), path=word, remedy=_("name its repository as a file:// address"))
    if path.is_dir():
        return Target(Kind.FOLDER, str(path), name=path.name)
    if not path.is_file():
        raise InputError(_("is neither a file nor a folder"), path=word)
    return Target(_kind_of_file(path), str(path), name=path.name)


def parts_from(words: Iterable[str], folder: Path = Path()) -> str:
    """`FILE` or `FILE=SURFACE`, each, as `Target.parts` has them. InputError for a file that is not there."""
    lines = []
    for word in filter(None, map(str.strip, words)):
        path, equals, surface = word.rpartition("=")
        if not equals or (folder / word).is_file():
            path, surface = word, ""
        place = Path(os.path.abspath(folder / path))
        if not place.is_file() or "\n" in word:
            raise InputError(_("does not exist"), path=path[:200])
        lines.append(f"{place}={surface}" if surface or "=" in str(place) else str(place))
    return "\n".join(lines)


def _is_address(word: str) -> bool:
    return bool(_URL.fullmatch(word) or _SCP.fullmatch(word))


def _repository(word: str, reference: str) -> Target:
    """A repository; what a password stands for is left to git's own configuration, and not kept."""
    if match := _SCP.fullmatch(word):
        host = word.partition(":")[0]
        word = f"ssh://{host}/{match[2]}"
    try:
        parts = urlsplit(word.removeprefix("git+"))
        place, port = parts.hostname or "", parts.port
    except ValueError as error:  # a port or an IPv6 address that is none
        raise InputError(_("is not the address of a repository"), path=word[:200]) from error
    if parts.scheme != "file" and not place:
        raise InputError(_("is not the address of a repository"), path=word[:200])
    path, _at, branch = parts.path.rpartition("@")
    if not path or path.endswith("/"):  # no branch, or the @ of a folder's name
        path, branch = parts.path, ""
    user = f"{parts.username}@" if parts.username and parts.scheme == "ssh" else ""
    host = user + (f"[{place}]" if ":" in place else place) + (f":{port}" if port else "")
    address = urlunsplit((parts.scheme, host, path, "", ""))
    reference = reference or branch or parts.fragment
    name = Path(path).name.removesuffix(".git")
    return Target(Kind.GIT, address, reference, name=f"{name}@{reference}" if reference else name)


def _kind_of_file(path: Path) -> Kind:
    """Whether a file is an SBOM: its beginning says so, not its name."""
    from licscan.sbom.read import looks_like_sbom

    try:
        with open(path, "rb") as file:
            head = file.read(65_536)
    except OSError as error:
        raise InputError(_("cannot be read: {reason}").format(reason=error.strerror), path=str(path)) from error
    return Kind.SBOM if looks_like_sbom(head) else Kind.ARTIFACT


# --- lists ------------------------------------------------------------------------------------------------------------


def _list(path: Path) -> list[Target]:
    data = read_file(path, MAX_BYTES)
    text = data.decode("utf-8-sig", "replace")
    rows = _csv(text, str(path)) if path.suffix.lower() == ".csv" else _yaml(text, str(path))
    found = []
    for number, row in rows:
        place = _("entry {number}").format(number=number)
        unknown = sorted(set(row) - set(KEYS))
        if unknown or not row.get("target"):
            told = _("has an unknown key: {name}").format(name=unknown[0]) if unknown else _("names no target")
            raise FormatError(
                told, path=str(path), place=place, remedy=_("keys: {names}").format(names=_(", ").join(KEYS))
            )
        try:
            target = target_of(row["target"], row.get("ref", ""), path.parent)
        except InputError as error:
            raise FormatError(f"{error.path}: {error.message}", path=str(path), place=place) from error
        labels = {key: row[key] for key in KEYS if key not in ("target", "ref", "sboms") and row.get(key)}
        if row.get("sboms"):
            labels["parts"] = parts_from(row["sboms"].split(";"), path.parent)
        found.append(_labelled(target, labels))
    return found


def _csv(text: str, path: str) -> Iterable[tuple[int, dict[str, str]]]:
    rows = csv.DictReader(io.StringIO(text), strict=True)
    try:
        for number, row in enumerate(rows, 1):
            if None in row:
                raise FormatError(
                    _("has more cells than its header row"),
                    path=path,
                    place=_("line {line}").format(line=number + 1),
                )
            yield number, {str(key).strip(): (value or "").strip() for key, value in row.items()}
    except csv.Error as error:
        raise FormatError(
            _("is not valid CSV"), path=path, place=_("line {line}").format(line=rows.line_num)
        ) from error


def _yaml(text: str, path: str) -> Iterable[tuple[int, dict[str, str]]]:
    """`targets:` and a list, or the list alone; an entry is an address or path, or a mapping of KEYS."""
    loaded = load_yaml(text, path)
    if len(loaded) == 1 and isinstance(loaded[0], dict) and set(loaded[0]) == {"targets"}:
        loaded = loaded[0]["targets"]
    elif len(loaded) == 1 and isinstance(loaded[0], list):
        loaded = loaded[0]
    if not isinstance(loaded, list):
        raise FormatError(_("should be a list of targets"), path=path)
    for number, one in enumerate(loaded, 1):
        row = {"target": one} if isinstance(one, str) else one
        if not isinstance(row, dict) or not all(isinstance(v, str | int | float) for v in row.values()):
            raise FormatError(
                _("should be a path, an address or a mapping"),
                path=path,
                place=_("entry {number}").format(number=number),
            )
        yield number, {str(key): str(value) for key, value in row.items()}
