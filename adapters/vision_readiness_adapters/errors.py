"""What can go wrong outside, as one tree; every message says what to do next.

vision_readiness.errors.SourceError
  MissingImageError     an image is not there, or is refused because it lies outside the folder
  ExportError           a folder, or a file in it, cannot be read as an export; also an InputError: exit code 2
  NoSuchVersionError    a project or version that the source does not hold; also an InputError: exit code 2
  DownloadError         an export cannot be fetched, kept or unpacked
    DamagedArchiveError   what came is not a complete archive; another download may bring one
"""

from __future__ import annotations

from vision_readiness.errors import InputError, SourceError


class MissingImageError(SourceError):
    """An image is not there, or lies outside the folder it is asked from."""


class ExportError(InputError, SourceError):
    """A folder, or a file in it, cannot be read as an export."""


class NoSuchVersionError(InputError, SourceError):
    """The source holds no such project or version."""


class DownloadError(SourceError):
    """An export cannot be fetched, kept or unpacked."""


class DamagedArchiveError(DownloadError):
    """What came is not a complete archive; another download may bring one."""
