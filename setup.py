"""Metadata stands in setup.cfg; here is only the optional native extension of detection."""

from __future__ import annotations

import os
import sysconfig

from setuptools import Extension, setup

# One build serves every Python from 3.11 on; a free-threaded Python has no stable ABI and gets its own.
STABLE = not sysconfig.get_config_var("Py_GIL_DISABLED")
PARTS = ("_native", "_arrays", "_vocabulary", "_tokenize", "_find", "_votes", "_rank", "_resemble", "_align")
HEADERS = ("_native", "_vocabulary", "_rank")

setup(
    ext_modules=[
        Extension(
            "licscan.detect._native",
            [f"licscan/detect/{part}.c" for part in PARTS],
            depends=[f"licscan/detect/{header}.h" for header in HEADERS],
            extra_compile_args=["-std=c99", "-O3"]
            if os.name == "posix"
            else [],  # CFLAGS would replace Python's own -O3
            py_limited_api=STABLE,
            optional=True,  # without a compiler licscan does the same in numpy
        )
    ],
    options={"bdist_wheel": {"py_limited_api": "cp311"}} if STABLE else {},
)
