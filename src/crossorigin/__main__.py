"""`python -m crossorigin`."""

from crossorigin.cli import main

raise SystemExit(main())
