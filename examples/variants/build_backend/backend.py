"""Builds with flit_core, after writing down which variant is built.

Variants set ``TEMPO_STEPS``. Where it is not set, what the source says stays: a source
distribution carries the variant that it was made for.
"""

import os
from pathlib import Path

from flit_core import buildapi
from flit_core.buildapi import (  # noqa: F401
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_wheel,
)

_VARIANT = Path("src/shiponce_tempo/_variant.py")


def _write_variant():
    steps = os.environ.get("TEMPO_STEPS")
    if steps is not None:
        _VARIANT.write_text(f'"""Written by the build."""\n\nSTEPS = {int(steps)}\n')


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    _write_variant()
    return buildapi.build_wheel(wheel_directory, config_settings, metadata_directory)


def build_sdist(sdist_directory, config_settings=None):
    _write_variant()
    return buildapi.build_sdist(sdist_directory, config_settings)
