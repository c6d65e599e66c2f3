"""Verifies notices: what is inside of what is shipped, and whether all that is owed for it can be reached there."""
