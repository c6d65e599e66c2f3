"""Work on content grows with the files, not with their square."""

from __future__ import annotations

from collections.abc import Callable

from licscan.config.settings import ContentSetting
from licscan.content.annotations import annotations_of
from licscan.content.brands import signs_among
from licscan.content.embedded import NOTHING_INSIDE
from licscan.content.gather import Gathered, _recorded
from licscan.content.grouping import group
from licscan.content.placing import Placed
from licscan.content.prose import Names
from licscan.content.reading import ReadFile
from licscan.model import Graph
from licscan.model.content import Question
from licscan.model.media import MediaFacts, MediaKind
from tests.growth import assert_linear


def paths(size: int) -> list[str]:
    return [f"assets/icons{number % 97:02}/Face-{number:06}.png" for number in range(size)]


def files(size: int) -> list[ReadFile]:
    facts = MediaFacts(MediaKind.IMAGE, "png")
    return [ReadFile(path, f"{number:064x}", 10, facts) for number, path in enumerate(paths(size))]


def test_a_list_that_names_every_file_is_read_in_linear_time() -> None:
    def work(size: int) -> Callable[[], object]:
        names = Names(paths(size))
        asked = [path.rpartition("/")[2] for path in paths(size)]
        return lambda: [names.meant("assets", name) for name in (*asked, *(one.removesuffix(".png") for one in asked))]

    assert_linear(work, 8_000)


def test_globs_look_at_what_begins_alike_alone() -> None:
    def work(size: int) -> Callable[[], object]:
        names = Names(paths(size))
        asked = [f"icons{number % 97:02}/face-{number:06}.*" for number in range(size)]
        return lambda: [names.meant("assets", name) for name in asked]

    assert_linear(work, 8_000)


def test_folders_are_looked_up() -> None:
    def work(size: int) -> Callable[[], object]:
        names = Names(f"a/{number:06}/x.png" for number in range(size))
        return lambda: [names.meant("", f"a/{number:06}/") for number in range(size)]

    assert_linear(work, 8_000)


def test_signs_are_told_in_linear_time() -> None:
    assert_linear(lambda size: lambda: signs_among(paths(size), frozenset({"talk"})), 16_000)


def test_annotations_of_single_files_are_looked_up() -> None:
    def work(size: int) -> Callable[[], object]:
        told = "\n\n".join(f"Files: {path}\nLicense: MIT\nCopyright: Ann" for path in paths(size))
        found, _problems = annotations_of({".reuse/dep5": told})
        return lambda: [found.of(path) for path in paths(size)]

    assert_linear(work, 4_800)


def test_a_pattern_of_many_stars_ends() -> None:
    def work(size: int) -> Callable[[], object]:
        told = f"Files: {'*a' * 40}b\nLicense: MIT\nCopyright: Ann"
        found, _problems = annotations_of({".reuse/dep5": told})
        return lambda: found.of("a" * size)

    assert_linear(work, 800)


def test_records_of_single_files_are_looked_up() -> None:
    def work(size: int) -> Callable[[], object]:
        held = files(size)
        records = [
            ContentSetting(files=(one.path if number % 2 else f"sha256:{one.sha256}",), license="MIT", line=number)
            for number, one in enumerate(held)
        ]
        return lambda: _recorded(held, records)

    assert_linear(work, 8_000)


def test_groups_are_made_in_linear_time() -> None:
    def work(size: int) -> Callable[[], object]:
        placed = [Placed(one, (), (), NOTHING_INSIDE, "", "", None, False, False) for one in files(size)]
        gathered = Gathered(tuple((one, (Question.NO_STATEMENT,)) for one in placed))
        return lambda: group(gathered, Graph((), (), ()), frozenset())

    assert_linear(work, 8_000)
