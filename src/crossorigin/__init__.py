"""Cross-Origin Resource Sharing, whole: what a server grants, what a browser enforces, and the tools between them.

Nothing is imported here, so that `import crossorigin` costs nothing; each part is imported by its own name:

- `crossorigin.web`: origins, sites, header lists, methods, safelists (the field's vocabulary);
- `crossorigin.fetch`: the browser's half, the algorithms of the Fetch standard without any I/O;
- `crossorigin.browser`: the same over a real network.
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
