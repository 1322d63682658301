"""What can be wrong with an application, in sentences that name it and say what it did."""

from __future__ import annotations

__all__ = ["ApplicationError", "InvalidResponseError", "LifespanError", "NotMountedError"]


class ApplicationError(RuntimeError):
    """An application did something that no server lets pass."""


class InvalidResponseError(ApplicationError):
    """What an application sent is no HTTP response, or it sent none at all."""


class LifespanError(ApplicationError):
    """An application said that it could not start or stop, or took too long to say anything."""


class NotMountedError(LookupError):
    """A page asked an origin that no application is mounted at, and the network is not allowed.

    It is no FetchError: no server was at fault, the test lacks an application.
    """
