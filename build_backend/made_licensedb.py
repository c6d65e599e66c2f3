"""The two files that licscan ships beside its code: the LicenseDB as an archive, and the index compiled from it.

Neither is kept in git. They are made where they are missing or old, from the wheels that `data/licensedb.toml` names:
read, never installed or run. What was made of those wheels is kept in the user's cache, so that they are fetched once.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "data" / "licensedb.toml"
CHOICE = "1"
"""Raised with every change of what `chosen` takes."""

WHEELS = "LICSCAN_LICENSEDB_WHEELS"
"""Names a folder that holds the wheels, for machines that reach no registry."""

REQUIRES = ["license-expression>=30.4", "numpy>=1.26", "pip>=23", "platformdirs>=4", "rtoml>=0.12"]
"""What making them needs."""

ALWAYS = {"license_text", "license_notice"}
"""The kinds of rules that are taken from the newer release for licenses that the base knows: a bare name says less."""

_FRONT = re.compile(r"\A---\n(.*?)\n---(?:\n|\Z)", re.DOTALL)
_FILE = re.compile(r"licensedcode/data/(licenses|rules)/([^/]+\.(?:LICENSE|RULE))")
_KEY = re.compile(r"[^\s()]+")
_OPERATORS = {"and", "or", "with"}

Folder = dict[str, str]


def prepare() -> None:
    """Make what is missing or old; what fits is left alone."""
    if not needed():
        return
    sys.path.insert(0, str(ROOT))
    from licscan.licenses import shipped

    recipe = _recipe()
    found = shipped.read_manifest(shipped.place())
    if found is None or found.recipe != recipe:
        _archive(shipped.place(), recipe)
        shipped.manifest.cache_clear()
    from licscan.detect import packed

    if not packed.fits(packed.place()):
        from licscan.detect.build import compile_index
        from licscan.detect.opening import source_of

        index = compile_index(source_of(None))
        index.version = shipped.manifest().version
        packed.pack(index, packed.place())
    for path in (shipped.place(), packed.place()):
        os.utime(path)  # what `needed` goes by


def needed() -> list[str]:
    """What `prepare` requires beside the standard library: nothing where all is made, as in a source distribution."""
    folder = ROOT / "licscan"
    made = folder / "licenses" / "licensedb.zip", folder / "detect" / "index.xz"
    sources = [*(ROOT / "data").glob("*"), *(folder / "detect").glob("*.py"), Path(__file__)]
    packaged = (ROOT / "PKG-INFO").is_file()
    if all(path.is_file() for path in made) and (packaged or _newest(sources) < min(map(_time, made))):
        return []
    return REQUIRES


def _newest(paths: list[Path]) -> float:
    return max(map(_time, paths))


def _time(path: Path) -> float:
    return path.stat().st_mtime


def _recipe() -> str:
    """A digest of what the archive is made from and how."""
    return hashlib.sha256(CHOICE.encode() + TABLE.read_bytes()).hexdigest()[:24]


def _archive(place: Path, recipe: str) -> None:
    """Put the archive in its place: from the user's cache, else from the wheels."""
    import platformdirs

    from licscan.licenses import shipped

    kept = Path(platformdirs.user_cache_dir("licscan")) / "licensedb" / f"{recipe}.zip"
    if shipped.read_manifest(kept) is None:
        table = tomllib.loads(TABLE.read_text("utf-8"))
        with tempfile.TemporaryDirectory() as scratch:
            base, newer = (_read(_wheel(table[name], Path(scratch))) for name in ("base", "newer"))
            folders = chosen(base, newer, {row["file"] for row in table["left_out"]})
            version = f"{table['base']['version']}+{table['newer']['version']}"
            made = Path(scratch) / "licensedb.zip"
            shipped.pack(made, {name: sorted(folder.items()) for name, folder in folders.items()}, version, recipe)
            _put(made, kept if _is_writable(kept) else place)
        for old in kept.parent.glob("*.zip"):
            if old != kept:
                old.unlink(missing_ok=True)
    if kept.is_file():
        _put(kept, place)


def _is_writable(path: Path) -> bool:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(path.parent, os.W_OK)


def _put(source: Path, place: Path) -> None:
    """A copy in its place at once, so that no reader sees half of it."""
    beside = place.with_name(f".{place.name}.{os.getpid()}")
    shutil.copyfile(source, beside)
    os.replace(beside, place)


def _wheel(row: dict[str, str], scratch: Path) -> Path:
    """A wheel of the table, fetched by pip as it is configured here; SystemExit for one that is another."""
    place = Path(os.environ[WHEELS]) if WHEELS in os.environ else scratch
    path = place / row["file"]
    if place == scratch:
        wanted = f"{row['package']}=={row['version']}"
        print(f"fetching {wanted} for its license texts", file=sys.stderr)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        subprocess.run([*command, "--python-version=3.11", f"--dest={scratch}", wanted], check=False)
    if not path.is_file():
        raise SystemExit(f"{row['file']} could not be fetched; put it into a folder and name the folder in {WHEELS}")
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != row["sha256"]:
            raise SystemExit(f"{path}: is not the file that data/licensedb.toml names")
    return path


def _read(wheel: Path) -> dict[str, Folder]:
    """The files of the folders `licenses` and `rules` by name."""
    folders: dict[str, Folder] = {"licenses": {}, "rules": {}}
    with zipfile.ZipFile(wheel) as archive:
        for info in archive.infolist():
            found = _FILE.fullmatch(info.filename)
            if found:
                text = archive.read(info).decode("utf-8", "replace")
                folders[found[1]][found[2]] = text.replace("\r\n", "\n").replace("\r", "\n")
    return folders


def chosen(base: dict[str, Folder], newer: dict[str, Folder], left_out: set[str]) -> dict[str, Folder]:
    """All of the base, and of the newer release what `data/licensedb.toml` tells; but not the files left out."""
    known = {name.removesuffix(".LICENSE") for name in base["licenses"]}
    licenses = newer["licenses"] | {
        name: _with_id(text, newer["licenses"].get(name, text)) for name, text in base["licenses"].items()
    }
    rules = {name: text for name, text in newer["rules"].items() if _is_wanted(_fields(text), known)} | base["rules"]
    folders = {"licenses": licenses, "rules": rules}
    return {
        kind: {name: text for name, text in folder.items() if f"{kind}/{name}" not in left_out}
        for kind, folder in folders.items()
    }


def _fields(text: str) -> dict[str, str]:
    """The plain fields of front matter."""
    found = _FRONT.match(text)
    return dict(re.findall(r"^(\w+): *(.*)$", found[1], re.MULTILINE)) if found else {}


def _is_wanted(fields: dict[str, str], known: set[str]) -> bool:
    """Whether a rule that the base lacks is taken."""
    keys = {key for key in _KEY.findall(fields.get("license_expression", "")) if key.lower() not in _OPERATORS}
    if keys - known:
        return True
    return fields.get("is_required_phrase") != "yes" and any(fields.get(f"is_{kind}") == "yes" for kind in ALWAYS)


def _with_id(text: str, newer: str) -> str:
    """A license of the base with the SPDX identifier that it was given since, its reference kept as an old one."""
    field = "spdx_license_key"
    old, new = (_fields(one).get(field, "") for one in (text, newer))
    if not old.startswith("LicenseRef-") or not new or new.startswith("LicenseRef-"):
        return text
    others = f"other_spdx_license_keys:\n    - {old}\n"
    line = f"{field}: {old}\n"
    if "other_spdx_license_keys:\n" in text:
        text = text.replace("other_spdx_license_keys:\n", others, 1)
        others = ""
    return text.replace(line, f"{field}: {new}\n{others}", 1)
