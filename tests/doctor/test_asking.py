"""From a pasted message to the command that asks the server, and words for what the message does not tell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crossorigin.doctor.asking import UNKNOWN_ORIGIN, command_for, what_is_missing
from crossorigin.doctor.pasted import Recognised, recognise
from crossorigin.fetch.blocks import BlockCode

URL = "https://api.example/users"
PAGE = "https://app.example"
CHECK = f"crossorigin check {URL}"
CHROMIUM = f"Access to fetch at '{URL}' from origin '{PAGE}' has been blocked by CORS policy: "
FIREFOX = (
    f"Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at {URL}. (Reason: "
)
WHICH_ORIGIN = "ORIGIN is the origin of your page, such as http://localhost:3000"
ADD = "dd what made the browser send a preflight, such as -X PUT -H 'Content-Type: application/json'"

# Message → the command, and what is missing in it.
MESSAGES: dict[str, tuple[str, str | None, str | None]] = {
    "no header": (
        f"{CHROMIUM}No 'Access-Control-Allow-Origin' header is present on the requested resource.",
        f"{CHECK} --origin {PAGE}",
        None,
    ),
    "no header, on the preflight": (
        (
            f"{CHROMIUM}Response to preflight request doesn't pass access control check: No "
            "'Access-Control-Allow-Origin' header is present on the requested resource."
        ),
        f"{CHECK} --origin {PAGE}",
        f"A{ADD}.",
    ),
    "a header": (
        f"{CHROMIUM}Request header field x-key is not allowed by Access-Control-Allow-Headers in preflight response.",
        f"{CHECK} --origin {PAGE} -H 'x-key: 1'",
        None,
    ),
    "Content-Type, with a value that needs leave": (
        (
            f"{CHROMIUM}Request header field content-type is not allowed by Access-Control-Allow-Headers in preflight "
            "response."
        ),
        f"{CHECK} --origin {PAGE} -H 'content-type: application/json'",
        None,
    ),
    "Authorization": (
        (
            f"{CHROMIUM}Request header field authorization is not allowed by Access-Control-Allow-Headers in preflight "
            "response."
        ),
        f"{CHECK} --origin {PAGE} -H 'authorization: Bearer token'",
        None,
    ),
    "a method": (
        f"{CHROMIUM}Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.",
        f"{CHECK} --origin {PAGE} -X PUT",
        None,
    ),
    "the wildcard and credentials": (
        (
            f"{CHROMIUM}The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard "
            "'*' when the request's credentials mode is 'include'. The credentials mode of requests initiated by the "
            "XMLHttpRequest is controlled by the withCredentials attribute."
        ),
        f"{CHECK} --origin {PAGE} --credentials include",
        None,
    ),
    "credentials": (
        (
            f"{CHROMIUM}The value of the 'Access-Control-Allow-Credentials' header in the response is '' which must be "
            "'true' when the request's credentials mode is 'include'. The credentials mode of requests initiated by "
            "the XMLHttpRequest is controlled by the withCredentials attribute."
        ),
        f"{CHECK} --origin {PAGE} --credentials include",
        None,
    ),
    "a page without origin": (
        (
            f"Access to fetch at '{URL}' from origin 'null' has been blocked by CORS policy: No "
            "'Access-Control-Allow-Origin' header is present on the requested resource."
        ),
        f"{CHECK} --origin null",
        None,
    ),
    "behind a redirect the first URL is asked": (
        (
            f"Access to fetch at 'https://cdn.example/x' (redirected from '{URL}') from origin '{PAGE}' has been "
            "blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource."
        ),
        f"{CHECK} --origin {PAGE}",
        None,
    ),
    "Firefox does not tell the origin": (
        f"{FIREFOX}CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200.",
        f"{CHECK} --origin ORIGIN",
        # Firefox says the same of a preflight and of the response itself.
        (
            f"{WHICH_ORIGIN}; if the browser sent a preflight, add what made it do so, such as -X PUT -H "
            "'Content-Type: application/json'."
        ),
    ),
    "Firefox, and a preflight": (
        f"{FIREFOX}CORS preflight response did not succeed). Status code: 404.",
        f"{CHECK} --origin ORIGIN",
        f"{WHICH_ORIGIN}; a{ADD}.",
    ),
    "Firefox, and a header": (
        (
            f"{FIREFOX}header ‘x-key’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS "
            "preflight response)."
        ),
        f"{CHECK} --origin ORIGIN -H 'x-key: 1'",
        f"{WHICH_ORIGIN}.",
    ),
    "no URL": ("Preflight response is not successful. Status code: 404", None, f"{WHICH_ORIGIN}; a{ADD}."),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_messages(name: str) -> None:
    text, command, missing = MESSAGES[name]
    [message] = recognise(text)
    made = command_for(message)
    assert (None if made is None else str(made)) == command
    assert what_is_missing(message) == missing


def said(**facts: Any) -> Recognised:
    """A message that tells these facts."""
    told = Recognised(engine="chromium", name="x", text="said", codes=(BlockCode.ALLOW_ORIGIN_MISSING,), url=URL)
    return replace(told, **facts)


class TestWhatCannotBeAsked:
    """No command is better than one that check turns down."""

    @pytest.mark.parametrize(
        "facts",
        [
            {"url": "ftp://api.example/"},
            {"url": "wss://api.example/"},
            {"url": "https://ann:secret@api.example/"},
            {"url": "not a URL"},
            {"method": "TRACE"},
            {"header": "cookie"},
            {"header": "x key"},
            {"origin": "nonsense"},
        ],
    )
    def test_none(self, facts: dict[str, Any]) -> None:
        assert command_for(said(**{"origin": PAGE} | facts)) is None

    def test_null_behind_a_redirect_is_not_the_pages_origin(self) -> None:
        made = command_for(said(url="https://cdn.example/x", first_url=URL, origin="null"))
        assert str(made) == f"{CHECK} --origin {UNKNOWN_ORIGIN}"


def test_unknown_is_only_the_origin() -> None:
    """A header or a body that reads like the option stays what it is."""
    made = command_for(said(header="x-origin"))
    assert str(made) == f"{CHECK} --origin ORIGIN -H 'x-origin: 1'"
