"""setup.cfg as setuptools reads it: what is required, for running, for building, for testing, and as extras.

A file without `[metadata]` name, requirements or license (only settings of linters) has no root.
"""

from __future__ import annotations

from configparser import ConfigParser

from licscan.base.load import text_of
from licscan.base.tree import Tree
from licscan.model import Claim, Scope
from licscan.resolve.builder import Builder, Parsed
from licscan.resolve.python.identity import load_config
from licscan.resolve.python.project import Project, extra_of, license_claims

_LISTS = (
    ("install_requires", Scope.RUNTIME),
    ("setup_requires", Scope.BUILD),
    ("tests_require", Scope.DEV),
)
_EXTRAS = "options.extras_require"


def parse(tree: Tree, path: str) -> Parsed:
    """Everything that a setup.cfg asks for, and what it says of its own license."""
    config = load_config(tree, path)
    builder = Builder(path)
    if not _is_project(config):
        return builder.build()
    project = Project(builder, tree, _claims(config, path))
    for key, scope in _LISTS:
        _ask(project, _option(config, "options", key) or "", scope, f"options.{key}")
    if config.has_section(_EXTRAS):
        for extra, text in config.items(_EXTRAS):
            scope, marker, name = extra_of(extra)
            _ask(project, text or "", scope, f"{_EXTRAS}.{extra}", name, marker)
    return builder.build()


def _option(config: ConfigParser, section: str, key: str) -> str | None:
    """An option by either of its spellings (`install_requires`, `install-requires`)."""
    for name in (key, key.replace("_", "-")):
        if value := text_of(config.get(section, name, fallback=None)):
            return value
    return None


def _is_project(config: ConfigParser) -> bool:
    if config.has_section(_EXTRAS) or any(_option(config, "options", key) for key, _scope in _LISTS):
        return True
    return any(_option(config, "metadata", key) for key in ("name", "license", "licence", "classifiers"))


def _claims(config: ConfigParser, path: str) -> list[Claim]:
    said = [("license", _option(config, "metadata", "license") or _option(config, "metadata", "licence"))]
    classifiers = _option(config, "metadata", "classifiers") or ""
    return license_claims(path, said, items(classifiers))


def items(text: str) -> list[str]:
    """The entries of a list: one a line, comments left out."""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _ask(project: Project, text: str, scope: Scope, place: str, extra: str = "", marker: str = "") -> None:
    if text.startswith("file:"):
        project.files([name.strip() for name in text[5:].replace("\n", ",").split(",") if name.strip()], scope, extra)
        return
    for item in items(text):
        project.ask(f"{item}; {marker}" if marker else item, scope, place, extra=extra)
