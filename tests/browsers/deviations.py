"""What a release of an engine does that its profile does not model: known, written down with evidence, and no failure.

A row belongs here when it is a matter of one release or of its defaults (a bug with a number, a field trial); what an
engine does lastingly belongs into its profile. A row that never applies any more fails the suite, so that the list
does not rot: `Ledger.unused` names it after the run over the fixed seed. Only what is `rare` may be missing there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from .compare import Difference
from .scenario import Scenario

__all__ = ["DEVIATIONS", "Deviation", "Ledger"]


@dataclass(frozen=True, slots=True)
class Deviation:
    """One known deviation of `engine`, in the versions from `since` to `until`, both included, None for no bound.

    Versions are compared number by number, as far as the bound goes: `until="140"` includes 140.0.2. `reason` is a
    sentence, `evidence` an address, or what was measured and when. `applies` looks at one difference of one scenario.
    What is `rare` need not occur in the scenarios of the fixed seed.
    """

    engine: str
    reason: str
    evidence: str
    applies: Callable[[Scenario, Difference], bool] = field(compare=False)
    since: str | None = None
    until: str | None = None
    rare: bool = False

    def __post_init__(self) -> None:
        if not self.reason.strip() or not self.evidence.strip():
            raise ValueError(f"a deviation of {self.engine} needs a reason and evidence")

    def concerns(self, engine: str, version: str) -> bool:
        """Whether this is about `version` of `engine`."""
        if engine != self.engine:
            return False
        own = _numbers(version)
        if self.since is not None and own[: len(_numbers(self.since))] < _numbers(self.since):
            return False
        return self.until is None or own[: len(_numbers(self.until))] <= _numbers(self.until)


def _is_about_header_order(_: Scenario, difference: Difference) -> bool:
    """The same lines, but for the one header name that is told of several that are missing."""
    if difference.what != "console":
        return False
    name = re.compile(r"(?<=Request header field )\S+(?= is not allowed)")
    lines = (difference.predicted, difference.observed)
    return name.sub("", lines[0]) == name.sub("", lines[1]) and all(map(name.search, lines))


_REPLACED = "\ufffd".encode()


_CLIENT_HINTS = {"device-memory", "downlink", "dpr", "ect", "rtt", "save-data", "viewport-width", "width"}


def _is_dropped_client_hint(scenario: Scenario, difference: Difference) -> bool:
    """Less is asked for than predicted, and what is missing are client hints."""
    names = [set(re.findall(r"[\w-]+", text)) - {"nothing"} for text in (difference.predicted, difference.observed)]
    return (
        difference.what.startswith("Access-Control-Request-Headers of")
        and bool(_values(scenario, "Location"))
        and names[0] > names[1]
        and names[0] - names[1] <= _CLIENT_HINTS
    )


def _is_replaced_character(_: Scenario, difference: Difference) -> bool:
    """What is seen holds U+FFFD, byte for byte, or percent-encoded once more as Latin-1."""
    in_url = "".join(f"%{byte:02X}" for byte in _REPLACED.decode("latin-1").encode())
    return any(
        mark in f"{difference.predicted} {difference.observed}" for mark in (_REPLACED.decode("latin-1"), in_url, "%E9")
    )


def _is_of_an_empty_answer(scenario: Scenario, difference: Difference) -> bool:
    lists = {"access-control-allow-methods", "access-control-allow-headers"}
    return (
        difference.what == "request"
        and "(preflight)" in difference.observed
        and any(
            not lists & {name.lower() for name, _ in reply.headers}
            for answer in scenario.answers
            for reply in answer.preflights
        )
    )


def _values(scenario: Scenario, wanted: str) -> list[str]:
    return [
        value for answer in scenario.answers for name, value in answer.actual.headers if name.lower() == wanted.lower()
    ]


def _schemes(scenario: Scenario) -> list[str]:
    """Those of redirects that leave http."""
    found = [re.match(r"[a-z]+(?=:)", value) for value in _values(scenario, "Location")]
    return [scheme[0] for scheme in found if scheme is not None and not scheme[0].startswith("http")]


def _is_more_or_less(difference: Difference) -> bool:
    ours, theirs = (set(text.splitlines()) - {"nothing"} for text in (difference.predicted, difference.observed))
    return ours < theirs or theirs < ours


def _sets_same_site(scenario: Scenario) -> bool:
    return bool(_values(scenario, "Location")) and any(
        re.search(r"SameSite=(?:Strict|Lax)", value) for value in _values(scenario, "Set-Cookie")
    )


def _is_origin_of_get(_: Scenario, difference: Difference) -> bool:
    return difference.what.startswith("Origin of GET") and difference.predicted == "nothing"


def _is_prefixed_cookie(_: Scenario, difference: Difference) -> bool:
    """What is sent beyond what was predicted are cookies with a prefix, and nothing that was predicted is missing."""
    if not difference.what.startswith("Cookie of"):
        return False
    ours, theirs = (_cookies(text) for text in (difference.predicted, difference.observed))
    return ours < theirs and all(each.lower().startswith(("__secure-", "__host-")) for each in theirs - ours)


def _cookies(text: str) -> set[str]:
    return set(text.strip("'\"").split("; ")) - {"nothing"}


_WORDS_FOR_A_REFUSED_REDIRECT = ("Credentials flag is true", "when credentials flag is true", "has credentials")


def _is_preflight_of_own_call(scenario: Scenario, difference: Difference) -> bool:
    begins_at_home = any(call.url.startswith("{own}") for call in scenario.calls)
    return begins_at_home and (
        (difference.what == "request" and "OPTIONS" in difference.observed)
        or (
            difference.what == "console"
            and any(words in difference.predicted for words in _WORDS_FOR_A_REFUSED_REDIRECT)
        )
    )


def _is_about(what: str) -> Callable[[Scenario, Difference], bool]:
    return lambda _, difference: difference.what == what


DEVIATIONS: tuple[Deviation, ...] = (
    Deviation(
        "chromium",
        "Of several headers that are missing the console names the one that its hash table yields first.",
        "measured: of Authorization, Content-Type and X-Zeta in any order it is x-zeta; HTTPHeaderMap is a HashMap",
        _is_about_header_order,
    ),
    Deviation(
        "chromium",
        "A redirect to another origin drops client hints (Width, DPR, ...), even those that script has set.",
        "measured in Chromium 156: hints are for origins that the page delegates them to",
        _is_dropped_client_hint,
        rare=True,
    ),
    Deviation(
        "firefox",
        "Several Content-Type of a response are joined by a comma without a blank.",
        "measured: nsHttpHeaderArray::MergeHeader",
        _is_about("header content-type"),
    ),
    Deviation(
        "firefox",
        "An empty header of several with one name is left out of the joined value.",
        "measured: nsHttpHeaderArray::MergeHeader",
        lambda _, difference: (
            difference.what.startswith("header ")
            and ", ".join(part for part in difference.predicted.strip("'").split(", ") if part)
            == difference.observed.strip("'")
        ),
    ),
    Deviation(
        "firefox",
        "The answer to a preflight that lists nothing is forgotten when the cache is full, and after 100 URLs it is.",
        "nsPreflightCache::GetEntry removes entries without tokens as if they had expired",
        _is_of_an_empty_answer,
        rare=True,
    ),
    Deviation(
        "firefox",
        "Of a redirect that fails CORS and leaves http as well the console tells now the one, now the other.",
        "measured: the scheme is looked at by two processes",
        lambda scenario, difference: (
            difference.what == "console" and bool(_schemes(scenario)) and _is_more_or_less(difference)
        ),
        rare=True,
    ),
    Deviation(
        "webkit",
        "SameSite of cookies that a chain of redirects sets or sends is not judged by its first or its last URL alone.",
        "measured in WebKitGTK 2.50.6",
        lambda scenario, difference: difference.what.startswith("Cookie of") and _sets_same_site(scenario),
        rare=True,
    ),
    Deviation(
        "webkit",
        "Bytes of a header that are no UTF-8 become U+FFFD, whose bytes are then read as Latin-1.",
        "measured in WebKitGTK 2.50.6: libsoup's headers are taken for UTF-8",
        _is_replaced_character,
    ),
    Deviation(
        "webkit",
        "A GET that a redirect on one origin has made of another method keeps the Origin of the request before.",
        "NetworkDataTaskSoup::continueHTTPRedirection clears it for other origins only",
        _is_origin_of_get,
    ),
    Deviation(
        "webkit",
        "The cookie prefixes __Secure- and __Host- ask for nothing.",
        "measured in WebKitGTK 2.50.6: libsoup knows no prefixes",
        _is_prefixed_cookie,
    ),
    Deviation(
        "webkit",
        "In a frame of a data: URL a cookie with SameSite is kept from another host of the page's site now and then.",
        "measured in WebKitGTK 2.50.6: s53-7974, s54-1913; its frame has no site, and libsoup is told one or the other",
        lambda scenario, difference: (
            scenario.frame == "data" and difference.what.startswith("Cookie of ") and difference.observed == "nothing"
        ),
        rare=True,
    ),
    Deviation(
        "webkit",
        "The preflight of the next hop goes out, and is judged, before a redirect from the page's origin is refused.",
        "measured in WebKitGTK 2.50.6: the network process asks, the web process refuses",
        _is_preflight_of_own_call,
    ),
    Deviation(
        "webkit",
        "With credentials an Access-Control-Expose-Headers of `*` makes Accept readable, though it names none.",
        "measured in WebKitGTK 2.50.6",
        _is_about("header accept"),
    ),
    Deviation(
        "webkit",
        "A redirect of a page over https to a scheme that is no secure one is mixed content before it is CORS's.",
        "measured in WebKitGTK 2.50.6",
        lambda scenario, difference: (
            difference.what == "console"
            and scenario.scheme == "https"
            and bool(_schemes(scenario))
            and "requested insecure content" in difference.observed
        ),
        rare=True,
    ),
)


class Ledger:
    """The deviations of one version of one engine, and how often each has explained something."""

    def __init__(self, engine: str, version: str, deviations: Iterable[Deviation] = DEVIATIONS) -> None:
        self._deviations = [each for each in deviations if each.concerns(engine, version)]
        self._used: Counter[int] = Counter()

    def unexplained(self, scenario: Scenario, differences: Sequence[Difference]) -> list[Difference]:
        """The differences that no deviation applies to."""
        return [difference for difference in differences if not self._explains(scenario, difference)]

    def _explains(self, scenario: Scenario, difference: Difference) -> bool:
        explained = False
        # Every one that applies is counted, not the first alone: a row behind a broader one is no dead row.
        for index, deviation in enumerate(self._deviations):
            if deviation.applies(scenario, difference):
                self._used[index] += 1
                explained = True
        return explained

    @property
    def unused(self) -> list[Deviation]:
        """Those that have explained nothing though they should: to be removed, or given an `until`."""
        return [each for index, each in enumerate(self._deviations) if not (each.rare or self._used[index])]


def _numbers(version: str) -> tuple[int, ...]:
    """The leading numbers of a version: "148.0.1 (64-bit)" is (148, 0, 1)."""
    numbers = []
    for part in version.split(maxsplit=1)[0].split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        numbers.append(int(digits))
    if not numbers:
        raise ValueError(f"{version!r} is no version: it begins with no number")
    return tuple(numbers)
