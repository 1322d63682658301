from __future__ import annotations

from crossorigin.browser import FetchError
from crossorigin.browser.application_errors import (
    ApplicationError,
    InvalidResponseError,
    LifespanError,
    NotMountedError,
)


def test_none_of_them_passes_for_a_blocked_call() -> None:
    # A test that expects a block must not pass because of an application that is missing or broken.
    for error in (ApplicationError, InvalidResponseError, LifespanError, NotMountedError):
        assert not issubclass(error, FetchError)
        assert not issubclass(error, TypeError)


def test_the_family() -> None:
    assert issubclass(InvalidResponseError, ApplicationError)
    assert issubclass(LifespanError, ApplicationError)
