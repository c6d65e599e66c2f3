"""Manifests, lockfiles and installed trees to one graph, without running anything of what is scanned."""
