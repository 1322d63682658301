"""The grammar of a serialized origin, as the `Origin` header and `Access-Control-Allow-Origin` have it.

This is the standard's ABNF and nothing more: it admits what no browser ever sends, such as `https://a:443` or
`https://a:99999`. `crossorigin.web.origins.parse_origin` is the strict door.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["IPV4", "IPV6", "MAX_ORIGIN_LENGTH", "is_origin_or_null", "is_serialized_origin"]

MAX_ORIGIN_LENGTH: Final = 326
"""A scheme of at most 64, `://`, a host of at most 253 (all that DNS can name), and `:65535`.

The ABNF has no bound; a server that reads an attacker's header needs one.
"""

# dec-octet = DIGIT / %x31-39 DIGIT / "1" 2DIGIT / "2" %x30-34 DIGIT / "25" %x30-35
_DEC_OCTET: Final = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
# serialized-ipv4 = dec-octet "." dec-octet "." dec-octet "." dec-octet
_IPV4: Final = rf"(?:{_DEC_OCTET}\.){{3}}{_DEC_OCTET}"
# h16 = "0" / ( non-zero-hex 0*3hex )
_H16: Final = "(?:0|[1-9a-f][0-9a-f]{0,3})"
_H: Final = f"(?:{_H16}:)"
# serialized-ipv6 =                            7( h16 ":" ) h16
#                 /                       "::" 5( h16 ":" ) h16
#                 / [               h16 ] "::" 4( h16 ":" ) h16
#                 / [ *1( h16 ":" ) h16 ] "::" 3( h16 ":" ) h16
#                 / [ *2( h16 ":" ) h16 ] "::" 2( h16 ":" ) h16
#                 / [ *3( h16 ":" ) h16 ] "::"    h16 ":"   h16
#                 / [ *4( h16 ":" ) h16 ] "::"              h16
#                 / [ *5( h16 ":" ) h16 ] "::"
_IPV6: Final = "|".join(
    (
        f"{_H}{{7}}{_H16}",
        f"::{_H}{{5}}{_H16}",
        f"(?:{_H16})?::{_H}{{4}}{_H16}",
        f"(?:{_H}{{0,1}}{_H16})?::{_H}{{3}}{_H16}",
        f"(?:{_H}{{0,2}}{_H16})?::{_H}{{2}}{_H16}",
        f"(?:{_H}{{0,3}}{_H16})?::{_H}{_H16}",
        f"(?:{_H}{{0,4}}{_H16})?::{_H16}",
        f"(?:{_H}{{0,5}}{_H16})?::",
    )
)
# domain-label = lower-alphanum / ( lower-alphanum *( lower-alphanum / "-" ) lower-alphanum )
_LABEL: Final = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
# serialized-domain = *( domain-label "." ) domain-label
_DOMAIN: Final = rf"(?:{_LABEL}\.)*{_LABEL}"
# serialized-scheme = lower-alpha *( lower-alphanum / "+" / "-" / "." )
_SCHEME: Final = "[a-z][a-z0-9+.-]*"
# serialized-host = serialized-ipv4 / "[" serialized-ipv6 "]" / serialized-domain
# serialized-port = 1*5DIGIT
# serialized-origin = serialized-scheme "://" serialized-host [ ":" serialized-port ]
_ORIGIN: Final = re.compile(
    rf"{_SCHEME}://(?:{_IPV4}|\[(?:{_IPV6})\]|{_DOMAIN})(?::[0-9]{{1,5}})?".encode(), flags=re.ASCII
)

IPV4: Final = re.compile(_IPV4, flags=re.ASCII)
IPV6: Final = re.compile(_IPV6, flags=re.ASCII)


def is_serialized_origin(value: bytes) -> bool:
    """Fetch, `serialized-origin`: https://fetch.spec.whatwg.org/#serialized-origin

    Stricter than the text in one way: longer than `MAX_ORIGIN_LENGTH` is no origin.
    """
    return len(value) <= MAX_ORIGIN_LENGTH and _ORIGIN.fullmatch(value) is not None


def is_origin_or_null(value: bytes) -> bool:
    """Fetch, `origin-or-null = serialized-origin / %s"null"`: https://fetch.spec.whatwg.org/#origin-or-null"""
    return value == b"null" or is_serialized_origin(value)
