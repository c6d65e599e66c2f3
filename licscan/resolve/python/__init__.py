"""Python formats: requirements, pyproject, the locks of poetry, pipenv, pdm and uv, pylock, conda."""
