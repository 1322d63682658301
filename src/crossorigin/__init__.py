"""Cross-Origin Resource Sharing, whole: what a server grants, what a browser enforces, and the tools between them.

    from crossorigin import Policy

Nothing is imported until it is asked for, so that `import crossorigin` costs nothing. The parts:

- `crossorigin.policy`: the server's half, what a server grants, without any I/O;
- `crossorigin.middleware`: the same in front of a web application, a module for each framework;
- `crossorigin.web`: origins, sites, header lists, methods, safelists (the field's vocabulary);
- `crossorigin.fetch`: the browser's half, the algorithms of the Fetch standard without any I/O;
- `crossorigin.browser`: the same over a real network.
"""

# Type checkers take any constant of this name for true; `typing` itself would be the most expensive import here.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from crossorigin.policy import Policy, PolicyError

__all__ = ["Policy", "PolicyError", "__version__"]

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    if name in {"Policy", "PolicyError"}:
        from crossorigin import policy  # noqa: PLC0415 - see above

        return getattr(policy, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
