"""Small animations, models and data sets, made byte by byte."""

from __future__ import annotations

import json
import pickle
from collections import OrderedDict

from tests.media.making.standards import zipped


def lottie(**more: object) -> bytes:
    held = {
        "v": "5.7.4", "fr": 50, "ip": 0, "op": 100, "w": 512, "h": 256, "nm": "Door", "ddd": 0, "assets": [],
        "layers": [], "meta": {"a": "Ann Author", "g": "Maker 1.0", "d": "A door", "k": "door, wood"}, **more,
    }  # fmt: skip
    return json.dumps(held).encode()


def dotlottie() -> bytes:
    manifest = json.dumps({"version": "2", "generator": "maker", "author": "Zoe Packer"}).encode()
    return zipped({"manifest.json": manifest, "a/x.json": lottie(), "i/a.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 16})


def gguf(texts: dict[str, str | list[str]]) -> bytes:
    def text(value: str) -> bytes:
        return len(value.encode()).to_bytes(8, "little") + value.encode()

    def value(one: str | list[str]) -> bytes:
        if isinstance(one, str):
            return (8).to_bytes(4, "little") + text(one)
        head = (9).to_bytes(4, "little") + (8).to_bytes(4, "little") + len(one).to_bytes(8, "little")
        return head + b"".join(map(text, one))

    words: dict[str, str | list[str]] = {"tokenizer.ggml.tokens": ["a"] * 50}
    pairs = {**words, **texts}
    number = text("general.file_type") + (4).to_bytes(4, "little") + (7).to_bytes(4, "little")
    body = b"".join(text(key) + value(one) for key, one in pairs.items()) + number
    return (
        b"GGUF" + (3).to_bytes(4, "little") + (0).to_bytes(8, "little") + (len(pairs) + 1).to_bytes(8, "little") + body
    )


def safetensors(metadata: dict[str, str]) -> bytes:
    head = json.dumps({"__metadata__": metadata}).encode()
    return len(head).to_bytes(8, "little") + head


def proto(number: int, held: bytes | int) -> bytes:
    def varint(value: int) -> bytes:
        made = b""
        while value > 127:
            made, value = made + bytes((value & 127 | 128,)), value >> 7
        return made + bytes((value,))

    if isinstance(held, int):
        return varint(number << 3) + varint(held)
    return varint(number << 3 | 2) + varint(len(held)) + held


def onnx() -> bytes:
    pair = proto(1, b"model_license") + proto(2, b"MIT")
    graph = proto(1, b"node" * 100) + proto(2, b"door")
    return (
        proto(1, 9)
        + proto(2, b"maker")
        + proto(3, b"1.0")
        + proto(4, b"door.example")
        + proto(7, graph)
        + proto(14, pair)
    )


def coreml() -> bytes:
    pair = proto(1, b"com.example.url") + proto(2, b"https://door.example/x")
    metadata = proto(1, b"Tells doors") + proto(3, b"Ann Author") + proto(4, b"Apache-2.0") + proto(100, pair)
    return proto(1, 4) + proto(2, proto(1, b"") + proto(100, metadata)) + proto(500, b"w" * 300)


def parquet() -> bytes:
    def text(value: bytes) -> bytes:
        return bytes((len(value),)) + value

    pair = b"\x18" + text(b"license") + b"\x18" + text(b"CC-BY-4.0") + b"\0"
    schema = b"\x48" + text(b"schema") + b"\x15\x02\0"
    footer = b"\x15\x02\x19\x1c" + schema + b"\x16\x02\x19\x0c\x19\x1c" + pair + b"\x18" + text(b"maker 1.0") + b"\0"
    return b"PAR1" + b"\0" * 8 + footer + len(footer).to_bytes(4, "little") + b"PAR1"


def torch() -> bytes:
    held = pickle.dumps(OrderedDict(a=1), 2)
    return zipped({"archive/data.pkl": held, "archive/version": b"3\n", "archive/data/0": b"\0" * 64})
