"""What is said of a call: that a browser lets it through, or that it does not. Each is a `with` around the call."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from crossorigin.browser.errors import CORSError, FetchError
from crossorigin.browser.watching import Watched, watching
from crossorigin.fetch.blocks import BLOCKS, BlockCode
from crossorigin.fetch.response import FetchResult
from crossorigin.testing.failure import block_text, call_words, dialogue, failure_text

__all__ = ["Allowed", "Blocked", "assert_allowed", "assert_blocked", "behind"]


def assert_allowed() -> Allowed:
    """That no browser blocks the calls in the block.

        with assert_allowed():
            response = page.fetch(url, method="PUT", json={"name": "Ada"})

    A call that is blocked fails any test, by its CORSError; this says why the test makes it, and makes it a failure of
    the test instead of an error. Whatever else goes wrong in the block passes through. So does a block without a call
    fail.
    """
    return Allowed()


def assert_blocked(code: BlockCode | str | None = None) -> Blocked:
    """That CORS blocks the call in the block, and with a `code` that it is that step which does.

        with assert_blocked("B230") as block:
            page.fetch(url, method="DELETE")
        assert block.error.preflighted

    With a code any FetchError will do, such as the NoResponseError of `B601`. It works around everything that raises
    one, or an exception that was raised from one: each method of a page, awaited or not, and the clients of
    `crossorigin.browser.httpx` and `.requests`. Raises ValueError for what is no code.
    """
    return Blocked(None if code is None else _code(code))


def _code(code: BlockCode | str) -> BlockCode:
    try:
        return BlockCode(code)
    except ValueError:
        raise ValueError(
            f"{code!r} is no code of a block: it is one such as 'B301'; `crossorigin explain` lists them"
        ) from None


class _Expectation:
    """Watches the calls of a block."""

    def __init__(self) -> None:
        self._watching = watching()
        self._calls: list[Watched] = []

    def __enter__(self) -> Self:
        self._calls = self._watching.__enter__()
        return self

    def _no_call(self) -> None:
        __tracebackhide__ = True
        if not self._calls:
            raise AssertionError(
                "no page made a call in this block: call page.fetch(...) inside the `with`, in this thread"
            )


class Allowed(_Expectation):
    """The block of `assert_allowed`."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        __tracebackhide__ = True
        self._watching.__exit__(None, None, None)
        blocked = behind(error)
        if blocked is not None:
            said = f"A browser blocks {call_words(blocked.result, blocked.engine)}, and this test says that it may."
            raise AssertionError(block_text(said, blocked.result, blocked.engine)) from None
        if error is None:
            self._no_call()


class Blocked(_Expectation):
    """The block of `assert_blocked`; afterwards `error` is what the call raised."""

    def __init__(self, code: BlockCode | None) -> None:
        super().__init__()
        self.code = code
        self._error: FetchError | None = None

    @property
    def error(self) -> FetchError:
        """What the call raised; raises RuntimeError before the block has ended."""
        if self._error is None:
            raise RuntimeError("the error is known when the `with` block has ended: read it below the block")
        return self._error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        __tracebackhide__ = True
        self._watching.__exit__(None, None, None)
        blocked = behind(error)
        if error is not None and blocked is None:
            return False
        # A call before the one that was blocked was not, and the block says that it is.
        for call in self._calls:
            if call.result.error is None:
                raise AssertionError(_let_through(call, self._expected())) from None
        if blocked is None:
            self._no_call()
            # A call whose failure script does not learn of, or that the block itself has caught.
            return False
        self._judge(blocked)
        self._error = blocked
        return True

    def _judge(self, blocked: FetchError) -> None:
        __tracebackhide__ = True
        if self.code is None and not isinstance(blocked, CORSError):
            words = call_words(blocked.result, blocked.engine)
            said = f"{words} fails, but CORS is not what blocks it, and this test says that CORS does."
            raise AssertionError(block_text(said, blocked.result, blocked.engine)) from None
        if self.code is not None and blocked.code is not self.code:
            words = call_words(blocked.result, blocked.engine)
            said = f"{words} is blocked by {blocked.code.value}, and this test says by {self._expected()}."
            raise AssertionError(block_text(said, blocked.result, blocked.engine)) from None

    def _expected(self) -> str:
        return "CORS" if self.code is None else f"{self.code.value} ({BLOCKS[self.code].title})"


def _let_through(call: Watched, expected: str) -> str:
    said = (
        f"A browser lets {call_words(call.result, call.engine)} through, and this test says that {expected} blocks it."
    )
    return failure_text(said, dialogue(call.result), change=_what_grants(call.result))


def _what_grants(result: FetchResult) -> str:
    """Which header let a page read, so that whoever wants it blocked knows what to take away."""
    last = result.exchanges[-1] if result.exchanges else None
    response = None if last is None else last.response
    if last is None or response is None:
        return ""
    where = f"the answer to {last.request.method.decode('latin-1')} {last.request.url.href[:120]}"
    origin = response.headers.get(b"Access-Control-Allow-Origin")
    if last.request.url.origin == result.request.origin:
        return f"{where} comes from the page's own origin, which CORS does not concern."
    if origin is None:
        return f"{where} has no Access-Control-Allow-Origin; the page did not ask to read it."
    value = origin.decode("latin-1")[:120]
    return f"take `Access-Control-Allow-Origin: {value}` off {where}, or the origin out of its policy."


def behind(error: BaseException | None) -> FetchError | None:
    """The FetchError that is behind an exception: itself, or what it was raised from."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, FetchError):
            return error
        seen.add(id(error))
        error = error.__cause__
    return None
