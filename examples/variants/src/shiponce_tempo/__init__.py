"""One source, several distributions: how many steps this one takes at a time."""

from ._variant import STEPS

__version__ = "1.0.0"
__all__ = ["STEPS", "walk"]


def walk(distance):
    """The stations of a walk of ``distance``, in strides of this variant."""
    return list(range(0, distance, STEPS)) + [distance]
