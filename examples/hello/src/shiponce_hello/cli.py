"""The ``shiponce-hello`` command."""

from __future__ import annotations

import argparse
import sys
from typing import Optional, Sequence

from shiponce_hello import __version__, greet


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Greet every host named on the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="shiponce-hello", description="Say hello to host names.")
    parser.add_argument("hosts", metavar="HOST", nargs="*", default=["localhost"])
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    arguments = parser.parse_args(argv)
    for host in arguments.hosts:
        try:
            print(greet(host))
        except ValueError as error:
            print(f"shiponce-hello: {error}", file=sys.stderr)
            return 1
    return 0
