"""What markup loads: scripts, images, styles and fonts, and a form that is submitted."""

from __future__ import annotations

from typing import Literal

from crossorigin.browser.call import Call, PageState, hidden, readable
from crossorigin.browser.form_data import Enctype, Fields, encode_form, urlencoded
from crossorigin.browser.response import Response
from crossorigin.fetch.construct import potential_cors_request
from crossorigin.fetch.request import Body, Request
from crossorigin.web.headers import HeaderList
from crossorigin.web.url import URL, parse_url

__all__ = ["CrossOrigin", "load_font", "load_image", "load_script", "load_style", "submit_form"]

CrossOrigin = Literal["anonymous", "use-credentials"] | None
"""The state of the attribute `crossorigin`; None when it is absent."""


def load_script(page: PageState, url: str, *, crossorigin: CrossOrigin = None, module: bool = False) -> Call[Response]:
    """`<script src>`: https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-classic-script

    A module script is always fetched with CORS (https://html.spec.whatwg.org/multipage/webappapis.html#set-up-the-module-script-request):
    without the attribute as if it were "anonymous". Raises as `fetch`, where the element fires `error`; the standard
    does so for a status that is not ok too, which is left to the caller.
    """
    return _load(page, url, "script", "script", _state(crossorigin) or ("anonymous" if module else None))


def load_image(page: PageState, url: str, *, crossorigin: CrossOrigin = None) -> Call[Response]:
    """`<img src>`: https://html.spec.whatwg.org/multipage/images.html#update-the-image-data"""
    return _load(page, url, "image", "img", _state(crossorigin))


def load_style(page: PageState, url: str, *, crossorigin: CrossOrigin = None) -> Call[Response]:
    """`<link rel=stylesheet href>`: https://html.spec.whatwg.org/multipage/semantics.html#default-fetch-and-process-the-linked-resource"""
    return _load(page, url, "style", "link", _state(crossorigin))


def load_font(page: PageState, url: str) -> Call[Response]:
    """A font of `@font-face`, which is always fetched with CORS: https://drafts.csswg.org/css-fonts-4/#font-fetching-requirements

    The style sheet is taken to be the page's own.
    """
    call = _load(page, url, "font", "css", "anonymous")
    call.request.use_url_credentials = False
    return call


def _load(page: PageState, url: str, destination: str, initiator_type: str, crossorigin: CrossOrigin) -> Call[Response]:
    request = potential_cors_request(url, page.client, destination, crossorigin)
    request.initiator_type = initiator_type
    return Call(request, readable(page))


def _state(crossorigin: CrossOrigin) -> CrossOrigin:
    # HTML takes every other value for "anonymous"; in a test such a value is a slip.
    if crossorigin not in {None, "anonymous", "use-credentials"}:
        raise ValueError(f"crossorigin={crossorigin!r}: it is 'anonymous' or 'use-credentials', or None for absent")
    return crossorigin


def submit_form(
    page: PageState,
    url: str,
    method: str = "GET",
    fields: Fields = (),
    enctype: Enctype = "application/x-www-form-urlencoded",
    *,
    user_activation: bool = True,
) -> Call[Response]:
    """`<form action method enctype>`, submitted: https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-algorithm

    A navigation: no CORS applies, cookies go along as their SameSite allows it for navigations, and the page learns
    nothing, so the response is opaque; `response.exchange` has what was sent and answered. `user_activation` is whether
    the user did it (else script called `form.submit()`). Redirects are followed as navigation does. Raises FetchError
    for a network error, and ValueError for a method that forms do not have.
    """
    verb = method.upper()
    if verb not in {"GET", "POST"}:
        raise ValueError(f"a form's method is GET or POST, not {method!r}: anything else needs script")
    action = parse_url(url, page.client.url)
    if action is None:
        raise TypeError(f"{url!r} is not a URL")
    body, headers = None, HeaderList()
    if verb == "GET":
        action = _with_query(action, urlencoded(fields))
    else:
        content, content_type = encode_form(fields, enctype)
        body, headers = Body(content), HeaderList.of(("Content-Type", content_type))
    request = Request(
        url_list=(action,),
        client=page.client,
        origin=page.client.origin,
        method=verb.encode(),
        headers=headers,
        body=body,
        destination="document",
        mode="navigate",
        credentials_mode="include",
        use_url_credentials=True,
        user_activation=user_activation,
    )
    return Call(request, hidden(page))


def _with_query(url: URL, query: str) -> URL:
    """HTML, "mutate action URL": the query is replaced."""
    bare, hash_mark, fragment = url.href.partition("#")
    mutated = parse_url(f"{bare.partition('?')[0]}?{query}{hash_mark}{fragment}")
    if mutated is None:
        raise TypeError(f"{url.href!r} cannot carry the fields of a form")
    return mutated
