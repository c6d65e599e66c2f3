"""Python manifests through `uv pip compile`.

uv never sees the project: it gets a list of plain requirements that our own parser read out of the manifest, so that no
build setting, path, URL or index of the project has a say; and it must not build (`--no-build`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from licscan.base.errors import ToolError
from licscan.base.messages import _
from licscan.base.programs import find_program
from licscan.base.tree import Tree
from licscan.clients import ClientConfig, Machine, PipConfig
from licscan.model import Component, ComponentKind, Dependency, Location, Problem, Scope, SourceKind
from licscan.packages import purls
from licscan.resolve.builder import Parsed
from licscan.resolve.formats import format_of
from licscan.resolve.python.pythons import stated_python
from licscan.resolve.tool_run import brief, run, scratch

MAX_WITHOUT_WHEEL = 20
_NO_WHEEL = re.compile(r"Wheels are required for `([A-Za-z0-9._-]+)`")
_EXTRAS = re.compile(r"(\[[A-Za-z0-9._,\s-]*\])?\s*(.*)", re.DOTALL)
_EXACT = re.compile(r"==(\d\.\d{1,2})\.\*")
MAX_TERM = 400
"""Characters of one constraint: Python makes no number of some thousand digits."""

_TERM = re.compile(r"(\^|~=|~|===|==|!=|<=|>=|<|>|=)?\s*([0-9][0-9A-Za-z.*+!_-]*)")
_KEEP = (
    "PATH",
    "HOME",
    "XDG_CACHE_HOME",
    "UV_CACHE_DIR",
    "TMPDIR",
    "TEMP",
    "TMP",
    "SYSTEMROOT",
    "LOCALAPPDATA",
    "APPDATA",
    "USERPROFILE",
    "LANG",
)
_NETWORK = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")


def resolve_python(tree: Tree, manifest_path: str, *, offline: bool = False) -> Parsed:
    """What a Python manifest asks for, resolved today. ToolError: uv is missing or failed.

    What it pins stays; what that needs in turn is added. `offline`: uv answers from its cache alone.
    """
    known = format_of(manifest_path.rpartition("/")[2])
    if known is None:
        raise ToolError(_("is not a manifest that can be resolved"), path=manifest_path)
    manifest = known.parser()(tree, manifest_path)
    binary = find_uv()
    machine = Machine.this()
    environment = uv_environment(machine.environment, ClientConfig(machine).pip)
    if offline:
        environment["UV_OFFLINE"] = "1"
    lots, problems = [], []
    exact = _EXACT.fullmatch(stated_python(tree, manifest_path))
    python = exact[1] if exact else ""
    for scopes in ((Scope.RUNTIME, Scope.PEER, Scope.OPTIONAL, Scope.DEV), (Scope.BUILD,)):
        found, said = _resolve_scopes(_Uv(binary, environment, python, manifest), scopes)
        lots += found
        problems += said
    return joined(manifest, lots, [Problem("resolve", manifest_path, message, code) for message, code in problems])


def find_uv() -> str:
    """uv's own program: from its wheel, else on PATH."""
    try:
        from uv import find_uv_bin

        return str(find_uv_bin())
    except (ImportError, FileNotFoundError):
        pass
    found = find_program("uv")
    if found is None:
        raise ToolError(_("uv is not installed"), remedy=_("pip install 'licscan[resolve]'"))
    return found


def uv_environment(environment: Mapping[str, str], config: PipConfig) -> dict[str, str]:
    """What uv gets to know: the user's indexes with their credentials, never on the command line; no other setting."""
    kept = {name: value for name, value in environment.items() if value and name.upper() in (*_KEEP, *_NETWORK)}
    kept |= {"UV_NO_CONFIG": "1", "UV_NO_PROGRESS": "1", "NO_COLOR": "1", "UV_PYTHON_DOWNLOADS": "never"}
    urls = [with_credentials(url, config) for url in config.indexes]
    if urls:
        kept["UV_DEFAULT_INDEX"] = urls[0]
    else:
        kept["UV_NO_INDEX"] = "1"
    # pip takes a version from whichever index has it; uv alone would stop at the first that has the name
    kept["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    if urls[1:]:
        kept["UV_INDEX"] = " ".join(urls[1:])
    if config.find_links:
        kept["UV_FIND_LINKS"] = " ".join(config.find_links)
    transport = config.transport
    if transport.ca_file and "SSL_CERT_FILE" not in kept:
        kept["SSL_CERT_FILE"] = transport.ca_file
    if transport.client_cert:
        kept["SSL_CLIENT_CERT"] = transport.client_cert
    if transport.proxy:
        kept |= {"HTTP_PROXY": transport.proxy, "HTTPS_PROXY": transport.proxy}
    if transport.trusted_hosts:
        kept["UV_INSECURE_HOST"] = " ".join(transport.trusted_hosts)
    return kept


def with_credentials(url: str, config: PipConfig) -> str:
    """An index's URL with user and password, as uv takes them."""
    from base64 import b64decode
    from urllib.parse import quote

    from licscan.clients import nerf

    scheme, _sep, rest = url.partition("://")
    if scheme == "file":
        return url
    for credential in config.credentials:
        if nerf(url).startswith(credential.prefix) and credential.authorization.startswith("Basic "):
            user, _colon, password = b64decode(credential.authorization[6:]).decode("utf-8").partition(":")
            return f"{scheme}://{quote(user, safe='')}:{quote(password, safe='')}@{rest}"
    return url


def command(binary: str, without: Iterable[str] = (), *, constrained: bool = False, python: str = "") -> list[str]:
    """The command line; `without` are names in overrides.txt that are left out of the resolution.

    `constrained`: there is a constraints.txt. `python` is the version for which the manifest is, where one is named.
    """
    arguments = [
        binary, "pip", "compile", "requirements.in", "--output-file", "requirements.txt", "--no-build", "--universal",
        "--no-config", "--no-header", "--annotation-style", "line", "--no-sources", "--quiet",
    ]  # fmt: skip
    if python:
        arguments += ["--python-version", python]
    if constrained:
        arguments += ["--constraint", "constraints.txt"]
    return [*arguments, "--override", "overrides.txt"] if tuple(without) else arguments


Said = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class _Uv:
    """How uv is run for one manifest."""

    binary: str
    environment: Mapping[str, str]
    python: str
    manifest: Parsed


def _resolve_scopes(uv: _Uv, scopes: tuple[Scope, ...]) -> tuple[list[Parsed], list[Said]]:
    """All scopes at once; where they contradict each other, what is shipped first, then each with that."""
    whole = requirement_lines(uv.manifest, scopes)
    if not whole:
        return [], []
    try:
        return _compile(uv, whole)
    except ToolError as error:
        if len(scopes) == 1:
            return [], [(_failed(error), "dependency-unresolved")]
    lots: list[Parsed] = []
    problems: list[Said] = []
    seen: list[tuple[str, ...]] = []
    for some in ((Scope.RUNTIME, Scope.PEER), (Scope.RUNTIME, Scope.OPTIONAL), (Scope.RUNTIME, Scope.DEV)):
        lines = requirement_lines(uv.manifest, some)
        if not lines or lines in seen:
            continue
        seen.append(lines)
        try:
            found, said = _compile(uv, lines)
        except ToolError as error:
            problems.append((f"{', '.join(some)}: {_failed(error)}", "dependency-unresolved"))
        else:
            lots += found
            problems += said
    return lots, problems


def _failed(error: ToolError) -> str:
    return _("uv could not resolve it: {reason}").format(reason=brief(error.message))


def _compile(uv: _Uv, lines: tuple[str, ...]) -> tuple[list[Parsed], list[Said]]:
    """One run; packages that only exist as source are left out one after the other, since nothing may be built."""
    from licscan.resolve.python import requirements

    without: list[str] = []
    pinned = {purls.normalize_pypi_name(one.name) for one in uv.manifest.components if one.resolved}
    constraints = _standard(uv.manifest.constraints)
    while True:
        with scratch() as folder:
            (folder / "requirements.in").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
            overrides = "".join(f"{name} ; python_version < '0'\n" for name in without)
            (folder / "overrides.txt").write_text(overrides, encoding="utf-8", newline="\n")
            (folder / "constraints.txt").write_text("\n".join(constraints) + "\n", encoding="utf-8", newline="\n")
            arguments = command(uv.binary, without, constrained=bool(constraints), python=uv.python)
            try:
                run(arguments, folder, uv.environment)
            except ToolError as error:
                found = _NO_WHEEL.search(error.message)
                name = purls.normalize_pypi_name(found[1]) if found else ""
                if not name or name in without or len(without) >= MAX_WITHOUT_WHEEL:
                    raise
                without.append(name)
                continue
            parsed = requirements.parse(Tree(folder), "requirements.txt")
        return [parsed], [_unbuilt(name, listed=name in pinned) for name in without]


def _unbuilt(name: str, *, listed: bool) -> Said:
    """What is said of a package that only exists as source: a pinned one stays, but what it needs is not known."""
    if listed:
        said = _("{name} has no matching wheel and would have to be built: its dependencies are unknown")
        return said.format(name=name), None
    said = _("{name} has no matching wheel and would have to be built; it was left out")
    return said.format(name=name), "dependency-unresolved"


def _standard(constraints: Iterable[str]) -> tuple[str, ...]:
    """Those that pip's standard knows, without a URL: nothing else may come into a file that uv reads."""
    from packaging.requirements import Requirement

    found = set()
    for text in constraints:
        try:
            read = Requirement(text)
        except ValueError:
            continue
        if read.url is None:
            found.add(str(read))
    return tuple(sorted(found))


def requirement_lines(manifest: Parsed, scopes: Iterable[Scope]) -> tuple[str, ...]:
    """Plain PEP 508 lines of what the roots ask of registries: no URL, no path, no option can be among them."""
    wanted = set(scopes)
    components = {component.purl: component for component in manifest.components}
    lines = set()
    for edge in manifest.dependencies:
        child = components.get(edge.child)
        if child is None or edge.scope not in wanted or child.kind is ComponentKind.PROJECT:
            continue
        if child.ecosystem == "pypi" and child.source.kind in (SourceKind.REGISTRY, SourceKind.UNKNOWN):
            line = requirement_line(child, edge.requirement)
            if line is not None:
                lines.add(line)
    return tuple(sorted(lines))


def requirement_line(child: Component, requirement: str | None) -> str | None:
    """One line, None where the text is none that pip's standard knows, even after reading poetry's signs."""
    from packaging.requirements import Requirement

    found = _EXTRAS.fullmatch(requirement or "")
    extras, text = (found[1] or "", found[2]) if found else ("", "")
    specifier = standard_specifier(text)
    if specifier is None:
        return None
    if child.resolved and child.version and "===" not in specifier:
        # what a constraint pins says so nowhere in its own line
        specifier = f"=={child.version}"
    line = f"{child.name}{extras}{specifier}" + (f" ; {child.condition}" if child.condition else "")
    try:
        read = Requirement(line)
    except ValueError:
        return None
    return None if read.url else str(read)


def standard_specifier(text: str) -> str | None:
    """A version constraint in PEP 440, also from poetry's `^1.2`, `~1.2`, `1.2` and `*`; None for an alternative."""
    terms = []
    for part in text.split(","):
        part = part.strip().strip("()").strip()
        if part in ("", "*"):
            continue
        found = _TERM.fullmatch(part)
        if found is None or len(part) > MAX_TERM:
            return None
        sign, version = found[1] or "==", found[2]
        if sign == "^":
            terms += [f">={version}", f"<{_next(version, _first_nonzero(version))}"]
        elif sign == "~":
            terms += [f">={version}", f"<{_next(version, 1 if '.' in version else 0)}"]
        else:
            terms.append(("==" if sign == "=" else sign) + version)
    return ",".join(terms)


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version.partition("-")[0])[:4]]


def _first_nonzero(version: str) -> int:
    numbers = _numbers(version)
    return next((place for place, number in enumerate(numbers) if number), len(numbers) - 1)


def _next(version: str, place: int) -> str:
    numbers = _numbers(version)[: place + 1]
    numbers[-1] += 1
    return ".".join(map(str, numbers))


def joined(manifest: Parsed, lots: list[Parsed], problems: list[Problem]) -> Parsed:
    """The manifest's graph with resolved packages where it only had requests; all found in the manifest."""
    root = manifest.roots[0] if manifest.roots else ""
    where = {c.name: c.found_in for c in manifest.components}
    path = next((c.manifest for c in manifest.components if c.purl == root and c.manifest), "")
    components: dict[str, Component] = {}
    edges: dict[Dependency, None] = {}
    for lot in lots:
        for component in lot.components:
            if component.kind is ComponentKind.PACKAGE:
                found_in = where.get(component.name) or (Location(path),)
                components[component.purl] = replace(component, found_in=found_in)
        edges.update((edge, None) for edge in lot.dependencies if edge.parent not in lot.roots)
    by_name: dict[str, list[str]] = {}
    for component in components.values():
        by_name.setdefault(purls.normalize_pypi_name(component.name), []).append(component.purl)
    answered = _replaced(manifest, by_name, edges)
    for component in manifest.components:
        if component.purl not in answered:
            components[component.purl] = component
    note = Problem("resolve", path, _("has no lockfile: uv resolved it today; another day may give different versions"))
    added = components.keys() - {component.purl for component in manifest.components}
    return replace(
        manifest,
        components=tuple(components.values()),
        dependencies=tuple(edges),
        problems=(*manifest.problems, *problems, *((note,) if added else ())),
    )


def _replaced(manifest: Parsed, by_name: Mapping[str, list[str]], edges: dict[Dependency, None]) -> set[str]:
    """Hang the resolved packages where the requests hung; the requests that are answered."""
    components = {component.purl: component for component in manifest.components}
    answered = set()
    for edge in manifest.dependencies:
        child = components.get(edge.child)
        open_request = child is not None and not child.resolved and child.source.kind is not SourceKind.GIT
        found = by_name.get(purls.normalize_pypi_name(child.name), []) if child and open_request else []
        if found:
            answered.add(edge.child)
        for purl in found or [edge.child]:
            edges[replace(edge, child=purl)] = None
    return answered
