import setuptools, sys
from os.path import dirname, join

HERE = dirname(__file__)


def read(name):
    with open(join(HERE, "requirements", name)) as file:
        return [line for line in file if line.strip()]


with open("requirements.txt") as file:
    required = file.read().splitlines()

tests = ["pytest==8.3.4"]
if sys.platform == "win32":
    tests.append("colorama")

setuptools.setup(
    name="computed-bot",
    version=read("version"),
    install_requires=required,
    tests_require=tests,
    extras_require={"fast": ["uvloop==0.21.0"], "slow": [one for one in sys.argv]},
)
