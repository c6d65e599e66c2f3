"""The numbers that decide what is a copy, in one place.

Found on the development half of `scripts/measure_copies` (packages whose name has an even CRC-32), 2026-11-28, by hand
from the tables that it prints with `--half dev --verbose`; the other half was scored once, after that.
"""

from __future__ import annotations

LEAST_ANCHORS = 3
"""Anchor fingerprints of a file that must be met, where no four of its tokens are."""
LEAST_TOKENS = 4
LEAST_KEPT_ANCHORS = 4
"""Fingerprints of a kind that a file must have for its share of that kind to say something."""
LEAST_KEPT_TOKENS = 6
LEAST_EVIDENCE = 7.0
"""Fingerprints that one package must explain, each counted less the more packages hold it, where SURE holds."""
ENOUGH_EVIDENCE = 10.0
"""The same where it does not."""
SURE = 0.7
"""The share of both files from which few fingerprints are enough."""
FILE_CONTAINED = 0.15
"""The share of a package's file that must be met for the file to count."""
CONTAINED = 0.33
"""The share of the package's file from which a package is named."""
SHARE = 0.7
"""The share of the text from which a package is named, however little that is of the package's file."""
TELLING_ANCHORS = 6
"""Anchors of a package's file from which they must agree: they outlive minifying, so that the tokens of a helper that
compilers write into everybody's files say nothing alone."""
ANCHORS_AGREE = 0.25
"""The share of either file's anchors that must be met then."""
RESIDUE = 0.5
"""What must be left of a package's evidence once a better one has taken its own, for it to be named itself."""
ALSO = 0.8
"""The share of the better one's evidence from which another package is said to hold the same."""
DERIVED = 0.6
"""The share of another package's file that a file must hold for it to be found inside it."""
DERIVED_PENALTY = 0.5
COMMON_PACKAGES = 10
"""Packages that may share a fingerprint; what more of them hold is everybody's."""
COMMON_SHARE = 0.02
"""The same as a share of all packages, where that is more."""
EDITED = (0.4, 0.97)
"""Where the tokens fit better than those of a minified file do and worse than those of the same one, somebody has
edited it, and a version that is not indexed is as likely as the one that fits best."""
VERSION_MARGIN = 0.01
"""By how much the best of the indexed versions must resemble the text better than the next one."""

FILE_PRINTS = 448
"""Fingerprints of one kind and file that are kept: those of the least hashes, the same ones in every version."""
LEAST_FILE_PRINTS = 10
PACKAGE_PRINTS = 1_800
"""Fingerprints of one package, all kinds, files and versions together, at eight bytes each."""
LEAST_EXACT = 200
"""Bytes without blanks around them that a file must have for its digest to say something: shorter ones are what
everybody writes, a line that hands another file on, or nothing."""
NAMED_FILES = 20
"""Files of one package and version without fingerprints whose path is kept; of the others the digest alone is, at
twelve bytes each."""
PACKAGE_FILES = 2_000
"""Files of one package and version that are fingerprinted."""
PACKAGE_DIGESTS = 20_000
"""Files of one package and version whose digest is kept."""
PACKAGE_BYTES = 5_000_000
"""Bytes of one package and version that are fingerprinted; what comes after has its digest alone."""
SAME_FILE = 0.8
"""What two files of one package must have in common for one of them to stand for both."""
LINE_GAP = 12
"""Lines between two finds that belong to one range."""
MOST_RANGES = 20
"""Ranges of lines that are told."""
MOST_ANSWERS = 40
"""Packages that are told of one file."""
MAX_BYTES = 8 * 1024 * 1024
"""Longer files of a project are not compared."""
LEAST_BYTES = 256
"""Shorter ones are anybody's."""
