"""Metadata stands in setup.cfg; here are only the optional native extensions of detection and of fingerprints."""

from __future__ import annotations

import os
import sysconfig

from setuptools import Extension, setup

# One build serves every Python from 3.11 on; a free-threaded Python has no stable ABI and gets its own.
STABLE = not sysconfig.get_config_var("Py_GIL_DISABLED")
PARTS = ("_native", "_arrays", "_vocabulary", "_tokenize", "_find", "_votes", "_rank", "_resemble", "_align", "_hints")
HEADERS = ("_native", "_vocabulary", "_rank")


def extension(room: str, parts: tuple[str, ...], headers: tuple[str, ...]) -> Extension:
    """The extension `_native` of one room."""
    return Extension(
        f"licscan.{room}._native",
        [f"licscan/{room}/{part}.c" for part in parts],
        depends=[f"licscan/{room}/{header}.h" for header in headers],
        extra_compile_args=["-std=c99", "-O3"] if os.name == "posix" else [],  # CFLAGS would replace Python's own -O3
        py_limited_api=STABLE,
        optional=True,  # without a compiler licscan does the same in numpy
    )


setup(
    ext_modules=[
        extension("detect", PARTS, HEADERS),
        extension("copies", ("_native", "_lex", "_javascript", "_python"), ("_native",)),
    ],
    options={"bdist_wheel": {"py_limited_api": "cp311"}} if STABLE else {},
)
