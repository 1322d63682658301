"""The command line: one module per subcommand, none of which knows more than its arguments.

Exit status everywhere: 0 done or allowed, 1 blocked, 2 wrong usage, 3 no HTTP answer, 74 the output could not be
written, 130 interrupted.
"""

from crossorigin.cli.main import main

__all__ = ["main"]
