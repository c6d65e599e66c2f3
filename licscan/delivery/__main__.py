"""The one-file tool: checks a delivery with Python's standard library alone, without network, index and policy."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from licscan import __version__
from licscan.base.errors import LicscanError
from licscan.base.escape import one_line
from licscan.base.messages import LANGUAGES, _, current_language, use_language
from licscan.base.streams import set_up_streams
from licscan.delivery.examine import Inquiry, examine
from licscan.delivery.page import written
from licscan.delivery.records import Acceptance, ordered, said
from licscan.model import Verdict

EXIT_OF = {Verdict.OK: 0, Verdict.VIOLATION: 1, Verdict.CANNOT_TELL: 2}
EXIT_INPUT, EXIT_INTERNAL = 2, 3


def arguments() -> argparse.ArgumentParser:
    """The options, which are those of `licscan accept` but for the policy."""
    parser = argparse.ArgumentParser(
        prog="licscan-accept",
        description=_("Check a delivery: its signature and digests, and whether SBOM, notices and artifacts match."),
    )
    parser.add_argument("delivery", type=Path, help=_("The folder or archive of the delivery."))
    parser.add_argument(
        "--artifact", type=Path, action="append", default=[], help=_("An artifact that came with it. Repeatable.")
    )
    parser.add_argument("--key", type=Path, help=_("The supplier's public key or certificate (PEM)."))
    parser.add_argument("--format", choices=["text", "html", "json"], default="text")
    parser.add_argument("--output", "-o", type=Path, help=_("Write to this file instead of the terminal."))
    parser.add_argument("--lang", choices=list(LANGUAGES), help=_("Only one language. Default: both, in files."))
    parser.add_argument("--version", action="version", version=f"licscan-accept {__version__}")
    return parser


def run(words: list[str]) -> int:
    """Check, print, and give the exit status: 0 accepted, 1 not acceptable, 2 cannot tell or bad input."""
    lang = next((one.partition("=")[2] for one in words if one.startswith("--lang=")), "")
    lang = lang or next((words[at + 1] for at, one in enumerate(words[:-1]) if one == "--lang"), "")
    use_language(lang if lang in LANGUAGES else None)
    asked = arguments().parse_args(words)
    told = examine(Inquiry(asked.delivery, tuple(asked.artifact), asked.key))
    told = Acceptance(told.name, told.facts, ordered([*told.checks, said("policy-not-asked")]))
    alone = asked.lang or (asked.output is None and asked.format == "text" and current_language())
    text = written(told, asked.format, (alone,) if alone else tuple(LANGUAGES))
    if asked.output is None:
        sys.stdout.write(text)
    else:
        temporary = asked.output.with_name(f".{asked.output.name}.{os.getpid()}")
        try:
            temporary.write_text(text, encoding="utf-8", newline="\n")
            temporary.replace(asked.output)
        finally:
            temporary.unlink(missing_ok=True)
    return EXIT_OF[told.verdict]


def main() -> None:
    """The boundary: every exception is one line and an exit status."""
    set_up_streams()
    try:
        status = run(sys.argv[1:])
        sys.stdout.flush()
    except LicscanError as error:
        sys.stderr.write(f"licscan-accept: {one_line(str(error), limit=2_000)}\n")
        status = EXIT_INPUT
    except KeyboardInterrupt:
        status = 130
    except OSError as error:
        sys.stderr.write(f"licscan-accept: {one_line(str(error))}\n")
        status = EXIT_INPUT
    except Exception as error:
        said_ = one_line(f"{type(error).__name__}: {error}")
        sys.stderr.write(_("licscan-accept: internal error: {error}").format(error=said_) + "\n")
        status = EXIT_INTERNAL
    sys.exit(status)


if __name__ == "__main__":
    main()
