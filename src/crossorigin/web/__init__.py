"""Floor 1, the web's vocabulary: origins, sites, URLs, header lists and their grammar, methods, safelists.

Import each name from its own module (`crossorigin.web.headers`, `crossorigin.web.url`, …). Nothing is imported here,
so that neither the URL library nor the Public Suffix List is loaded before something needs it.
"""

from __future__ import annotations

__all__: list[str] = []
