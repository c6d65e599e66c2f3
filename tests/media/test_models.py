"""What animations, models and data sets say of themselves."""

from __future__ import annotations

import base64
import gzip
import hashlib
import pickle

import pytest

from licscan.model.media import InnerMedia, MediaKind
from tests.media import making
from tests.media.reading import facts as facts_of
from tests.media.reading import said

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16

GENERAL: dict[str, str | list[str]] = {
    "general.license": "apache-2.0", "general.license.link": "https://l.example/", "general.author": "Ann Author",
    "general.name": "Door 7B", "general.base_model.0.name": "Gate 7B", "general.url": "https://s.example/",
    "general.base_model.0.repo_url": "https://b.example/", "general.datasets": ["a/b", "c/d"],
    "door.context_length": "no general key",
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.gguf", making.gguf(GENERAL), {
            ("license", "gguf:general.license", "apache-2.0"),
            ("license-url", "gguf:general.license.link", "https://l.example/"),
            ("author", "gguf:general.author", "Ann Author"), ("name", "gguf:general.name", "Door 7B"),
            ("base-model", "gguf:general.base_model.0.name", "Gate 7B"),
            ("base-model", "gguf:general.base_model.0.repo_url", "https://b.example/"),
            ("source", "gguf:general.url", "https://s.example/"),
            ("training-data", "gguf:general.datasets", "a/b, c/d"), ("other", "gguf:general.file_type", "7"),
        }),
        ("a.safetensors", making.safetensors({"license": "mit", "format": "pt", "modelspec.author": "Ann"}), {
            ("license", "safetensors:license", "mit"), ("other", "safetensors:format", "pt"),
            ("other", "safetensors:modelspec.author", "Ann"),
        }),
        ("a.onnx", making.onnx(), {
            ("software", "onnx:producer_name", "maker"), ("software", "onnx:producer_version", "1.0"),
            ("source", "onnx:domain", "door.example"), ("license", "onnx:metadata_props.model_license", "MIT"),
            ("name", "onnx:graph.name", "door"),
        }),
        ("a.mlmodel", making.coreml(), {
            ("description", "coreml:shortDescription", "Tells doors"), ("author", "coreml:author", "Ann Author"),
            ("license", "coreml:license", "Apache-2.0"),
            ("source", "coreml:userDefined.com.example.url", "https://door.example/x"),
        }),
        ("a.parquet", making.parquet(), {
            ("license", "parquet:license", "CC-BY-4.0"), ("software", "parquet:created_by", "maker 1.0"),
        }),
        ("a.keras", making.zipped({"metadata.json": b'{"keras_version":"3.0"}',
                                   "config.json": b'{"config":{"name":"d"}}'}),
         {("other", "keras:keras_version", "3.0"), ("name", "keras:name", "d")}),
        ("a.npz", making.zipped({"weights.npy": b"x"}), {("other", "npz:array", "weights")}),
        ("model.json", b'{"format":"layers-model","generatedBy":"keras v1","modelTopology":{},'
         b'"userDefinedMetadata":{"license":"MIT","author":{"name":"Ann"}}}', {
            ("software", "tfjs:generatedBy", "keras v1"), ("other", "tfjs:format", "layers-model"),
            ("license", "tfjs:userDefinedMetadata:license", "MIT"),
            ("title", "tfjs:userDefinedMetadata:author:name", "Ann"),
        }),
    ],
)  # fmt: skip
def test_models_and_data(name: str, data: bytes, expected: set[tuple[str, str, str]]) -> None:
    assert said(data, name) == expected
    assert facts_of(data, name).faults == ()


class LoadedError(Exception):
    """Raised where a pickle is loaded."""


class Trap:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return LoadedError, ("loaded",)


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_pickles_are_walked_and_never_loaded(protocol: int) -> None:
    data = pickle.dumps({"a": Trap(), "b": Trap()}, protocol)
    assert said(data, "a.pkl") == {("other", "pickle:global", f"{__name__}.LoadedError")}


def test_files_of_torch() -> None:
    found = said(making.torch(), "a.pt")
    assert ("other", "pickle:global", "collections.OrderedDict") in found
    assert ("other", "torch:entry", "archive/version") in found
    assert ("other", "torch:entry", "archive/data/0") not in found


LOTTIE = {
    ("name", "lottie:nm", "Door"), ("other", "lottie:v", "5.7.4"), ("author", "lottie:meta.a", "Ann Author"),
    ("software", "lottie:meta.g", "Maker 1.0"), ("description", "lottie:meta.d", "A door"),
    ("other", "lottie:meta.k", "door, wood"),
}  # fmt: skip


@pytest.mark.parametrize("name", ["a.json", "a.tgs"])
def test_animations(name: str) -> None:
    facts = facts_of(making.SAMPLES[name], name)
    assert said(making.SAMPLES[name], name) == LOTTIE
    assert (facts.width, facts.height, facts.duration) == (512, 256, 2000)


def test_animation_in_a_zip() -> None:
    packer = {("author", "dotlottie:author", "Zoe Packer"), ("software", "dotlottie:generator", "maker")}
    facts = facts_of(making.dotlottie(), "a.lottie")
    assert packer | LOTTIE <= said(making.dotlottie(), "a.lottie")
    assert [one.path for one in facts.inner] == ["i/a.png"]


def test_pictures_inside_an_animation() -> None:
    place = "data:image/png;base64," + base64.b64encode(PNG).decode()
    data = making.lottie(assets=[{"id": "image_0", "p": place}, {"id": "image_1", "p": "img_1.png"}])
    digest = hashlib.sha256(PNG).hexdigest()
    assert facts_of(data, "a.json").inner == (InnerMedia("assets/image_0", MediaKind.IMAGE, "png", digest, len(PNG)),)


def test_a_bomb_is_not_unpacked() -> None:
    facts = facts_of(gzip.compress(b" " * (20 << 20)), "a.tgs")
    assert facts.fields == ()
    assert facts.faults


@pytest.mark.parametrize("name", ["a.safetensors", "a.gguf", "a.onnx", "a.parquet", "a.tgs"])
def test_half_a_file_has_a_fault(name: str) -> None:
    data = making.SAMPLES[name]
    assert facts_of(data[: len(data) // 2], name).faults
