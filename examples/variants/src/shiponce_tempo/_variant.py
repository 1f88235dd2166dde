"""Written by the build."""

STEPS = 1
