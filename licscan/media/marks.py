"""Marks of AI in the fields of a file: presence is a fact, never a verdict of whose the work is.

Sources: the Digital Source Type vocabulary of the IPTC; the texts that the user interfaces of Stable Diffusion write;
GB 45438-2025 and its practice guide TC260-PG-20258A, of both of which only what public programs make was seen, not the
texts. Several programs that have nothing to do with each other agree on XMP (`AIGC` in the name space
`http://www.tc260.org.cn/ns/AIGC/1.0/`, prefix TC260) and on its value, JSON with seven keys. One or two write the same
value into a TXXX frame `AIGC` of ID3, a comment `AIGC` of Vorbis, an item `AIGC` of MP4 lists, `/AIGC` of a PDF's Info,
the front matter `AIGC` of Markdown. The weakest is the chunk `AIGC` of WAV, which one program alone was seen to write.
So a label is told by its keys, in whichever field it stands.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from licscan.model.media import AiMark, MarkKind, Meaning, MediaField

_SOURCES = ("trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "algorithmicMedia", "compositeSynthetic")
_SOURCE = re.compile(r"(?i)(?:^|[/:#_\s])(" + "|".join(_SOURCES) + r")\s*$")
_SOURCE_NAMES = {name.lower(): name for name in _SOURCES}

_OTHERS = ("ContentProducer", "ProduceID", "ReservedCode1", "ContentPropagator", "PropagateID", "ReservedCode2")
"""The keys of a label beside `Label`."""
_LABEL_KEYS = frozenset({"Label", *_OTHERS})
_OPENS = r"""(?:^|[{{,;\s"'\\])["'\\]*{key}["'\\]*\s*[:=]\s*["'\\]*"""
_IS_KEY = {key: re.compile(_OPENS.format(key=key)) for key in _LABEL_KEYS}
_VALUE = re.compile(r"""[^"'\\,}\s][^"'\\,}]{0,120}""")

_STEPS = re.compile(r"\bSteps: ?\d+\b")
_MODEL = re.compile(r"\bModel: ?([^,]{1,100})")
_COMFY = ('"class_type"', '"last_node_id"', '"inputs"', '"nodes"')
_JOB = re.compile(r"(?i)\bJob ID: ?[0-9a-f]{8}-")
_KEYS: tuple[tuple[str, str], ...] = (
    ("invokeai_metadata", "InvokeAI"),
    ("invokeai_graph", "InvokeAI"),
    ("sd-metadata", "InvokeAI"),
    ("dream", "InvokeAI"),
    ("fooocus_scheme", "Fooocus"),
)
"""Names of fields that one program alone writes."""

_TOOLS: tuple[tuple[str, str], ...] = (
    ("Midjourney", r"mid-?journey"),
    ("DALL-E", r"dall[-·. ]?e\b"),
    ("Adobe Firefly", r"\bfirefly\b"),
    ("Jimeng", r"即梦|\bjimeng|\bdreamina\b"),
    ("Doubao", r"豆包|\bdoubao\b"),
    ("Wenxin", r"文心|\bwenxin\b|\bernie[- ]?(?:vilg|bot|irag)"),
    ("Tongyi Wanxiang", r"通义|万相|\bwanxiang\b|\bwanx\b"),
    ("Hunyuan", r"混元|\bhunyuan"),
    ("Kling", r"可灵|\bkling(?: ?ai)?\b"),
    ("CogView", r"智谱|\bcogview|\bcogvideo"),
    ("MiniMax Hailuo", r"海螺|\bhailuo\b"),
    ("Stable Diffusion", r"stable[- ]?diffusion|automatic1111|\bsdxl\b|\bdream ?studio\b"),
    ("ComfyUI", r"\bcomfy ?ui\b"),
    ("InvokeAI", r"\binvoke ?ai\b"),
    ("Fooocus", r"\bfooocus\b"),
    ("NovelAI", r"\bnovel ?ai\b"),
    ("Ideogram", r"\bideogram(?: ai)?\b"),
    ("Leonardo.Ai", r"\bleonardo\.ai\b"),
    ("Google AI", r"\bmade with google ai\b|\bgoogle (?:gemini|imagen)\b|\bedited with google ai\b"),
    ("Bing Image Creator", r"\bbing image creator\b|\bmicrosoft designer\b"),
    ("OpenAI", r"\bopenai\b|\bchatgpt\b|\bgpt-4o\b|\bgpt-image"),
    ("Suno", r"\bsuno(?: ai|\.com|\.ai)?\b"),
    ("Udio", r"\budio(?:\.com)?\b"),
    ("ElevenLabs", r"\beleven ?labs\b"),
    ("Runway", r"\brunway ?ml\b|\brunway gen-?\d"),
    ("FLUX", r"\bflux\.1\b|\bblack forest labs\b"),
)
_TOOL = tuple((name, re.compile(f"(?i){pattern}")) for name, pattern in _TOOLS)
_NAMED_IN = frozenset({Meaning.SOFTWARE})
_AI_CREDIT = re.compile(r"(?i)\b(?:made|edited|created|generated) (?:with|by|using) (?:google ai|ai\b|suno|midjourney)")


def marks_of(fields: Iterable[MediaField]) -> tuple[AiMark, ...]:
    """The marks of AI that these fields are, sorted, each once."""
    held = tuple(fields)
    found = {mark for field in held for mark in _marks(field)}
    found.update(_spread(held))
    return tuple(sorted(found))


def _tool_of(text: str) -> str:
    """The tool of AI that a text names; empty: none that is known."""
    return next((name for name, pattern in _TOOL if pattern.search(text)), "")


def _marks(field: MediaField) -> Iterator[AiMark]:
    source = _SOURCE.search(field.text)
    if source and (field.meaning is Meaning.DIGITAL_SOURCE or "/" in field.text or "igitalSourceType" in field.field):
        yield AiMark(MarkKind.DIGITAL_SOURCE, field.field, detail=_SOURCE_NAMES[source[1].lower()])
    label = _label(field)
    if label is not None:
        yield label
        return
    yield from _generator(field)


def _generator(field: MediaField) -> Iterator[AiMark]:
    text, key = field.text, field.field.rpartition(":")[2].lower()
    if _STEPS.search(text) and "Sampler:" in text:
        model = _MODEL.search(text)
        yield AiMark(MarkKind.GENERATOR, field.field, "Stable Diffusion", model[1].strip() if model else "")
    elif key in ("prompt", "workflow") and _is_comfy(text):
        yield AiMark(MarkKind.GENERATOR, field.field, "ComfyUI", key)
    elif text.startswith("{") and '"sampler"' in text and '"uc"' in text:
        yield AiMark(MarkKind.GENERATOR, field.field, "NovelAI", "")
    elif _JOB.search(text) and " --" in text:
        yield AiMark(MarkKind.GENERATOR, field.field, "Midjourney", "")
    elif named := next((tool for name, tool in _KEYS if name == key), ""):
        yield AiMark(MarkKind.GENERATOR, field.field, named, "")
    elif key == "aisystemused":
        yield AiMark(MarkKind.GENERATOR, field.field, text[:100], "")
    elif field.meaning in _NAMED_IN or _AI_CREDIT.search(text):
        tool = _tool_of(text)
        if tool:
            yield AiMark(MarkKind.GENERATOR, field.field, tool, text[:100])


def _is_comfy(text: str) -> bool:
    """Whether a text is a graph of ComfyUI; it may be cut, so that it cannot be parsed."""
    return text.startswith("{") and any(key in text for key in _COMFY)


def _label(field: MediaField) -> AiMark | None:
    """The label of GB 45438-2025 in one field: JSON, YAML, or either escaped or cut."""
    text = field.text
    if "Label" not in text or ("ID" not in text and "Content" not in text):
        return None
    text = html.unescape(text)
    values = {key: _value(text, key) for key in _LABEL_KEYS}
    if values["Label"] is None or sum(values[key] is not None for key in _OTHERS) < 2:
        return None
    return AiMark(MarkKind.LABEL, field.field, values["ContentProducer"] or "", values["Label"])


def _value(text: str, key: str) -> str | None:
    """The value of a key; None where the key is not there, empty where it has none."""
    opened = _IS_KEY[key].search(text)
    if opened is None:
        return None
    if opened[0].count('"') + opened[0].count("'") >= 4 or text[opened.end() : opened.end() + 1] in (",", "}", ""):
        return ""
    value = _VALUE.match(text, opened.end())
    if value is None:
        return ""
    # in YAML that was folded into one line, the next key ends the value
    return re.split(r"\s+(?:" + "|".join(sorted(_LABEL_KEYS)) + r")\s*:", value[0])[0].strip()


def _spread(fields: tuple[MediaField, ...]) -> Iterator[AiMark]:
    """A label whose keys are fields of their own, as properties in XMP or entries of a PDF's Info."""
    held = {name: field for field in fields if (name := re.split(r"[:./]", field.field)[-1]) in _LABEL_KEYS}
    if "Label" in held and len(held) >= 3:
        producer = held.get("ContentProducer")
        yield AiMark(
            MarkKind.LABEL, held["Label"].field, producer.text[:120] if producer else "", held["Label"].text[:120]
        )
