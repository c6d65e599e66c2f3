"""The time of a scan: SOURCE_DATE_EPOCH, so that the same input gives the same bytes, else now."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

from licscan.base.errors import InputError
from licscan.base.escape import one_line
from licscan.base.messages import _


def now() -> datetime:
    """The moment, in UTC. ValueError, OverflowError or OSError for a SOURCE_DATE_EPOCH that is no time."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)


def moment(timespec: str = "seconds") -> str:
    """The moment as ISO 8601 in UTC, with `Z`; raises as `now` does."""
    return stamp(now(), timespec)


def stamp(when: datetime, timespec: str = "seconds") -> str:
    """A moment in UTC as ISO 8601, with `Z`."""
    return when.isoformat(timespec=timespec).replace("+00:00", "Z")


def today() -> date:
    """The day in UTC; InputError for a SOURCE_DATE_EPOCH that is no time."""
    try:
        return now().date()
    except (ValueError, OverflowError, OSError) as error:
        value = one_line(os.environ.get("SOURCE_DATE_EPOCH", ""), 80)
        raise InputError(
            _("SOURCE_DATE_EPOCH is not a number of seconds: {value}").format(value=value),
            remedy=_("set it to seconds since 1970, or unset it"),
        ) from error
