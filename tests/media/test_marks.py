"""Which fields are marks of AI, and which only look like it."""

from __future__ import annotations

import html
import json

import pytest

from licscan.media.marks import marks_of
from licscan.model.media import AiMark, MarkKind, Meaning, MediaField
from tests.media.making import LABEL

JSON = json.dumps(LABEL, ensure_ascii=False)
PRODUCER = LABEL["ContentProducer"]


def field(name: str, text: str, meaning: Meaning = Meaning.OTHER) -> MediaField:
    return MediaField(meaning, name, text)


@pytest.mark.parametrize(
    "text",
    [
        JSON,
        json.dumps(LABEL, separators=(",", ":")),
        html.escape(JSON),
        json.dumps({"AIGC": LABEL}),
        json.dumps({"AIGC": JSON}),
        " ".join(f"{key}: '{value}'" for key, value in LABEL.items()),
        " ".join(f"{key}: {value}" for key, value in LABEL.items() if value),
        JSON[:90],
    ],
)
@pytest.mark.parametrize("name", ["xmp:TC260:AIGC", "png:AIGC", "id3:TXXX:AIGC", "mdta:AIGC", "pdf:AIGC"])
def test_labels(name: str, text: str) -> None:
    (mark,) = marks_of([field(name, text)])
    assert mark == AiMark(MarkKind.LABEL, name, PRODUCER, "1")


def test_a_label_whose_keys_are_fields() -> None:
    spread = [field(f"xmp:TC260:{key}", value) for key, value in LABEL.items() if value]
    assert marks_of(spread) == (AiMark(MarkKind.LABEL, "xmp:TC260:Label", PRODUCER, "1"),)


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia", "trainedAlgorithmicMedia"),
        ("digsrctype:compositeWithTrainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"),
        ("algorithmicMedia", "algorithmicMedia"),
        ("http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic", "compositeSynthetic"),
        ("http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture", ""),
        ("http://cv.iptc.org/newscodes/digitalsourcetype/virtualRecording", ""),
    ],
)
def test_digital_sources(text: str, detail: str) -> None:
    name = "xmp:Iptc4xmpExt:DigitalSourceType"
    found = marks_of([field(name, text, Meaning.DIGITAL_SOURCE)])
    assert found == ((AiMark(MarkKind.DIGITAL_SOURCE, name, "", detail),) if detail else ())


@pytest.mark.parametrize(
    ("name", "text", "meaning", "tool"),
    [
        ("png:parameters", "a door Steps: 20, Sampler: Euler a, CFG scale: 7, Model: door", Meaning.OTHER,
         "Stable Diffusion"),
        ("png:prompt", '{"3": {"inputs": {"seed": 1}, "class_type": "KSampler"}}', Meaning.OTHER, "ComfyUI"),
        ("png:workflow", '{"last_node_id": 9, "nodes": [], "links": []}', Meaning.OTHER, "ComfyUI"),
        ("png:Comment", '{"prompt": "a", "sampler": "k_euler", "uc": "b"}', Meaning.COMMENT, "NovelAI"),
        ("png:invokeai_metadata", '{"app_version": "3"}', Meaning.OTHER, "InvokeAI"),
        ("png:Software", "NovelAI", Meaning.SOFTWARE, "NovelAI"),
        ("png:Description", "a door --v 6.0 Job ID: 0a1b2c3d-1111-2222-3333-444455556666", Meaning.DESCRIPTION,
         "Midjourney"),
        ("exif:Software", "DALL·E 3", Meaning.SOFTWARE, "DALL-E"),
        ("xmp:xmp:CreatorTool", "Adobe Firefly", Meaning.SOFTWARE, "Adobe Firefly"),
        ("exif:Software", "即梦AI", Meaning.SOFTWARE, "Jimeng"),
        ("exif:Software", "文心一格", Meaning.SOFTWARE, "Wenxin"),
        ("iptc:Credit", "Made with Google AI", Meaning.SOURCE, "Google AI"),
        ("xmp:Iptc4xmpExt:AISystemUsed", "Maker 3", Meaning.OTHER, "Maker 3"),
    ],
)  # fmt: skip
def test_generators(name: str, text: str, meaning: Meaning, tool: str) -> None:
    (mark,) = marks_of([field(name, text, meaning)])
    assert (mark.kind, mark.field, mark.tool) == (MarkKind.GENERATOR, name, tool)


@pytest.mark.parametrize(
    ("name", "text", "meaning"),
    [
        ("exif:Software", "Adobe Photoshop 25.0", Meaning.SOFTWARE),
        ("exif:Software", "Fireflies 2", Meaning.SOFTWARE),
        ("png:Software", "Canva", Meaning.SOFTWARE),
        ("png:Title", "Midjourney is a place in this story", Meaning.TITLE),
        ("png:prompt", "Press any key", Meaning.OTHER),
        ("json:x", '{"Label": "1", "name": "ContentPane"}', Meaning.OTHER),
        ("png:Comment", "Steps: 3 to build it", Meaning.COMMENT),
        ("id3:TPE1", "Kling & Bang", Meaning.AUTHOR),
        ("png:Comment", "algorithmicMedia", Meaning.COMMENT),
    ],
)
def test_what_only_looks_like_it(name: str, text: str, meaning: Meaning) -> None:
    assert marks_of([field(name, text, meaning)]) == ()
