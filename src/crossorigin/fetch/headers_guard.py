"""The Headers class as script meets it: what its guard refuses, and what it drops in silence."""

from __future__ import annotations

from typing import Literal

from crossorigin.web.forbidden import is_forbidden_request_header, is_forbidden_response_header_name
from crossorigin.web.headers import HeaderList, is_header_name, is_header_value, normalize
from crossorigin.web.safelists import PRIVILEGED_NO_CORS_REQUEST_HEADER_NAMES, is_no_cors_safelisted_request_header

__all__ = ["Guard", "append_guarded", "validate"]

Guard = Literal["immutable", "request", "request-no-cors", "response", "none"]


def validate(name: bytes, value: bytes, guard: Guard) -> bool:
    """Fetch, "validate": https://fetch.spec.whatwg.org/#headers-validate

    False means that the header is dropped in silence. Raises TypeError for what no header can be, and for an
    immutable list.
    """
    # 1.
    if not is_header_name(name):
        raise TypeError(
            f"{name.decode('latin-1')!r} is not a header name: a name is letters, digits and !#$%&'*+-.^_`|~"
        )
    if not is_header_value(value):
        raise TypeError(f"the value of {name.decode('latin-1')} is not a header value: it holds a NUL or a line break")
    # 2.
    if guard == "immutable":
        raise TypeError("these headers cannot be changed")
    # 3.
    if guard == "request" and is_forbidden_request_header(name, value):
        return False
    # 4-5.
    return not (guard == "response" and is_forbidden_response_header_name(name))


def append_guarded(headers: HeaderList, name: bytes, value: bytes, guard: Guard) -> HeaderList:
    """Fetch, "append" of the Headers class: https://fetch.spec.whatwg.org/#concept-headers-append

    The list with the header appended, or the same list when the guard drops it. Raises TypeError as `validate` does.
    """
    # 1.
    value = normalize(value)
    # 2.
    if not validate(name, value, guard):
        return headers
    # 3. Judged together with what stands there already, so that two harmless halves cannot make one unsafe whole.
    if guard == "request-no-cors":
        present = headers.get(name)
        combined = value if present is None else present + b", " + value
        if not is_no_cors_safelisted_request_header(name, combined):
            return headers
    # 4.
    headers = headers.append(name, value)
    # 5. https://fetch.spec.whatwg.org/#concept-headers-remove-privileged-no-cors-request-headers
    if guard == "request-no-cors":
        for privileged in PRIVILEGED_NO_CORS_REQUEST_HEADER_NAMES:
            headers = headers.delete(privileged)
    return headers
