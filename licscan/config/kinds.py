"""What the value of a setting may be: each kind reads one value, or says in a ValueError what it should be."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache, partial
from typing import Any

from licscan.base.alike import meant
from licscan.base.messages import _
from licscan.base.tables import data_folder, load_toml
from licscan.law.vocabulary import RELATIONSHIPS, Deployment
from licscan.model import Severity
from licscan.packages.patterns import PackagePattern, read_pattern

Kind = Callable[[Any], Any]

FAIL_ON = (*(severity.value for severity in Severity), "never")
"""The thresholds of the gate, by name."""
UNKNOWN = ("block", "pass")
"""What the hook does about a package of which nothing is known."""
REQUIRED = ("texts",)
"""What the policy can ask a package to have been judged on."""
OWNERSHIPS = ("own", "third-party")
"""Whose a folder is that lies among the project's own."""
ACTIONS = ("allow", "review", "deny")
WAIVER_REASONS = (
    "accepted-risk", "false-positive", "fixed-elsewhere", "legal-opinion", "license-bought", "not-shipped", "temporary",
)  # fmt: skip
CATEGORIES = (
    "public-domain", "permissive", "weak-file", "weak-module", "weak-library", "strong", "network", "content", "font",
    "model", "source-available", "noncommercial", "proprietary", "unknown",
)  # fmt: skip
"""The classes of licenses, as in law/terms.py."""
GROUPS = {"copyleft": CATEGORIES[2:7], "weak-copyleft": CATEGORIES[2:5]}
"""Names that stand for several classes."""
UPKEEP = ("waiver-", "clarification-", "entitlement-", "grant-", "setting-")
"""Beginnings of the codes of findings about licscan.toml itself, which nothing waives."""

_DIGEST = re.compile(r"(?:pkg:\S+\s+)?(sha256:[0-9a-f]{64})")  # alone, or the whole line as it is printed
_GLOB = re.compile(r"[A-Za-z0-9.+* -]+")


_SHA256 = re.compile(r"sha256:[0-9a-fA-F]{64}")


def text(value: Any) -> str:
    """A string with something in it."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(_("should be {expected}").format(expected=_("a string")))
    return value


def contact(value: Any) -> str:
    """An e-mail address or a web page."""
    if not isinstance(value, str) or not _CONTACT.fullmatch(value):
        raise ValueError(_("should be {expected}").format(expected=_("an e-mail address or a web page")))
    return value


_CONTACT = re.compile(r"[^\s@<>]{1,100}@[^\s@<>]{1,200}|https?://[^\s<>]{1,500}")
TLP = ("CLEAR", "GREEN", "AMBER", "AMBER_AND_STRICT", "RED")
"""Whom a document may be passed on to (Traffic Light Protocol 2.0)."""


def tlp(value: Any) -> str:
    """A label of the Traffic Light Protocol."""
    if value not in TLP:
        raise ValueError(_("should be one of {names}").format(names=_(", ").join(TLP)))
    return str(value)


def texts(value: Any) -> tuple[str, ...]:
    """A list of strings; one string is a list of one."""
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise ValueError(_("should be {expected}").format(expected=_("a list of strings")))
    return tuple(items)


def content_files(value: Any) -> tuple[str, ...]:
    """Globs of paths below the project, or digests as `sha256:` and 64 hexadecimal digits; a folder means all in it."""
    listed = texts(value)
    if not listed or any(not one.strip() or _is_no_digest(one) for one in listed):
        expected = _('globs of files, or "sha256:" with 64 hexadecimal digits')
        raise ValueError(_("should be {expected}").format(expected=expected))
    if any(one.startswith("/") or "\\" in one or ".." in one.split("/") for one in listed):
        raise ValueError(
            _("should be {expected}").format(expected=_("paths below the project, with / between folders"))
        )
    plain = (one.removeprefix("./") for one in listed)
    return tuple(f"{one}*" if one.endswith("/") else one for one in plain)


def _is_no_digest(said: str) -> bool:
    """Whether what was meant as a digest is none."""
    return said.lower().startswith("sha256:") and not _SHA256.fullmatch(said)


def truth(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError(_("should be {expected}").format(expected=_("true or false")))
    return value


def count(value: Any, least: int = 0) -> int:
    """A whole number."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        expected = _("a positive whole number") if least else _("a whole number")
        raise ValueError(_("should be {expected}").format(expected=expected))
    return value


positive: Kind = partial(count, least=1)


def day(value: Any) -> date:
    """A day, as TOML writes dates or as a string."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as error:
        raise ValueError(_("should be {expected}").format(expected=_("a day such as 2027-01-31"))) from error


def digests(value: Any) -> tuple[str, ...]:
    """One digest of evidence, or several."""
    found = [_DIGEST.fullmatch(text) for text in texts(value)]
    if not found or not all(found):
        expected = _("a digest as `licscan show --digest PACKAGE` prints it")
        raise ValueError(_("should be {expected}").format(expected=expected))
    return tuple(match[1] for match in found if match)


def packages(value: Any) -> tuple[PackagePattern, ...]:
    """Patterns of packages."""
    found = []
    for item in texts(value):
        try:
            found.append(read_pattern(item))
        except ValueError as error:
            raise ValueError(f"{item[:80]}: {error}") from error
    if not found:
        raise ValueError(_("should name a package"))
    return tuple(found)


def expression(value: Any) -> str:
    """An SPDX expression, in canonical form."""
    from licscan.licenses import spdx

    told = text(value)
    wrong = spdx.validate(told)
    if wrong or told in ("NONE", "NOASSERTION"):
        said = wrong[0] if wrong else _("should be {expected}").format(expected=_("an SPDX license expression"))
        raise ValueError(said + near_license(told))
    return spdx.render(spdx.tree(told))


def outbound(value: Any) -> str:
    """The license of the product: `proprietary`, or an SPDX expression, which may be written by name."""
    from licscan.licenses.statements import read_license

    told = text(value).strip()
    if told.lower() == "proprietary":
        return "proprietary"
    found = read_license(told).expression
    if found is None:
        message = _("should be {expected}").format(expected=_("an SPDX license expression, or proprietary"))
        raise ValueError(message + near_license(told))
    return found


def licenses(value: Any) -> tuple[str, ...]:
    """Names of licenses for a policy: expressions, `GPL-2.0` for its -only and -or-later, exceptions, globs."""
    return tuple(_license_name(item) for item in texts(value))


def _license_name(item: str) -> str:
    from licscan.licenses import spdx

    if "*" in item and _GLOB.fullmatch(item):
        return item
    if item.lower() in spdx.index().exceptions:
        return spdx.index().exceptions[item.lower()]
    if not spdx.validate(f"{item}-only"):
        return spdx.render(spdx.tree(f"{item}-only")).removesuffix("-only")
    return expression(item)


def near_license(name: str) -> str:
    """`; did you mean MIT?`, where something is near."""
    from licscan.licenses.known import licenses_like

    close = licenses_like(name)
    return _("; did you mean {name}?").format(name=_(", ").join(close)) if close else ""


def one_of(names: Sequence[str], value: Any) -> str:
    """One of a closed list of names."""
    if value in names:
        return str(value)
    close = meant(value, names, 1) if isinstance(value, str) else []
    if close:
        raise ValueError(_("{value} is not known here; did you mean {name}?").format(value=value, name=close[0]))
    raise ValueError(_("should be one of {names}").format(names=_(", ").join(names)))


def categories(value: Any) -> tuple[str, ...]:
    """Classes of licenses; the names of groups become the classes that they stand for."""
    found: list[str] = []
    for item in texts(value):
        name = one_of((*CATEGORIES, *GROUPS), item)
        found.extend(GROUPS.get(name, (name,)))
    return tuple(dict.fromkeys(found))


def finding_code(value: Any) -> str:
    """The code of a finding that can be waived."""
    return one_of([code for code in load_toml("findings.toml") if not code.startswith(UPKEEP)], value)


def profile(value: Any) -> str:
    """The name of a ready-made policy."""
    return one_of(profile_names(), value)


@cache
def profile_names() -> tuple[str, ...]:
    """The ready-made policies."""
    return tuple(sorted(path.stem for path in (data_folder() / "policies").glob("*.toml")))


deployment: Kind = partial(one_of, tuple(Deployment))
relationship: Kind = partial(one_of, tuple(RELATIONSHIPS))
action: Kind = partial(one_of, ACTIONS)
waiver_reason: Kind = partial(one_of, WAIVER_REASONS)
unknown: Kind = partial(one_of, UNKNOWN)
require: Kind = partial(one_of, REQUIRED)
ownership: Kind = partial(one_of, OWNERSHIPS)
fail_on: Kind = partial(one_of, FAIL_ON)
