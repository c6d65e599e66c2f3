"""The verdict on a folder or a sheet: one small file proves nothing, many that agree do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from licscan.artsets.model import ArtMatch, How, SetVote

LEAST = 5
"""Files of a folder that have to be of one set."""
LEAST_CELLS = 8
"""Cells of a sheet that have to be of one set."""
FEW_CELLS = 3
"""Cells that are enough where a sheet with more of the same set lies in the same folder."""
AGREE = 0.8
"""The share of what is accepted by pictures that has to be of one set."""
SHARE = 0.25
"""The share of the pictures of a folder, or of the cells of a sheet, that has to be accepted."""


def vote_folder(folder: str, matches: Sequence[ArtMatch], considered: int) -> list[SetVote]:
    """The sets whose art lies in a folder, `considered` being all files there that were looked at.

    The same bytes and the same drawing are certain: `LEAST` of one set are enough, whatever else lies there. Pictures
    that are alike have to be a share of the folder and to agree among themselves; certain ones count with them.
    """
    exact = [match for match in matches if match.how in (How.DIGEST, How.SVG)]
    votes = list(_exact_votes(folder, exact, considered))
    told = {path for vote in votes for path in vote.files}
    alike = [match for match in matches if match.path not in told]
    if any(match.how == How.PICTURE for match in alike):
        best = _best(match.sets for match in alike)
        files = tuple(sorted(match.path for match in alike if best and best[0] in match.sets))
        if best and len(files) >= LEAST and len(files) >= AGREE * len(alike):
            earlier = [vote for vote in votes if vote.set_id == best[0]]
            left = considered - sum(vote.accepted for vote in votes)
            if earlier or len(files) >= SHARE * left:
                votes.append(SetVote(folder, best[0], How.PICTURE, len(files), considered, files, best[1:]))
    return sorted(votes)


def _exact_votes(folder: str, matches: list[ArtMatch], considered: int) -> Iterable[SetVote]:
    """One vote after the other, each for the set that has most of what no vote has told yet."""
    left = matches
    while len(left) >= LEAST:
        best = _best(match.sets for match in left)
        files = [match for match in left if best[0] in match.sets]
        if len(files) < LEAST:
            return
        hows = Counter(match.how for match in files)
        how = max(hows, key=lambda one: (hows[one], one))
        paths = tuple(sorted(match.path for match in files))
        yield SetVote(folder, best[0], how, len(files), considered, paths, best[1:])
        left = [match for match in left if best[0] not in match.sets]


def vote_sheet(path: str, cells: Collection[tuple[str, ...]], least: int = LEAST_CELLS) -> SetVote | None:
    """The set whose art a sheet holds, by the sets of its cells (empty: not recognised), `least` at the least."""
    accepted = [sets for sets in cells if sets]
    best = _best(accepted)
    count = sum(best[0] in sets for sets in accepted) if best else 0
    if not best or count < least or count < AGREE * len(accepted) or count < SHARE * len(cells):
        return None
    return SetVote(path, best[0], How.SPRITE, count, len(cells), (path,), best[1:])


def _best(sets: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The sets that have most, all that have as many as the first; in order of their names."""
    votes = Counter(name for names in sets for name in names)
    most = max(votes.values(), default=0)
    return tuple(sorted(name for name, count in votes.items() if count == most))
