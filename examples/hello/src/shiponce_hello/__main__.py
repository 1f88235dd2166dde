"""``python -m shiponce_hello``."""

from shiponce_hello.cli import main

raise SystemExit(main())
