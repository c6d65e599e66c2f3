"""What the upkeep of licscan.toml needs: entries against components, days, and findings about entries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from licscan.base.messages import _
from licscan.judge.findings import texts_of
from licscan.model import Component, Finding, Location, Severity, Verdict
from licscan.packages.patterns import PackagePattern

FILE = "licscan.toml"


class _Placed(Protocol):
    @property
    def line(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Day:
    """The day for which a scan is judged; never read from the clock here."""

    today: date

    def is_over(self, expires: date | None) -> bool:
        """Whether the last day has passed."""
        return expires is not None and self.today > expires


def chosen(patterns: Iterable[PackagePattern], component: Component | None) -> bool:
    """Whether one of the patterns names the component."""
    return component is not None and any(pattern.matches(component) for pattern in patterns)


def entry_label(patterns: Iterable[PackagePattern], licenses: Iterable[str] = (), files: Iterable[str] = ()) -> str:
    """What an entry speaks of, for a sentence."""
    words = [*map(str, patterns), *licenses, *files]
    return _(", ").join(words) if words else _("everything")


def about_entry(code: str, entry: _Placed, message: str, *, purl: str | None = None) -> Finding:
    """A finding about an entry of licscan.toml; it forbids nothing by itself: what it no longer covers does."""
    texts = texts_of(code)
    return Finding(
        code=code,
        severity=Severity(texts["severity"]),
        verdict=Verdict.OK,
        purl=purl,
        message=message,
        why=_(texts["why"]),
        remedies=tuple(_(remedy) for remedy in texts["remedies"]),
        locations=(Location(FILE, entry.line, entry.line),),
    )
