from setuptools import setup
setup(name="pipenv-app", version="0.2")
