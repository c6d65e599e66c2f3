"""The way in, of `python -m licscan` and of the console script: interrupts are handled before the heavy imports."""

from __future__ import annotations

from licscan.base import interrupts


def main() -> None:
    """Run the command line of this process, and exit."""
    interrupts.leave_at_once()
    from licscan.cli import main as run_and_exit

    run_and_exit()


if __name__ == "__main__":
    main()
