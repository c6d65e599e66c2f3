"""SBOMs made hostile: real ones mutated, and some that are built to take time, memory or the stack."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Mutation = Callable[[str, random.Random], str]

ODD: tuple[Any, ...] = (
    None, True, -1, 1e308, 10**30, "", "\u0000\u001b[2J\u202e", "a" * 5_000, "__proto__", "../../etc/passwd", [], [[]],
    {}, {"a": {"b": []}}, ["x", None, 3], "\ud800", "pkg:npm/", "pkg:", "urn:cdx:x/1#y", "MIT OR (", "(" * 500,
)  # fmt: skip
CONTROLS = ("\x00", "\x1b[31m", "\x07", "\u202e", "\x0b", "\ufffe", "\r", "\x7f")
MANY = 100_000


def cut(text: str, rng: random.Random) -> str:
    """Truncated."""
    return text[: rng.randrange(len(text))]


def lose(text: str, rng: random.Random) -> str:
    """Without some chunks."""
    for _time in range(rng.randrange(1, 5)):
        start = rng.randrange(len(text) or 1)
        text = text[:start] + text[start + rng.randrange(1, 60) :]
    return text


def repeat(text: str, rng: random.Random) -> str:
    """With some lines twice."""
    lines = text.splitlines(keepends=True)
    for _time in range(rng.randrange(1, 8)):
        lines.insert(rng.randrange(len(lines) + 1), rng.choice(lines))
    return "".join(lines)


def shuffle(text: str, rng: random.Random) -> str:
    """With a run of lines in another order."""
    lines = text.splitlines(keepends=True)
    start = rng.randrange(len(lines))
    part = lines[start : start + 20]
    rng.shuffle(part)
    return "".join([*lines[:start], *part, *lines[start + 20 :]])


def control(text: str, rng: random.Random) -> str:
    """With control characters."""
    for _time in range(rng.randrange(1, 10)):
        start = rng.randrange(len(text) or 1)
        text = text[:start] + rng.choice(CONTROLS) + text[start:]
    return text


def swap(text: str, rng: random.Random) -> str:
    """With some characters changed."""
    letters = list(text)
    for _time in range(rng.randrange(1, 30)):
        letters[rng.randrange(len(letters))] = rng.choice('{}[]":,<>/&;%\\ a0')
    return "".join(letters)


def bomb(text: str, rng: random.Random) -> str:
    """XML that declares entities, from inside or outside."""
    inside = '<!ENTITY a0 "aaaaaaaaaa">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    outside = '<!ENTITY a9 SYSTEM "file:///etc/passwd">'
    head, mark, rest = text.partition("?>") if text.startswith("<?xml") else ("", "", text)
    return f"{head}{mark}<!DOCTYPE bom [{rng.choice((inside, outside))}]>" + rest.replace("<name>", "<name>&a9;", 1)


def _values(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container with each of its keys."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        pairs = one.items() if isinstance(one, dict) else enumerate(one) if isinstance(one, list) else ()
        for key, item in list(pairs):
            yield one, key
            waiting.append(item)


def odd(text: str, rng: random.Random) -> str:
    """JSON with values of wrong types."""
    document = json.loads(text)
    places = list(_values(document))
    for container, key in rng.sample(places, min(len(places), rng.choice((1, 3, 20)))):
        container[key] = rng.choice(ODD)
    return json.dumps(document)


def twice(text: str, rng: random.Random) -> str:
    """JSON in which entries of lists stand again, sometimes changed."""
    document = json.loads(text)
    lists = [c[k] for c, k in _values(document) if isinstance(c[k], list) and c[k]]
    for found in rng.sample(lists, min(len(lists), 3)):
        entry = json.loads(json.dumps(rng.choice(found)))
        if isinstance(entry, dict) and rng.random() < 0.5:
            entry["version"] = "other"
        found.append(entry)
    return json.dumps(document)


def tangle(text: str, rng: random.Random) -> str:
    """JSON whose refs lead in circles and nowhere."""
    document = json.loads(text)
    names = ("bom-ref", "ref", "SPDXID", "spdxElementId", "relatedSpdxElement", "spdxId", "from")
    places = [(c, k) for c, k in _values(document) if k in names and isinstance(c[k], str)]
    refs = [c[k] for c, k in places] + ["nowhere"]
    for container, key in rng.sample(places, min(len(places), 10)):
        container[key] = rng.choice(refs)
    for container, key in _values(document):
        if key == "dependsOn" and isinstance(container[key], list):
            container[key].append(rng.choice(refs))
    return json.dumps(document)


def deepen(text: str, rng: random.Random) -> str:
    """JSON with one place that is nested deeply."""
    depth = rng.choice((50, 900, 100_000))
    key = rng.choice(("components", "packages", "@graph", "licenses", "metadata"))
    inner = rng.choice(('{"components":[', "[", '{"a":'))
    end = {'{"components":[': "]}", "[": "]", '{"a":': "}"}[inner]
    nested = inner * depth + ("1" if end == "}" else "") + end * depth
    return text.rstrip()[:-1] + f', "{key}": [{nested}]}}'


ANY: tuple[Mutation, ...] = (cut, lose, repeat, shuffle, control, swap)
OF_JSON: tuple[Mutation, ...] = (odd, odd, odd, twice, tangle, deepen)
OF_XML: tuple[Mutation, ...] = (bomb,)


def mutated(texts: list[str], number: int) -> tuple[str, str]:
    """The name of a mutation and its result; the same for the same number and texts."""
    rng = random.Random(number)
    text = texts[number % len(texts)]
    more = OF_JSON if text.lstrip().startswith("{") else OF_XML if text.lstrip().startswith("<") else ()
    mutation = (ANY + more)[number // len(texts) % len(ANY + more)]
    return mutation.__name__, mutation(text, rng)


def large(count: int = MANY) -> Iterator[tuple[str, str]]:
    """Documents of very many components: a chain, a star with circles, one name, and the same in each format."""
    chain = [{"ref": f"c{n}", "dependsOn": [f"c{n + 1}"]} for n in range(count - 1)]
    entries = [
        {"type": "library", "name": f"n{n}", "version": "1", "bom-ref": f"c{n}", "purl": f"pkg:npm/n{n}@1",
         "licenses": [{"license": {"id": "MIT"}}]}
        for n in range(count)
    ]  # fmt: skip
    head = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1}
    yield "cyclonedx-chain", json.dumps(head | {"components": entries, "dependencies": chain})
    ring = [*chain, {"ref": f"c{count - 1}", "dependsOn": ["c0", "gone"]}]
    yield "cyclonedx-ring", json.dumps(head | {"components": entries, "dependencies": ring})
    gone = [{"ref": f"g{n}", "dependsOn": [f"h{n}"]} for n in range(count)]
    same = [one | {"bom-ref": "c0"} for one in entries]
    yield "cyclonedx-all-bad", json.dumps(head | {"components": same, "dependencies": gone})
    yield "cyclonedx-types", json.dumps(head | {"components": [5] * count, "dependencies": [{"ref": 5}] * count})
    xml = "".join(f'<component type="library" bom-ref="c{n}"><name>n{n}</name></component>' for n in range(count))
    yield "xml", f'<bom xmlns="http://cyclonedx.org/schema/bom/1.4"><components>{xml}</components></bom>'
    tags = "".join(f"PackageName: n{n}\nSPDXID: SPDXRef-{n}\nPackageLicenseDeclared: MIT\n" for n in range(count))
    yield "tag-value", f"SPDXVersion: SPDX-2.3\nDocumentName: x\n{tags}"
    graph = [{"type": "software_Package", "spdxId": f"a{n}", "name": f"n{n}"} for n in range(count)]
    edges = [{"type": "Relationship", "spdxId": "r", "from": "a0", "relationshipType": "dependsOn",
              "to": [f"a{n}" for n in range(count)]}]  # fmt: skip
    yield "spdx-3", json.dumps({"@graph": [*graph, *edges]})


def real(folder: Path) -> list[str]:
    """The SBOMs in a folder, by name."""
    return [path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()) if path.is_file()]
