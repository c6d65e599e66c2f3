"""The frozen types of licscan.toml: what the user says of the product, of its parts, and of what may be in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase

from licscan.law.facts import Facts
from licscan.model import Component
from licscan.packages.patterns import PackagePattern

DEFAULT_PROFILE = "proprietary-on-premise"

USUAL_FACTS = Facts(commercial=True)
"""What is taken for granted where licscan.toml says nothing."""

Fact = tuple[str, int | bool | str]
"""A field of `law.facts.Facts` and its value."""


@dataclass(frozen=True, slots=True)
class SurfaceSetting:
    """One `[[surface]]`: an artefact of the product and how it reaches people.

    `deployment` is a value of `law.vocabulary.Deployment`. `roots` are globs of manifest folders (`.` is the project's
    own) or PackageURLs of roots; none means all. `include` and `exclude` choose packages among those that the roots
    need; no `include` means all. `outbound` is the project's where it is None. `facts` override the product's.
    """

    name: str
    deployment: str
    roots: tuple[str, ...] = ()
    include: tuple[PackagePattern, ...] = ()
    exclude: tuple[PackagePattern, ...] = ()
    outbound: str | None = None
    facts: tuple[Fact, ...] = ()
    line: int | None = None

    def takes(self, names: Iterable[str]) -> bool:
        """Whether it takes the root with one of these names: PackageURL, name, manifest or folder (`.` for the top)."""
        globs = [glob.removeprefix("./").rstrip("/") or "." for glob in self.roots]
        return not globs or any(fnmatchcase(name, glob) for glob in globs for name in names)


@dataclass(frozen=True, slots=True)
class ComponentSetting:
    """One `[[component]]`: how packages take part in the product; None is "nothing said".

    `relationship` is a key of `law.vocabulary.RELATIONSHIPS`; `surfaces` are names, none means every surface.
    `ownership` (`own`, `third-party`) says whose a folder is that lies among the project's own; `published` that the
    registry's package with the name of an own project is that project's release, so that it may be asked for.
    """

    packages: tuple[PackagePattern, ...]
    surfaces: tuple[str, ...] = ()
    relationship: str | None = None
    modified: bool | None = None
    shipped: bool | None = None
    facts: tuple[Fact, ...] = ()
    ownership: str | None = None
    published: bool | None = None
    line: int | None = None

    def speaks_of(self, component: Component, surface: str) -> bool:
        """Whether it is about the component on this surface."""
        return (not self.surfaces or surface in self.surfaces) and any(p.matches(component) for p in self.packages)


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """One `[[policy.rule]]`, or one rule of a profile; empty `licenses`, `packages`, `surfaces` mean any."""

    action: str
    licenses: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    packages: tuple[PackagePattern, ...] = ()
    surfaces: tuple[str, ...] = ()
    reason: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class PolicySetting:
    """The table `[policy]`; `profile` is None where the user names none.

    `require` is what a shipped package must have been judged on: `texts`, or empty for anything.
    """

    profile: str | None = None
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    allow_categories: tuple[str, ...] = ()
    deny_categories: tuple[str, ...] = ()
    prefer: tuple[str, ...] = ()
    require: str = ""
    rules: tuple[RuleSetting, ...] = ()


@dataclass(frozen=True, slots=True)
class Clarification:
    """One `[[clarification]]`: the license that a person found, bound to the evidence looked at."""

    packages: tuple[PackagePattern, ...]
    license: str
    reason: str
    evidence: tuple[str, ...]
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """One `[[waiver]]`: findings that someone answers for, until a day (which is the last one)."""

    finding: str
    reason: str
    owner: str
    expires: date
    packages: tuple[PackagePattern, ...] = ()
    licenses: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    surfaces: tuple[str, ...] = ()
    note: str = ""
    evidence: tuple[str, ...] = ()
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Entitlement:
    """One `[[entitlement]]`: a license that was bought; `reference` finds the contract again."""

    license: str
    reference: str
    packages: tuple[PackagePattern, ...] = ()
    holder: str = ""
    expires: date | None = None
    note: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """One `[[grant]]`: a permission beside the license, such as an additional use grant of BUSL-1.1.

    `covers` says in words what it allows.
    """

    covers: str
    reference: str
    packages: tuple[PackagePattern, ...] = ()
    license: str | None = None
    expires: date | None = None
    note: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class NoticesSetting:
    """The table `[notices]`: where people ask for source code, and a template beside licscan.toml."""

    contact: str | None = None
    template: str | None = None


@dataclass(frozen=True, slots=True)
class ContentSetting:
    """One `[[content]]`: what is known of fonts, pictures, sounds or models among the project's own files.

    `files` are globs of paths, or digests (`sha256:` and 64 hexadecimal digits) of files wherever they lie.
    `ownership` is `own` or `third-party`. `reference` finds the contract or invoice of what was bought; until
    `expires` it settles what else would be asked.
    """

    files: tuple[str, ...]
    license: str = ""
    owner: str = ""
    ownership: str = ""
    reference: str = ""
    expires: date | None = None
    note: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class PartSetting:
    """One `[[part]]`: a part of the product that is told by an SBOM, such as a container or a supplier's program.

    `sbom` is a path relative to licscan.toml; `surface` the artefact into which it goes, each of them where it is
    empty; `name` what it is called in reports, as the SBOM says where it is empty.
    """

    sbom: str
    surface: str = ""
    name: str = ""
    line: int | None = None


def is_about(setting: ContentSetting, path: str, sha256: str) -> bool:
    """Whether a record speaks of a file with this path and digest."""
    return any(
        sha256 == one.removeprefix("sha256:").lower()
        if one.startswith("sha256:")
        else path == one or fnmatchcase(path, one)
        for one in setting.files
    )


@dataclass(frozen=True, slots=True)
class HookSetting:
    """The table `[hook]`: whether a package of which nothing is known offline stops a commit (`block`) or not."""

    unknown: str = "block"


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of a project; None and empty where licscan.toml says nothing."""

    name: str | None = None
    version: str | None = None
    outbound: str | None = None
    supplier: str | None = None
    contact: str | None = None
    tlp: str | None = None
    extras: tuple[str, ...] | None = None
    exclude: tuple[str, ...] = ()
    python: tuple[str, ...] = ()
    database: str | None = None
    licenses: str | None = None
    fail_on: str | None = None
    offline: bool = False
    resolve: bool = False
    source: bool = False
    index_code: bool = False
    content: bool = True
    metadata_only: bool = False
    jobs: int | None = None
    facts: Facts = USUAL_FACTS
    surfaces: tuple[SurfaceSetting, ...] = ()
    components: tuple[ComponentSetting, ...] = ()
    policy: PolicySetting = PolicySetting()
    clarifications: tuple[Clarification, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    entitlements: tuple[Entitlement, ...] = ()
    grants: tuple[Grant, ...] = ()
    contents: tuple[ContentSetting, ...] = ()
    parts: tuple[PartSetting, ...] = ()
    notices: NoticesSetting = NoticesSetting()
    hook: HookSetting = HookSetting()


NO_CONFIG = Config()
"""What counts where there is no licscan.toml."""


def with_facts(facts: Facts, *overrides: Iterable[Fact]) -> Facts:
    """The facts with others in their place; later ones win."""
    said = {name: value for override in overrides for name, value in override}
    return replace(facts, **said) if said else facts  # type: ignore[arg-type]
