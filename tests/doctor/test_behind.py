"""The causes behind a message: none forgotten, and the same that the doctor finds when it sees the answers."""

from __future__ import annotations

import pytest

from crossorigin.doctor.behind import BEHIND, causes_behind
from crossorigin.doctor.causes import CauseCode
from crossorigin.doctor.diagnosis import diagnose
from crossorigin.doctor.pasted import recognise
from crossorigin.fetch import BlockCode

from .conftest import OUTCOMES

CHROME = "Access to fetch at 'https://api.example.com/users' from origin '{}' has been blocked by CORS policy: {}"


def test_every_step_has_a_cause_but_the_one_that_is_ours() -> None:
    assert set(BEHIND) == set(BlockCode)
    assert [code for code, causes in BEHIND.items() if not causes] == [BlockCode.UNWRITTEN_STEP]
    assert all(len(set(causes)) == len(causes) for causes in BEHIND.values())


@pytest.mark.parametrize("name", OUTCOMES)
def test_what_the_doctor_finds_first_is_one_of_them(name: str) -> None:
    found = OUTCOMES[name]()
    if found.main.error is not None and name != "opaque origin":
        assert diagnose(found)[0].code in BEHIND[found.main.error.code]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (
            CHROME.format(
                "https://app.example.com",
                "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
            ),
            CauseCode.NO_CORS_CONFIGURED,
        ),
        (
            CHROME.format("null", "No 'Access-Control-Allow-Origin' header is present on the requested resource."),
            CauseCode.NO_ORIGIN,
        ),
        (
            CHROME.format(
                "https://app.example.com",
                "Request header field access-control-allow-origin is not allowed by Access-Control-Allow-Headers in "
                "preflight response.",
            ),
            CauseCode.RESPONSE_HEADER_ON_REQUEST,
        ),
        ("GET https://api.example.com/ads net::ERR_BLOCKED_BY_CLIENT", CauseCode.EXTENSION),
        ("GET https://api.example.com/ net::ERR_BLOCKED_BY_CSP", CauseCode.CONTENT_SECURITY_POLICY),
        ("GET https://api.example.com/ net::ERR_CERT_AUTHORITY_INVALID", CauseCode.TLS),
        ("GET https://api.example.com/ net::ERR_CONNECTION_REFUSED", CauseCode.UNREACHABLE),
    ],
)
def test_what_a_message_says_besides_decides(text: str, first: CauseCode) -> None:
    (recognised,) = recognise(text)
    assert causes_behind(recognised)[0] is first


def test_a_message_that_tells_nothing_has_none() -> None:
    (recognised,) = recognise("Uncaught (in promise) TypeError: Failed to fetch")
    assert causes_behind(recognised) == ()
