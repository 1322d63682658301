"""ASP.NET Core: the contract on paper, and what of the middleware shaped the file."""

from __future__ import annotations

import pytest
from tests.stacks.contract import render
from tests.stacks.paper_contract import PaperContract
from tests.stacks.policies import APP, POLICIES

from crossorigin.policy import Policy
from crossorigin.stacks import Evidence, recognise

PROBLEM = (
    b'{"type":"https://tools.ietf.org/html/rfc9110#section-15.5.5","title":"Not Found","status":404,'
    b'"traceId":"00-84c1fd4063c38d9f3900d06e56542d48-85d1d4-00"}'
)


class TestContract(PaperContract):
    name = "aspnet-core"


def text(*origins: str) -> str:
    return render("aspnet-core", Policy(allow_origins=list(origins))).files[0].text


@pytest.mark.parametrize(
    ("origins", "call"),
    [
        ([APP, "http://localhost:3000"], '.WithOrigins("http://localhost:3000", "https://app.example.com")'),
        (["https://*.example.com"], ".SetIsOriginAllowed(CorsOrigins.Allows)"),
        ([APP, "http://localhost:*"], ".SetIsOriginAllowed(CorsOrigins.Allows)"),
        # `WithOrigins` takes the brackets off and puts them on again.
        (["http://[::1]:3000"], ".SetIsOriginAllowed(CorsOrigins.Allows)"),
        (["*"], ".AllowAnyOrigin()"),
    ],
)
def test_a_function_decides_where_texts_are_not_enough(origins: list[str], call: str) -> None:
    written = text(*origins)
    assert call in written
    calls = ("WithOrigins(", "SetIsOriginAllowed(", "AllowAnyOrigin(")
    assert sum(written.count(each) for each in calls) == 1
    decides = "SetIsOriginAllowed" in call
    assert ("static class CorsOrigins" in written) is decides
    assert ("using System.Text.RegularExpressions;" in written) is decides


@pytest.mark.parametrize("title", POLICIES)
def test_order(title: str) -> None:
    """Exceptions, Vary, routing, CORS, and then whatever asks for a login."""
    written = render("aspnet-core", POLICIES[title]).files[0].text
    steps = [
        "builder.Build()",
        "app.UseExceptionHandler();",
        "app.UseRouting();",
        "app.UseCors();",
        "// Authentication",
    ]
    if POLICIES[title].allow_origins != ("*",):
        steps.insert(2, 'headers.Append("Vary", "Origin")')
    places = [written.index(step) for step in steps]
    assert places == sorted(places)
    assert ('"Vary"' in written) is (len(steps) == 6)


@pytest.mark.parametrize(
    ("status", "headers", "body", "confidence"),
    [
        (200, ((b"server", b"Kestrel"),), b"", 0.9),
        (200, ((b"set-cookie", b".AspNetCore.Session=abc; path=/"),), b"", 0.9),
        (
            404,
            (),
            PROBLEM,
            0.9,
        ),
        (404, (), b'{"type":"about:blank","title":"Not Found","status":404}', 0),
    ],
)
def test_recognised(status: int, headers: tuple[tuple[bytes, bytes], ...], body: bytes, confidence: float) -> None:
    found = recognise(Evidence(status=status, headers=headers, body=body))
    assert [(stack.name, seen.confidence) for stack, seen in found] == (
        [("aspnet-core", confidence)] if confidence else []
    )
