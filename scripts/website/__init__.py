"""The site of the documentation: staged from the Markdown of the repository, built by Sphinx, its links checked."""
