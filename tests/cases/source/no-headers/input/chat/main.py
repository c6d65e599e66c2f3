"""Starts the chat."""

NAMES = ("MIT License", "GNU General Public License version 3")
TEXT = "Licensed under the GPL v2"
