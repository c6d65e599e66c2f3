"""The one way of making files for tests and scripts: small ones of each format, with fields of one's choice."""

from tests.media.making.fonts import *  # noqa: F403
from tests.media.making.models import *  # noqa: F403
from tests.media.making.mutations import *  # noqa: F403
from tests.media.making.pictures import *  # noqa: F403
from tests.media.making.samples import *  # noqa: F403
from tests.media.making.sounds import *  # noqa: F403
from tests.media.making.standards import *  # noqa: F403
