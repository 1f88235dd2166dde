"""A checksum in C, as a stable-ABI extension module."""

from shiponce_native._checksum import checksum

__all__ = ["__version__", "checksum"]
__version__ = "1.0.0"
