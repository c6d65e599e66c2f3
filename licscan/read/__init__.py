"""Texts of packages -> evidence: what detection finds in license files, notices and readmes, and where."""
