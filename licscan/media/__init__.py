"""What files of content say of themselves: one small reader a format, all in one table; pure, bounded."""

from licscan.media.kinds import Format, format_of
from licscan.media.readers import READERS, read_media

__all__ = ["READERS", "Format", "format_of", "read_media"]
