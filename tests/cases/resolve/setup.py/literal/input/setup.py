import os
from setuptools import setup

os.remove("never-run")
base = ["requests==2.32.3", "six"]
about = {"version": "3." + "1"}

setup(
    name="literal-bot",
    version=about["version"],
    license="BSD",
    classifiers=["License :: OSI Approved :: BSD License", "Framework :: AsyncIO"],
    install_requires=base + ["attrs>=24"],
    setup_requires="pytest-runner",
    tests_require=("pytest",),
    extras_require={"ldap": ["ldap3==2.9.1"], ":python_version < '3.8'": ["importlib-metadata"]},
)
