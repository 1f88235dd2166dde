"""Say hello to a host name, in any script."""

from __future__ import annotations

import idna

__all__ = ["__version__", "greet"]
__version__ = "1.0.0"


def greet(host: str) -> str:
    """Return a greeting that names ``host`` as people and as the network write it.

    Raises ``ValueError`` when ``host`` is not a valid internationalised domain name.
    """
    try:
        wire = idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError(f"not a host name: {host!r}: {error}") from error
    if wire == host:
        return f"Hello, {host}!"
    return f"Hello, {host}! The network knows you as {wire}."
