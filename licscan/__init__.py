"""licscan: a license and third-party IP scanner for privately deployed instant-messaging codebases."""

__version__ = "0.1.0"
