"""How browsers quote one argument when they copy a call as cURL: their algorithms, in Python.

Read in Chromium 156 (`NetworkLogView.generateCurlCommand`), Firefox 153 (`devtools/client/shared/curl.js`) and
WebKitGTK 2.50 (`WI.Resource.generateCURLCommand`); JavaScript goes over UTF-16 code units unless it says otherwise.
"""

from __future__ import annotations

import re


def chrome_bash(text: str) -> str:
    """Single quotes, or `$'...'` for quotes, `!` and control characters, these as `\\u` and four digits."""
    if not re.search(r"[\0-\x1F\x7F-\x9F!']", text):
        return f"'{text}'"
    guarded = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r")
    return "$'" + re.sub(r"[\0-\x1F\x7F-\x9F!]", lambda char: f"\\u{ord(char[0]):04x}", guarded) + "'"


def firefox_posix(text: str) -> str:
    """The same for whatever is not printable ASCII, as `\\x` and two digits, or `\\u` and four; `!` in octal."""
    return _as_firefox(text) if re.search(r"[^\x20-\x7E]|!|'", text) else f"'{text}'"


def safari(text: str) -> str:
    """As Firefox, only that `!` alone asks for no `$'...'`."""
    return _as_firefox(text) if re.search(r"[^\x20-\x7E]|'", text) else f"'{text}'"


def _as_firefox(text: str) -> str:
    guarded = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r")
    return "$'" + "".join(map(_escaped, _utf_16(guarded.replace("!", "\\041")))) + "'"


def _utf_16(text: str) -> list[int]:
    raw = text.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2)]


def _escaped(unit: int) -> str:
    if 0x20 <= unit <= 0x7E:
        return chr(unit)
    return f"\\x{unit:02x}" if unit < 0x100 else f"\\u{unit:04x}"


def chrome_cmd(text: str) -> str:
    """A caret before nearly everything; what is neither printable ASCII nor a line break becomes a space."""
    text = _for_crt(text)
    text = re.sub(r"[^a-zA-Z0-9\s_\-:=+~'/.,?;*]", r"^\g<0>", text)
    text = re.sub(r"%(?=[a-zA-Z0-9_])", "%^", text)
    text = "".join(char if " " <= char <= "~" or char in "\r\n" else " " for char in text)
    return '^"' + re.sub(r"\r?\n|\r", "^\n\n", text) + '^"'


def old_chrome_cmd(text: str) -> str:
    """As it was until 2023: plain quotation marks, unless there is a line break."""
    mark = '^"' if re.search(r"[\r\n]", text) else '"'
    text = re.sub(r"[^a-zA-Z0-9\s_\-:=+~'/.,?;()*`&]", r"^\g<0>", _for_crt(text))
    return mark + re.sub(r"\r?\n", "^\n\n", re.sub(r"%(?=[a-zA-Z0-9_])", "%^", text)) + mark


def firefox_cmd(text: str) -> str:
    """As Chrome, only that letters of other scripts stay what they are (here: as if none were a control character)."""
    text = re.sub(r"[^-a-zA-Z0-9\s_:=+~/.',?;()*`]", r"^\g<0>", _for_crt(text))
    text = re.sub(r"[^\S\r\n]", " ", re.sub(r"%(?=[a-zA-Z0-9_])", "%^", text))
    return '^"' + re.sub(r"\r?\n|\r", "^\n\n", text) + '^"'


def _for_crt(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
