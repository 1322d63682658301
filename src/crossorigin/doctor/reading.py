"""What a recognised message means and what to do about it, for people and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from crossorigin.doctor.advice import Facts, advise_from
from crossorigin.doctor.asking import command_for, what_is_missing
from crossorigin.doctor.behind import causes_behind
from crossorigin.doctor.causes import CauseCode
from crossorigin.doctor.codes import code_opening
from crossorigin.doctor.command import Command
from crossorigin.doctor.pasted import Recognised
from crossorigin.fetch.blocks import BLOCKS, BlockCode
from crossorigin.web.anchors import section

__all__ = ["Reading", "read", "to_json"]

_ENGINES: Final = {
    "chromium": "Chromium (Chrome, Edge, Opera)",
    "firefox": "Firefox",
    "webkit": "WebKit (Safari)",
    "axios": "axios",
}
_WHERE_THE_REASON_STANDS: Final = {
    "chromium": "The reason is the red line above it in the console, which begins with `Access to`; where there is "
    "none, it is not CORS, and the Network panel names the error.",
    "firefox": "The reason is another line of the console, which begins with `Cross-Origin Request Blocked`; where "
    "there is none, it is not CORS.",
    "webkit": "The reason is the line above it in the Web Inspector's console, such as `Origin … is not allowed by "
    "Access-Control-Allow-Origin`; where there is none, it is not CORS.",
    "axios": "The reason is in the browser's own red lines in the console; where there is none about CORS, the network "
    "failed.",
}
_BARE: Final = "A call failed. This line does not say why: for safety, script is told the same for every reason."
_UNKNOWN_REASON: Final = (
    "The browser blocked a cross-origin call. The reason follows in its line and is missing here, or is not known."
)

# Messages that are no step of the Fetch standard: what they mean, and what to do.
_PNA: Final = (
    (
        "This Chrome asked the server's leave for a call from a public page into a private network. Chrome 138 gave "
        "that up; since 142 it asks the user instead, and no header has a say in it."
    ),
    (
        "Update the browser, and serve the page over https; a server of an older Chrome's answers OPTIONS with "
        "`Access-Control-Allow-Private-Network: true`."
    ),
)
_LNA: Final = (
    (
        "The page calls a server in a more private network than its own, and the user's leave for that is missing. "
        "This is Local Network Access, not CORS: no response header can give it."
    ),
    (
        "Serve the page over https, and allow the site to reach the local network when the browser asks (in a frame, "
        "with `allow=` too)."
    ),
)
_EXTENSION: Final = (
    "An extension of the browser, such as an ad blocker, stopped the call. This is not CORS.",
    "Try in a profile without extensions; allow the URL in the one that blocks it, or give the URL another name.",
)
_OTHERS: Final[dict[str, tuple[str, str]]] = {
    "InsecureLocalNetwork": (
        (
            "A page that is not secure calls a server in a more private network than its own. This is Local Network "
            "Access, not CORS: no response header can allow it."
        ),
        "Serve the page over https.",
    ),
    "InvalidLocalNetworkAccess": (
        "The page names one address space in `targetAddressSpace`, and the server is in another.",
        "Correct `targetAddressSpace` in the page's fetch().",
    ),
    "LocalNetworkAccessPermissionDenied": _LNA,
    "PrivateNetworkAccessPermissionUnavailable": _LNA,
    "UnexpectedPrivateNetworkAccess": _PNA,
    "CORSDisabled": (
        "This Firefox has cross-origin calls switched off: `content.cors.disable` is true.",
        "Reset `content.cors.disable` in about:config.",
    ),
    "CORSOriginHeaderNotAdded": (
        "Firefox could not add the Origin header: the call came from privileged code, such as an extension.",
        "Make the call from a page, or let the extension ask for the host's permission.",
    ),
    "ContentBlocker": _EXTENSION,
    "ContentSecurityPolicy": (
        "The page's own Content Security Policy forbids the call. This is not CORS.",
        "Add the URL's origin to `connect-src` of the page's policy.",
    ),
}
_NET_ERRORS: Final[dict[str, tuple[str, str]]] = {
    "ERR_BLOCKED_BY_CLIENT": _EXTENSION,
    "ERR_BLOCKED_BY_CSP": _OTHERS["ContentSecurityPolicy"],
    "ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS": _LNA,
    "ERR_BLOCKED_BY_ORB": (
        (
            "A call without CORS got an answer that is neither image, sound, film, style nor script, and the browser "
            "keeps it from the page (opaque response blocking)."
        ),
        'Call the URL with CORS (`mode: "cors"`, or the `crossorigin` attribute), and let the server allow the page.',
    ),
}
_TO_COME: Final = {
    "AuthorizationCoveredByWildcard",
    "CORSAllowHeaderFromPreflightDeprecation",
}
"""Warnings: the call goes on today, and by the standard it should not."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One message, explained.

    `heading` says who speaks about what, `meaning` what it means, `advice` what to do; `code` is the likeliest step,
    None for what is none of the standard's, and `others` are further steps that print the same words.
    """

    recognised: Recognised
    heading: str
    meaning: str
    advice: str
    code: BlockCode | None
    others: tuple[BlockCode, ...]

    @property
    def causes(self) -> tuple[CauseCode, ...]:
        """What can be behind it, likeliest first."""
        return causes_behind(self.recognised)

    @property
    def command(self) -> Command | None:
        """What asks the server itself; None where the message names no URL."""
        return command_for(self.recognised)

    @property
    def missing(self) -> str | None:
        """What the command needs besides, one sentence."""
        return what_is_missing(self.recognised)

    @property
    def says_why(self) -> bool:
        """Whether the message names a reason, and not only that there was one."""
        said = self.recognised
        return self.code is not None or said.name in _OTHERS or said.value in _NET_ERRORS

    @property
    def anchor(self) -> str | None:
        """The address of the step's section in the standard."""
        return None if self.code is None else section(BLOCKS[self.code].anchor)


def read(recognised: Recognised) -> Reading:
    """Explain a message; everything in it is from our own tables and from the message itself."""
    code, others = _step(recognised)
    meaning, advice = _words(recognised, code)
    return Reading(recognised, _heading(recognised), meaning, advice, code, others)


def to_json(reading: Reading) -> dict[str, Any]:
    """The reading as values that `json.dumps` takes."""
    recognised = reading.recognised
    return {
        "engine": recognised.engine,
        "message": recognised.name,
        "text": recognised.text,
        "generation": recognised.when or None,
        "carries_a_reason": not recognised.bare,
        "codes": [code.value for code in recognised.codes],
        "causes": [code.value for code in reading.causes],
        "step": None if reading.code is None else BLOCKS[reading.code].title,
        "anchor": reading.anchor,
        "meaning": reading.meaning,
        "advice": reading.advice,
        "url": recognised.url,
        "redirected_from": recognised.first_url,
        "origin": recognised.origin,
        "kind": recognised.kind,
        "method": recognised.method,
        "header": recognised.header,
        "value": recognised.value,
        "status": recognised.status,
        "command": None if reading.command is None else str(reading.command),
    }


def _heading(recognised: Recognised) -> str:
    what = "warned about" if recognised.name in _TO_COME else "blocked"
    if recognised.bare:
        what = "could not make"
    call = "a call" if recognised.url is None else f"{recognised.method or 'a call of'} {recognised.url}"
    page = "" if recognised.origin in {None, "null"} else f" from page {recognised.origin}"
    return f"{_ENGINES[recognised.engine]} {what} {call}{page}"


def _step(recognised: Recognised) -> tuple[BlockCode | None, tuple[BlockCode, ...]]:
    """The likeliest step and the others, in the light of what else the message holds."""
    codes = list(recognised.codes)
    if not codes:
        return None, ()
    if _is_wrong_case(recognised) and BlockCode.PREFLIGHT_METHOD_CASE in codes:
        codes.sort(key=BlockCode.PREFLIGHT_METHOD_CASE.__ne__)
    # Chromium shows the value: an empty one was not there, any other was wrong.
    if recognised.value:
        wrong = (BlockCode.ALLOW_CREDENTIALS_INVALID, BlockCode.PREFLIGHT_ALLOW_CREDENTIALS_INVALID)
        codes.sort(key=lambda code: code not in wrong)
    # The page's own origin in the header, and yet no match: a redirect has made the request's origin null.
    if recognised.value is not None and recognised.value == recognised.origin:
        tainted = (BlockCode.ORIGIN_TAINTED, BlockCode.PREFLIGHT_ORIGIN_TAINTED)
        codes.sort(key=lambda code: code not in tainted)
    return codes[0], tuple(codes[1:])


def _is_wrong_case(recognised: Recognised) -> bool:
    return recognised.method is not None and recognised.method != recognised.method.upper()


def _words(recognised: Recognised, code: BlockCode | None) -> tuple[str, str]:
    if recognised.name in _OTHERS:
        return _OTHERS[recognised.name]
    if "PrivateNetwork" in recognised.name or "AllowExternal" in recognised.name:
        return _PNA
    if recognised.name == "NetworkLine" and recognised.value in _NET_ERRORS:
        return _NET_ERRORS[recognised.value]
    if code is None:
        where = _WHERE_THE_REASON_STANDS[recognised.engine]
        return (_BARE, where) if recognised.bare else (_UNKNOWN_REASON, "Paste the whole line, up to its end.")
    facts = Facts(
        url=recognised.url,
        origin=recognised.origin,
        method=recognised.method,
        header=recognised.header or ("Authorization" if recognised.name in _TO_COME else None),
        status=recognised.status,
        redirected=recognised.first_url is not None or code == BlockCode.ORIGIN_TAINTED,
    )
    meaning = code_opening(code.value)
    if recognised.name in _TO_COME:
        meaning += " The call goes on for now; by the Fetch standard it fails."
    return meaning, advise_from(code, facts)
