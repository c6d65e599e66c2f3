"""Opens what is shipped, and shows it as one read-only tree: folders, packages, images, archives in archives."""

from licscan.artifact.entry import Entry
from licscan.artifact.limits import LIMITS, Limits
from licscan.artifact.opening import Artifact, open_artifact

__all__ = ["LIMITS", "Artifact", "Entry", "Limits", "open_artifact"]
