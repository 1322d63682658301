"""Responses that are not what they are loaded as: scripts and style sheets of the wrong MIME type."""

from __future__ import annotations

from typing import Final

from crossorigin.fetch.request import Request
from crossorigin.fetch.response import InternalResponse
from crossorigin.web.mime import extract_mime_type, is_javascript_mime_type
from crossorigin.web.nosniff import determine_nosniff

__all__ = ["blocked_due_to_mime_type", "blocked_due_to_nosniff", "is_script_like"]

_SCRIPT_LIKE: Final = frozenset({"audioworklet", "paintworklet", "script", "serviceworker", "sharedworker", "worker"})


def is_script_like(destination: str) -> bool:
    """Fetch, "script-like": https://fetch.spec.whatwg.org/#concept-request"""
    return destination in _SCRIPT_LIKE


def blocked_due_to_mime_type(request: Request, response: InternalResponse) -> bool:
    """Fetch: https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type?"""
    # 1-2.
    mime_type = extract_mime_type(response.headers)
    if mime_type is None:
        return False
    # 4. No script is an image, a sound, a film or a table.
    essence = mime_type.essence
    return is_script_like(request.destination) and (
        essence.startswith(("audio/", "image/", "video/")) or essence == "text/csv"
    )


def blocked_due_to_nosniff(request: Request, response: InternalResponse) -> bool:
    """Fetch: https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-nosniff?"""
    # 1.
    if not determine_nosniff(response.headers):
        return False
    # 2.
    mime_type = extract_mime_type(response.headers)
    # 4. Scripts must say that they are JavaScript,
    if is_script_like(request.destination):
        return mime_type is None or not is_javascript_mime_type(mime_type)
    # 5. and style sheets that they are CSS.
    if request.destination == "style":
        return mime_type is None or mime_type.essence != "text/css"
    return False
