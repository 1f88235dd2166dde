"""What a recipe weighs."""

from shiponce_units import grams

__version__ = "2.1.0"


def weight(ingredients):
    """The sum of ``(amount, unit)`` pairs, in grams."""
    return sum(grams(amount, unit) for amount, unit in ingredients)
