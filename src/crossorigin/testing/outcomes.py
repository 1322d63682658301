"""What is said of a response: what script may read of it, and whether a preflight came before it."""

from __future__ import annotations

from typing import Final, Protocol

from crossorigin.browser.response import Response
from crossorigin.fetch.response import FetchResult
from crossorigin.testing.failure import dialogue, failure_text
from crossorigin.web.forbidden import is_forbidden_response_header_name
from crossorigin.web.headers import is_header_name

__all__ = ["Outcome", "assert_not_preflighted", "assert_not_readable", "assert_preflighted", "assert_readable"]

_REASONS: Final = frozenset({"simple-method", "cors-unsafe-request-header-names", "use-cors-preflight-flag"})
"""Anchors of the steps that find a reason for a preflight."""


class Outcome(Protocol):
    """How a call ended: a `Response`, or the `FetchError` of `assert_blocked(...).error`."""

    @property
    def preflighted(self) -> bool:
        """Whether a preflight was sent."""
        ...

    result: FetchResult


def assert_preflighted(outcome: Outcome) -> None:
    """That a preflight was sent for the call; a remembered answer of an earlier one is none."""
    __tracebackhide__ = True
    if outcome.preflighted:
        return
    reasons = _reasons(outcome.result)
    if not outcome.result.exchanges or outcome.result.request.response_tainting == "basic":
        why = "the call does not leave the page's own origin."
    elif reasons:
        why = (
            "it needs one, and an earlier preflight's answer is remembered: use browser.clear_preflight_cache(), "
            "browser.clock.advance(seconds), or a smaller Access-Control-Max-Age."
        )
    else:
        why = "its method and all its headers are safelisted, so that it needs none."
    raise AssertionError(
        failure_text("No preflight was sent, and this test says that one is.", dialogue(outcome.result), change=why)
    )


def assert_not_preflighted(outcome: Outcome) -> None:
    """That no preflight was sent for the call, because it needs none or because an answer was remembered."""
    __tracebackhide__ = True
    if not outcome.preflighted:
        return
    raise AssertionError(
        failure_text(
            "A preflight was sent, and this test says that none is.",
            [f"Why: {reason}" for reason in _reasons(outcome.result)],
            dialogue(outcome.result),
            change="use a safelisted method and safelisted headers in the page, or let the server send "
            "`Access-Control-Max-Age` so that an earlier answer is remembered.",
        )
    )


def assert_readable(response: Response, *names: str) -> None:
    """That script may read the response: its body and status, and the headers of these names."""
    __tracebackhide__ = True
    _check_names(names)
    if response.type in {"opaque", "opaqueredirect"}:
        said = f"Script may read nothing of this response, for it is {response.type}."
        change = 'call with mode "cors" (and redirect "follow"), and let the server allow the origin.'
        raise AssertionError(failure_text(said, dialogue(response.result), change=change))
    for name in names:
        if name not in response.headers:
            said = f"Script may not read the header {name}, and this test says that it may."
            raise AssertionError(failure_text(said, dialogue(response.result), change=_how_to_expose(response, name)))


def assert_not_readable(response: Response, *names: str) -> None:
    """That script may not read the headers of these names; without names, that it may read nothing of the response."""
    __tracebackhide__ = True
    _check_names(names)
    if not names and response.type not in {"opaque", "opaqueredirect"}:
        raise AssertionError(
            failure_text(
                "Script may read this response, and this test says that it may not.",
                dialogue(response.result),
                change="take the origin out of what `Access-Control-Allow-Origin` answers to; a call that is blocked "
                "has no response, so put it into `with assert_blocked():`.",
            )
        )
    for name in names:
        if name in response.headers:
            said = f"Script may read the header {name}, and this test says that it may not."
            raise AssertionError(failure_text(said, dialogue(response.result), change=_how_to_hide(response, name)))


def _check_names(names: tuple[str, ...]) -> None:
    for name in names:
        if not is_header_name(name.encode("latin-1", "replace")):
            raise ValueError(f"{name!r} is not the name of a header: give one such as 'etag'")


def _how_to_expose(response: Response, name: str) -> str:
    where = _where(response)
    if is_forbidden_response_header_name(name.encode("latin-1")):
        return f"no script may ever read {name}: send the value in the body, or in a header of another name."
    if name not in response.received_headers:
        return f"the server did not send {name} at all, on {where}."
    exposed = response.received_headers.get("access-control-expose-headers")
    now = "" if exposed is None else f" (now: {exposed[:120]})"
    star = "; with credentials `*` stands for no header" if (exposed or "").strip() == "*" else ""
    return f"send `Access-Control-Expose-Headers: {name}` on {where}{now}{star}."


def _how_to_hide(response: Response, name: str) -> str:
    if response.type == "basic":
        return "the page is of the same origin as the server, and reads every header but Set-Cookie."
    if response.received_headers.get("access-control-expose-headers") is None:
        return f"{name} is safelisted, so that script may always read it: do not send it on {_where(response)}."
    return f"take {name} out of `Access-Control-Expose-Headers` on {_where(response)}."


def _where(response: Response) -> str:
    request = response.exchange.request
    return f"the answer to {request.method.decode('latin-1')} {request.url.href[:120]}"


def _reasons(result: FetchResult) -> list[str]:
    return list(dict.fromkeys(step.sentence for step in result.steps if step.anchor in _REASONS))
