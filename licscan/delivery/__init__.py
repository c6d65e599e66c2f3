"""What a contract annexes, as one signed set of files, and the check of such a set by whoever receives it.

Nothing here needs more than Python's standard library when it is imported: `scripts/build_accept` packs this room, and
what it stands on, into one file for a machine that has Python alone.
"""
