"""What a file's name says of it: license, notice, authors, readme, or nothing. Pure; names only, never contents.

The names are those that the ecosystems' own tools look for (npm, PEP 639's globs, licensee's, ORT's
defaults) and those that real packages carry (`GPL-LICENSE.txt`, `Apache_License_2.0.txt`, `ThirdPartyNotices.txt`).
"""

from __future__ import annotations

import os.path
import re
from functools import lru_cache
from typing import Literal

Kind = Literal["license", "notice", "authors", "readme"]

_WORTH = re.compile(
    r"(?i)licen[sc]|copying|copyright|copyleft|eula|patents|notice|third.?part|3rd.?part|authors?|contributors?|credits"
    r"|acknowledg|maintainers|readme|legal|^(?:[al]?gpl|mpl|ofl|apache|bsd|mit|isc|cc0|epl|wtfpl|zlib)\b"
)
"""One look that rejects nearly every name of a tree."""

_NEVER = re.compile(
    # source code, data that programs read, pictures, fonts, archives, binaries, signatures
    r"(?i)\.(?:[cm]?[jt]sx?|flow|vue|svelte|coffee|py[cdiowx]?|ipynb|rb|erb|gemspec|go|rs|java|class|jar|kts?|scala|groovy"
    r"|gradle|cc?|h|hh|[ch]pp|[ch]xx|cs|fs|vb|mm?|swift|php\d?|p[lm]|r|lua|ex|exs|erl|hs|dart|sql|sh|bash|zsh|fish|bat|cmd"
    r"|ps1|s?css|sass|less|styl|json[5cl]?|ya?ml|toml|ini|cfg|conf|xml|xsl|xsd|plist|lock|map|snap|po|mo|pot|proto|graphql"
    r"|hbs|ejs|pug|mustache|njk|tmpl|tpl|j2|in|svg|png|jpe?g|gif|webp|ico|icns|bmp|tiff?|avif|psd|woff2?|ttf|otf|eot|zip"
    r"|tgz|gz|bz2|xz|zst|7z|rar|whl|node|so|dll|dylib|exe|wasm|bin|o|a|asc|sig|sha\d+|md5|patch|diff|orig|bak|log|mp[34])$"
)
_TEXT = re.compile(r"(?i)\.(?:txt|text|md|markdown|mdown|rst|html?|rtf|adoc|asciidoc|org|textile|tex|pdf|docx?|csv)$")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORDS = re.compile(r"[a-z0-9]+")
_LICENSE = re.compile(r"un?licen[sc]es?|licen[sc](?:es?|ing)|copying(?:v?\d+)?|copyrights?|copyleft|eula|patents?")
_IDENTIFIER = re.compile(r"[al]?gpl(?:v?\d)?|mpl|ofl|apache|bsd|mit|isc|cc0|epl|wtfpl|zlib")
_THIRD_PARTY = re.compile(r"(?:third|3rd)[-_. ]?part(?:y|ies)")
_AUTHORS = re.compile(r"authors?|contributors?|credits?|acknowledge?ments?|maintainers|thanks")
_NOTICE = re.compile(r"notices?|legal")
_LONGEST = 5
"""A license's file name has few words: `how-to-choose-a-license-for-it.md` is a page."""


@lru_cache(maxsize=100_000)
def kind_of(name: str) -> Kind | None:
    """The kind of a file by its name alone (no folders); None for anything that is not such a text."""
    if not _WORTH.search(name) or _NEVER.search(name):
        return None
    stem = _TEXT.sub("", name)
    words = _WORDS.findall(_CAMEL.sub(" ", stem).lower())
    if not words:
        return None
    return _by_first_word(words, stem.lower(), is_text=stem != name or "." not in name) or _by_other_words(words, name)


def _by_first_word(words: list[str], stem: str, *, is_text: bool) -> Kind | None:
    first = words[0]
    if _LICENSE.fullmatch(first):
        return "license"
    if _NOTICE.fullmatch(first) or _THIRD_PARTY.match(stem):
        return "notice"
    if _AUTHORS.fullmatch(first) and len(words) <= 2:
        return "authors"
    if first == "readme":
        return "readme"
    # a license's own name: `OFL.txt`, `gpl-3.0.txt`, `Apache-2.0`
    if is_text and _IDENTIFIER.fullmatch(first) and all(w.isdigit() or w in _REST for w in words[1:]):
        return "license"
    return None


_REST = frozenset({"v2", "v3", "clause", "only", "or", "later", "new", "simplified"})


def _by_other_words(words: list[str], name: str) -> Kind | None:
    """`MIT-LICENSE.txt`, `main.js.LICENSE.txt`, `Apache_License_2.0.txt`, `x.png.license`."""
    if len(words) > _LONGEST or name.startswith("."):
        return None
    if _LICENSE.fullmatch(words[-1]) or (len(words) > 1 and _LICENSE.fullmatch(words[1]) and _known_first(words[0])):
        return "license"
    if _NOTICE.fullmatch(words[-1]) and words[-1] != "legal":
        return "notice"
    return None


def _known_first(word: str) -> bool:
    return bool(_IDENTIFIER.fullmatch(word)) or word in ("gnu", "font", "fonts", "icons", "the", "full", "open")


def sort_by_kind(paths: list[str]) -> dict[Kind, tuple[str, ...]]:
    """Paths (`/` between folders) by the kind of their last part, sorted; what has none is left out."""
    found: dict[Kind, list[str]] = {"license": [], "notice": [], "authors": [], "readme": []}
    for path in paths:
        kind = kind_of(path[path.rfind("/") + 1 :])
        if kind is not None and not _is_template(path):
            found[kind].append(path)
    return {kind: tuple(sorted(set(listed))) for kind, listed in found.items()}


_BARE = re.compile(r"(?i)(?:un)?licen[sc]es?|copying|copyright|notices?|authors|readme")


def _is_template(path: str) -> bool:
    """Whether a program fills it in (`templates/notice_expiry.html`); a bare `LICENSE` there may be a license."""
    folders, _slash, name = path.lower().rpartition("/")
    return not {"templates", "template"}.isdisjoint(folders.split("/")) and not _BARE.fullmatch(_TEXT.sub("", name))


_LICENSE_FOLDERS = frozenset({"licenses", "licences", "license_files"})
_TEXT_ENDINGS = ("", ".txt", ".md", ".rst", ".html")


def in_license_folder(path: str) -> bool:
    """Whether a path is a text in a folder of license texts: REUSE's `LICENSES`, PEP 639's `.dist-info/licenses`."""
    if "icense" not in path and "icence" not in path and "LICENSES" not in path:
        return False
    folder, _slash, name = path.rpartition("/")
    if ".dist-info/licenses/" in path:
        return True
    base = folder.rpartition("/")[2]
    return base == "LICENSES" or (base in _LICENSE_FOLDERS and os.path.splitext(name)[1].lower() in _TEXT_ENDINGS)


def is_text(path: str) -> bool:
    """Whether a path is license evidence by its name, or by the folder in which it lies."""
    named = kind_of(path[path.rfind("/") + 1 :]) is not None and not _is_template(path)
    return named or in_license_folder(path)
