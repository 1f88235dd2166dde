"""Build the extension; everything else about the project is in pyproject.toml."""

import platform
import sys
import sysconfig

from setuptools import Extension, setup
from setuptools.command.bdist_wheel import bdist_wheel

# One wheel serves every CPython from 3.9 on. Free-threaded builds have no stable ABI yet.
STABLE_ABI = sys.implementation.name == "cpython" and not sysconfig.get_config_var("Py_GIL_DISABLED")


class wheel(bdist_wheel):
    """Names the platform in a way package indexes accept.

    Indexes refuse a bare ``linux_x86_64``: it says nothing about the C library. The extension
    calls no function of the C library that is newer than glibc 2.17, so ``manylinux_2_17`` is
    true for it. A project with real dependencies lets cibuildwheel and auditwheel find that out.
    """

    def finalize_options(self):
        if STABLE_ABI:
            self.py_limited_api = "cp39"
        super().finalize_options()

    def get_tag(self):
        python, abi, plat = super().get_tag()
        if plat.startswith("linux_") and platform.libc_ver()[0] == "glibc":
            plat = "manylinux_2_17_" + plat[len("linux_"):]
        return python, abi, plat


setup(
    cmdclass={"bdist_wheel": wheel},
    ext_modules=[
        Extension(
            "shiponce_native._checksum",
            sources=["src/shiponce_native/_checksum.c"],
            define_macros=[("Py_LIMITED_API", "0x03090000")] if STABLE_ABI else [],
            py_limited_api=STABLE_ABI,
        )
    ],
)
