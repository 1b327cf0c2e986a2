"""The one logger of the library."""

import logging

logger: logging.Logger = logging.getLogger(__name__.partition("._core")[0])
"""Named as the package is, also where it was vendored under another name."""
