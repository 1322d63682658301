"""The fix for the server that answered: its stack recognised, and the least policy for the call as its configuration.

The policy is what the call needs and what the server is seen to grant already, and nothing more. Where no policy may
say it (`null`, credentials for a page over plain http) nothing is written, and the problem says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from crossorigin.doctor.causes import Cause, CauseCode
from crossorigin.doctor.diagnosis.granting import lists_in_another_case, wanted_headers
from crossorigin.doctor.report import Report
from crossorigin.fetch.trace import Exchange
from crossorigin.fetch.wire import HTTPResponse
from crossorigin.policy.policy import Policy
from crossorigin.policy.problems import PolicyError
from crossorigin.stacks import IN_FRONT, Evidence, Part, Site, Stack, get_stack, recognise
from crossorigin.web.extract import FAILURE, extract_header_list_values
from crossorigin.web.methods import is_cors_safelisted_method
from crossorigin.web.origins import OpaqueOrigin, OriginSyntaxError, parse_origin
from crossorigin.web.safelists import cors_unsafe_request_header_names

__all__ = ["Fix", "Unwritten", "fix_for", "recognised"]

_BY_POLICY: Final = frozenset(
    {
        CauseCode.NO_ROUTE,
        CauseCode.AUTHENTICATION,
        CauseCode.FIREWALL,
        CauseCode.GATEWAY,
        CauseCode.BUCKET,
        CauseCode.NO_CORS_CONFIGURED,
        CauseCode.ORIGIN_NOT_ALLOWED,
        CauseCode.ORIGIN_MISSPELT,
        CauseCode.ORIGIN_TWIN,
        CauseCode.HEADER_NOT_ALLOWED,
        CauseCode.METHOD_NOT_ALLOWED,
        CauseCode.WILDCARD_WITH_CREDENTIALS,
        CauseCode.CREDENTIALS_NOT_ALLOWED,
        CauseCode.TWO_LAYERS,
        CauseCode.SEVERAL_IN_ONE,
        CauseCode.UNPARSABLE_LIST,
        CauseCode.HEADER_NOT_EXPOSED,
        CauseCode.PREFLIGHT_ONLY,
        CauseCode.APPLICATION_ERROR,
        CauseCode.PROXY_ERROR,
        CauseCode.SOME_ANSWERS,
        CauseCode.SHARED_CACHE,
    }
)
"""Causes that a configuration mends."""
_OF_THE_FRONT: Final = frozenset({CauseCode.TWO_LAYERS, CauseCode.PROXY_ERROR, CauseCode.SOME_ANSWERS})
"""Causes that lie with what stands before an application rather than in it."""
_KEEPS_ORIGINS: Final = frozenset({CauseCode.ORIGIN_NOT_ALLOWED, CauseCode.ORIGIN_TWIN})
"""Causes with which an origin that the server does allow is another front end's, and stays."""
_SURE: Final = 0.6
"""From here on a stack counts as recognised."""
_BODY: Final = 64 * 1024
_MOST: Final = 50
"""Members of a list that are taken over; a server that names more means "any"."""


@dataclass(frozen=True, slots=True)
class Fix:
    """What to paste, for one stack. `because` are the signs that it was recognised by, empty where it was chosen.

    `install` is the command that gets what the parts need, empty where that is nothing; `parts` are what to paste, each
    with its place; `limits` what of the policy the stack cannot say.
    """

    stack: Stack
    language: str
    install: str
    parts: tuple[Part, ...]
    limits: tuple[str, ...]
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unwritten:
    """Why nothing is written: one sentence."""

    sentence: str


def fix_for(
    report: Report, causes: Sequence[Cause], stack: Stack | None = None, style: str = ""
) -> Fix | Unwritten | None:
    """The configuration that mends the first cause; None where no configuration does, or nobody knows which.

    `stack` is the one that was asked for; without it the one that answered is recognised. Who asks for one is told
    where no configuration does.
    """
    if not causes or not _is_mended(causes[0], report):
        # Who asked for one is told why there is none.
        return None if stack is None else Unwritten(f"There is nothing in {stack.title} to configure for this.")
    because: tuple[str, ...] = ()
    if stack is None:
        found = recognised(report, in_front=causes[0].code in _OF_THE_FRONT)
        if found is None:
            return None
        stack, because = found
    if stack.render is None:
        return Unwritten(f"{stack.title} cannot be rendered; crossorigin policy render --list says what can.")
    try:
        policy = _policy(report, causes[0])
    except PolicyError as error:
        problem = error.problems[0]
        return Unwritten(
            f"No configuration is written, for no policy should say this ({problem.code}): {problem.sentence}"
        )
    url = report.question.url
    rendered = stack.render(policy, Site(port=url.port or (443 if url.scheme == "https" else 80), style=style))
    parts = tuple(part for file in rendered.files for part in file.parts or (Part(f"as {file.name}", file.text),))
    return Fix(stack, rendered.files[0].language, rendered.install, parts, rendered.limits, because)


def _is_mended(cause: Cause, report: Report) -> bool:
    """Whether a configuration mends it; a method's case is the page's to mend, or the server's."""
    if cause.code is CauseCode.METHOD_CASE:
        return lists_in_another_case(report) is not None
    return cause.code in _BY_POLICY


def recognised(report: Report, *, in_front: bool = False) -> tuple[Stack, tuple[str, ...]] | None:
    """The stack that answered, and the signs of it; of several layers the application's, or the foremost one's."""
    best: dict[str, tuple[float, tuple[str, ...]]] = {}
    for exchange in report.main.exchanges:
        if exchange.response is None:
            continue
        for stack, recognition in recognise(_evidence(exchange, exchange.response)):
            if recognition.confidence > best.get(stack.name, (0.0, ()))[0]:
                best[stack.name] = recognition.confidence, recognition.because
    sure = sorted((name for name in best if best[name][0] >= _SURE), key=lambda name: -best[name][0])
    # Sorting keeps the order of equals: the layer first, and in it the surest.
    ranked = sorted(sure, key=lambda name: (name in IN_FRONT) is not in_front)
    return (get_stack(ranked[0]), best[ranked[0]][1]) if ranked else None


def _evidence(exchange: Exchange, response: HTTPResponse) -> Evidence:
    return Evidence(
        status=response.status,
        headers=tuple(response.headers),
        body=response.body[:_BODY],
        is_preflight=exchange.request.role == "preflight",
    )


def _policy(report: Report, cause: Cause) -> Policy:
    """The least policy that lets the call pass. Raises PolicyError where none may."""
    question = report.question
    answers = [each.response for each in report.main.exchanges if each.response is not None]
    method = question.method.decode("latin-1")
    names = [name.decode("latin-1") for name in cors_unsafe_request_header_names(question.headers)]
    needed: dict[str, list[str]] = {
        "allow_origins": [question.origin.serialize()],
        "allow_methods": [] if is_cors_safelisted_method(question.method) else [method],
        "allow_headers": [name for name in names if not name.startswith("access-control-")],
        "expose_headers": wanted_headers(report) if cause.code is CauseCode.HEADER_NOT_EXPOSED else [],
    }
    granted: dict[str, Iterable[str]] = {
        "allow_origins": _origins(answers) if cause.code in _KEEPS_ORIGINS else (),
        "allow_methods": _methods(answers),
        "allow_headers": _granted(answers, b"Access-Control-Allow-Headers"),
        "expose_headers": _granted(answers, b"Access-Control-Expose-Headers"),
    }
    credentials = question.credentials == "include"
    base: dict[str, Any] = {"allow_origins": needed["allow_origins"], "allow_credentials": credentials}
    # What the server says today may be what no policy should say: many list Origin among the request headers.
    kept = {
        field: [member for member in granted[field] if not Policy.validate(**base | {field: [member]})]
        for field in granted
    }
    whole = {field: _unique([*kept[field], *needed[field]]) for field in needed}
    fields: dict[str, Any] = needed if Policy.validate(**whole, allow_credentials=credentials) else whole
    return Policy(**fields, allow_credentials=credentials)


def _origins(answers: Iterable[HTTPResponse]) -> Iterator[str]:
    """Origins that are allowed already, and written as they should be."""
    for answer in answers:
        value = (answer.headers.get(b"Access-Control-Allow-Origin") or b"").decode("latin-1")
        try:
            if not isinstance(parse_origin(value), OpaqueOrigin):
                yield value
        except OriginSyntaxError:
            continue


def _methods(answers: Iterable[HTTPResponse]) -> Iterator[str]:
    for method in _granted(answers, b"Access-Control-Allow-Methods"):
        if not is_cors_safelisted_method(method.encode("latin-1")) and method != "OPTIONS":
            yield method


def _granted(answers: Iterable[HTTPResponse], name: bytes) -> Iterator[str]:
    """The members of a list that the server sends already; the wildcard, which is not one, is left out."""
    for answer in answers:
        values = extract_header_list_values(name, answer.headers)
        if values is None or values is FAILURE:
            continue
        for value in values[:_MOST]:
            text = value.decode("latin-1")
            if text != "*":
                yield text if name == b"Access-Control-Allow-Methods" else text.lower()


def _unique(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))
