"""What the front matter of a model card says of its license."""

from __future__ import annotations

import pytest

from licscan.detect.engine import Detector

CARD = """---
language:
- en
{field}
pipeline_tag: text-generation
---
# A model
It answers questions.
"""


@pytest.mark.parametrize(
    ("field", "expression"),
    [
        ("license: llama2", "LicenseRef-scancode-llama-2-license-2023"),
        ("license: llama3", "LicenseRef-licscan-llama-3-community"),
        ('license: "llama3.1"', "LicenseRef-licscan-llama-3.1-community"),
        ("license:\n- llama3.2", "LicenseRef-licscan-llama-3.2-community"),
        ("license: other\nlicense_name: llama3.3", "LicenseRef-licscan-llama-3.3-community"),
        ("license: llama4", "LicenseRef-licscan-llama-4-community"),
        ("license: gemma", "LicenseRef-licscan-gemma-terms"),
        ("license: other\nlicense_name: qwen", "LicenseRef-licscan-qwen-license"),
        ("license: other\nlicense_name: deepseek", "LicenseRef-licscan-deepseek-model"),
        ("license: openrail", "LicenseRef-licscan-openrail"),
        ("license: openrail++", "LicenseRef-licscan-openrail-plus-plus"),
        ("license: bigscience-openrail-m", "LicenseRef-scancode-bigscience-open-rail-m"),
        ("license: creativeml-openrail-m", "LicenseRef-scancode-stable-diffusion-2022-08-22"),
        ("license: fair-noncommercial-research-license", "LicenseRef-licscan-fair-noncommercial-research"),
        ("license: c-uda", "C-UDA-1.0"),
        ("license: odbl", "ODbL-1.0"),
        ("license: apache-2.0", "Apache-2.0"),
    ],
)
def test_it_is_read(detector: Detector, field: str, expression: str) -> None:
    found = detector.detect(CARD.format(field=field).encode(), "README.md")
    assert found.expression == expression
