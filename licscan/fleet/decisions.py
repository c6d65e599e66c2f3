"""The decisions of a fleet: one chain of entries in its store, which every scan in it is judged with."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict

from licscan.base.errors import StoreError
from licscan.base.messages import _
from licscan.fleet.space import Space
from licscan.review.chain import Head, Ledger, Row, chained, verify
from licscan.review.decision import Decision, canonical

FOLDER = "decisions"


def fleet_ledger(space: Space) -> Ledger | None:
    """The chain as far as it holds; None without any entry."""
    rows = []
    for name in space.names(FOLDER):
        try:
            told = json.loads(space.read(name) or b"null")
            rows.append(Row(told["number"], told["body"], told["previous"], told["digest"]))
        except (ValueError, TypeError, KeyError, RecursionError):
            rows.append(Row(None, None, None, None))
    # each entry is a file that was new when it was written: the last one there is the head
    return verify(rows, Head(len(rows), rows[-1].digest)) if rows else None


def joined(own: Ledger | None, shared: Ledger | None) -> Ledger | None:
    """A project's own decisions, and those of the fleet behind them: of two about one thing the fleet's counts."""
    if own is None or shared is None:
        return own or shared
    return Ledger((*own.entries, *shared.entries), own.broken or shared.broken)


def decide(space: Space, decisions: Iterable[Decision]) -> list[Decision]:
    """Add decisions that the chain does not hold yet; those that were added.

    StoreError where the chain is broken, or another one signs at the same time: nothing is added then.
    """
    ledger = fleet_ledger(space) or Ledger()
    if ledger.broken:
        raise StoreError(
            _("the decision chain is broken, nothing was signed: {broken}").format(broken=ledger.broken),
            path=space.address,
        )
    known = {canonical(one.decision) for one in ledger.entries}
    wanted = [one for one in dict.fromkeys(decisions) if canonical(one) not in known]
    for entry in chained(wanted, len(ledger.entries), ledger.head):
        told = {**asdict(entry), "body": canonical(entry.decision)}
        told.pop("decision")
        data = json.dumps(told, ensure_ascii=True, sort_keys=True).encode()
        if not space.write(f"{FOLDER}/{entry.number:08d}.json", data, new=True):
            raise StoreError(_("another process is adding decisions"), path=space.address, remedy=_("run it again"))
    return wanted
