"""The list of targets, as events that are only ever added to: add, drop, scan again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace

from licscan.base import clock
from licscan.base.errors import InputError, StoreError
from licscan.base.messages import _
from licscan.fleet.model import Kind, Target
from licscan.fleet.space import Space

FOLDER = "targets"
_KNOWN = frozenset(one.name for one in fields(Target))


@dataclass(frozen=True, slots=True)
class Entry:
    """A target that counts, and the last wish to scan it again whatever is known of it (an event's name)."""

    target: Target
    added: str
    nudge: str = ""


def entries(space: Space) -> dict[str, Entry]:
    """Every target that was not dropped, by id; events in the order in which they were written."""
    found: dict[str, Entry] = {}
    for name in space.names(FOLDER):
        data = space.read(name)
        for event in _events(b"[]" if data is None else data, name):
            verb = event.get("verb")
            if verb == "add":
                target = _target(event.get("target"), name)
                before = found.get(target.id)
                found[target.id] = replace(before, target=target) if before else Entry(target, str(event.get("when")))
            elif verb == "drop":
                found.pop(str(event.get("id")), None)
            elif verb == "again" and (entry := found.get(str(event.get("id")))):
                found[entry.target.id] = replace(entry, nudge=name)
    return found


def add(space: Space, targets: Iterable[Target]) -> tuple[int, int]:
    """Add targets, or give those that are there other labels; how many are new, and how many were changed."""
    known = {key: entry.target for key, entry in entries(space).items()}
    new = changed = 0
    events = []
    for target in dict.fromkeys(targets):
        before = known.get(target.id)
        if before == target:
            continue
        new, changed = new + (before is None), changed + (before is not None)
        known[target.id] = target
        events.append({"verb": "add", "when": clock.moment(), "target": asdict(target)})
    _write(space, events)
    return new, changed


def drop(space: Space, targets: Iterable[Target]) -> None:
    """Take targets out of the fleet; what was observed of them stays in its history."""
    _write(space, [{"verb": "drop", "when": clock.moment(), "id": one.id} for one in targets])


def again(space: Space, ids: Iterable[str], why: str) -> None:
    """Wish that targets are scanned again whatever is known of them."""
    _write(space, [{"verb": "again", "when": clock.moment(), "id": one, "why": why} for one in sorted(set(ids))])


def select(known: Iterable[Entry], names: Sequence[str], labels: dict[str, str] | None = None) -> list[Entry]:
    """The entries that names (a name, location, id or its start) and labels pick, sorted; all without any.

    InputError for a name that nothing has.
    """
    every = sorted(known, key=lambda one: (one.target.label, one.target.id))
    if labels:
        every = [one for one in every if all(getattr(one.target, key) == value for key, value in labels.items())]
    if not names:
        return every
    picked: dict[str, Entry] = {}
    for name in names:
        meant = [one for one in every if name in (one.target.name, one.target.location, one.target.id)]
        meant = meant or [one for one in every if len(name) >= 6 and one.target.id.startswith(name)]
        if not meant:
            raise InputError(
                _("is not a target of this fleet"), path=name[:200], remedy=_("see `licscan fleet status`")
            )
        picked.update((one.target.id, one) for one in meant)
    return list(picked.values())


def _write(space: Space, events: Sequence[object]) -> None:
    if not events:
        return
    data = json.dumps(events, ensure_ascii=True, separators=(",", ":")).encode()
    number = len(space.names(FOLDER)) + 1
    space.write(f"{FOLDER}/{number:08d}-{hashlib.sha256(data).hexdigest()[:12]}.json", data)


def _events(data: bytes, name: str) -> list[dict[str, object]]:
    try:
        events = json.loads(data)
        if isinstance(events, list) and all(isinstance(one, dict) for one in events):
            return events
    except (ValueError, RecursionError):
        pass
    raise StoreError(_("is not a list of targets that licscan wrote"), path=name)


def _target(told: object, name: str) -> Target:
    try:
        if isinstance(told, dict) and all(isinstance(value, str) for value in told.values()):
            return Target(**{"kind": Kind(told["kind"]), **{k: v for k, v in told.items() if k in _KNOWN - {"kind"}}})
    except (KeyError, TypeError, ValueError):
        pass
    raise StoreError(_("is not a list of targets that licscan wrote"), path=name)
