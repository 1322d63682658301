"""The function that everybody copies to allow a list of origins, recognised by its words and never by its looks.

    origin: function (origin, callback) {
      if (allowed.indexOf(origin) !== -1 || !origin) { callback(null, true) } else { callback(new Error("No")) }
    }

Three shapes of it are known, from the documentation of `cors` and the answers that are copied most. A function with one
word more is no allow list but a program, and is not read.
"""

from __future__ import annotations

import re
from typing import Any, Final

from crossorigin.stacks.javascript_syntax import Source, Unread

__all__ = ["allow_list"]

_NAME: Final = r"[A-Za-z_$][\w$]*"
_STRING: Final = r"(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`\\$]*`)"
_IS_LISTED: Final = rf"(?P<list>{_NAME}) \. (?:includes \( ORIGIN \)|indexOf \( ORIGIN \) (?:!==? - 1|> - 1|> = 0))"
_NOT_LISTED: Final = (
    rf"(?:! (?P<list>{_NAME}) \. includes \( ORIGIN \)|(?P<other>{_NAME}) \. indexOf \( ORIGIN \) ===? - 1)"
)
_END: Final = "(?: ;)?"
_YES: Final = rf"(?:return )?CALLBACK \( null , true \){_END}"
_NO: Final = rf"(?:return )?CALLBACK \( (?:null , false|new Error \( (?:{_STRING}|{_NAME}) \)(?: , false)?) \){_END}"
_MESSAGE: Final = rf"(?:(?:var|let|const) {_NAME} = {_STRING}(?: \+ (?:{_STRING}|ORIGIN))*{_END} )?"
_BRANCHES: Final = rf"(?:\{{ {_YES} \}} else \{{ {_NO} \}}|{_YES} else {_NO})"
_SHAPES: Final = (
    rf"if \( (?:! ORIGIN \|\| )?{_IS_LISTED}(?: \|\| ! ORIGIN)? \) {_BRANCHES}",
    rf"(?:if \( ! ORIGIN \) (?:{_YES}|\{{ {_YES} \}}) )?if \( {_NOT_LISTED} \) \{{ {_MESSAGE}return {_NO} \}} {_YES}",
    rf"(?:return )?CALLBACK \( null , {_IS_LISTED} \){_END}",
)
"""Yes if it is listed, else no; no if it is not listed, and yes behind that; whether it is listed."""
_MAX_WORDS: Final = 100


def allow_list(source: Source, function: Unread) -> list[Any] | None:
    """The list that a function allows, its values as they are; None for any function of another shape."""
    parts = source.function_parts(function)
    if parts is None or len(parts.parameters) != 2 or parts.end - parts.start > _MAX_WORDS:
        return None
    origin, callback = map(re.escape, parts.parameters)
    words = source.words(parts.start, parts.end)
    for shape in _SHAPES:
        found = re.fullmatch(shape.replace("ORIGIN", origin).replace("CALLBACK", callback), words)
        if found is not None:
            named = found.groupdict()
            value = source.named(named["list"] or named.get("other") or "")
            return value if isinstance(value, list) else None
    return None
