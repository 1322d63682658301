"""The learner of policies: what production will need when the page asks the API itself.

The development proxy hides that CORS is missing until there is no proxy any more. The learner looks on, at requests
and responses alike, and writes the least policy for what it has seen.

    learner = Learner(["http://localhost:5173"], {"/api": "http://localhost:8080"})
    learner.request("/api", head)           # for each request, and
    learner.response("/api", head)          # each response
    print(learner.note("/api"))             # in production /api needs: …
    learner.write(Path("policy.toml"))

What counts is what a page's script does (`crossorigin.proxy.script_needs`); not links, images or curl, and not pages
of other machines: somebody's visit to a strange site while developing is not to be in a policy.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from crossorigin.policy import Policy
from crossorigin.policy.facts import same_origin
from crossorigin.policy.load import ONLY
from crossorigin.proxy.heads import RequestHead, ResponseHead
from crossorigin.proxy.learned import Learned, Need, need_of, with_known
from crossorigin.proxy.learned_file import LearnError, write_policy
from crossorigin.proxy.learned_toml import Section, note_text, policy_file
from crossorigin.proxy.script_needs import cookie_names, is_script_call, managed_scheme, unsafe_names
from crossorigin.web.forbidden import FORBIDDEN_RESPONSE_HEADER_NAMES
from crossorigin.web.methods import is_cors_safelisted_method
from crossorigin.web.origin_grammar import is_serialized_origin
from crossorigin.web.safelists import CORS_SAFELISTED_RESPONSE_HEADER_NAMES
from crossorigin.web.trustworthy import is_potentially_trustworthy_url
from crossorigin.web.url import parse_url

__all__ = ["Learner"]

_MOST_ROUTES: Final = 64
_MOST_COOKIES: Final = 64
_LONGEST_NAME: Final = 64
_NOT_IN_A_NAME: Final = re.compile(r"[^A-Za-z0-9_-]+")
_UNREAD: Final = (
    CORS_SAFELISTED_RESPONSE_HEADER_NAMES
    | FORBIDDEN_RESPONSE_HEADER_NAMES
    | {
        b"accept-ranges",
        b"age",
        b"allow",
        b"alt-svc",
        b"connection",
        b"content-encoding",
        b"content-security-policy",
        b"content-security-policy-report-only",
        b"cross-origin-embedder-policy",
        b"cross-origin-opener-policy",
        b"cross-origin-resource-policy",
        b"date",
        b"keep-alive",
        b"nel",
        b"origin-agent-cluster",
        b"permissions-policy",
        b"referrer-policy",
        b"report-to",
        b"reporting-endpoints",
        b"server",
        b"server-timing",
        b"strict-transport-security",
        b"timing-allow-origin",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        b"vary",
        b"via",
        b"www-authenticate",
        b"x-content-type-options",
        b"x-dns-prefetch-control",
        b"x-download-options",
        b"x-frame-options",
        b"x-permitted-cross-domain-policies",
        b"x-powered-by",
        b"x-xss-protection",
    }
)
"""Response headers that script can read anyway, or has no use for."""


class Learner:
    """Looks on and learns, in memory that is bounded whatever comes by.

    - `origins`: those of the application; raises PolicyError for what is none;
    - `targets`: the target of each route, as it is to be shown. Routes to one target share a policy; without it each
      route has its own. What is learned of other routes, the application's own for instance, tells whose cookies are
      whose, and is not written;
    - `known`: the policies of the file that will be written again, by name.
    """

    __slots__ = ("_known", "_origins", "_routes", "_targets")

    def __init__(
        self,
        origins: Sequence[str],
        targets: Mapping[str, str] | None = None,
        known: Mapping[str, Policy] | None = None,
    ) -> None:
        self._known = dict(known or {})
        self._origins = Policy(allow_origins=list(origins)).allow_origins
        self._targets = None if targets is None else dict(targets)
        self._routes: dict[str, Learned] = {}

    def remember(self, known: Mapping[str, Policy]) -> None:
        """Take in, by name, policies that somebody has changed in the file since."""
        self._known.update(known)

    # --- looking on ---

    def request(self, route: str, head: RequestHead) -> None:
        """Learn from a request, if a page's script made it; raises nothing."""
        if not is_script_call(head):
            return
        learned = self._learned(route)
        if learned is None or not self._is_ours(learned, head):
            return
        learned.calls += 1
        if not is_cors_safelisted_method(head.method):
            learned.methods.see(head.method.decode("latin-1"))
        for name in unsafe_names(head):
            learned.headers.see(name)
        cookies = head.fields.get(b"cookie")
        if cookies is not None:
            # Joined with ", " where there were several lines, as HTTP/2 has them; such a name is one that nobody set.
            for name in cookie_names(cookies):
                learned.cookies.see(name)
        scheme = managed_scheme(head)
        if scheme is not None:
            learned.managed.see(scheme.decode("latin-1"))

    def response(self, route: str, head: ResponseHead) -> None:
        """Learn from a response; raises nothing."""
        learned = self._learned(route)
        if learned is None:
            return
        fields = head.fields
        for name in fields:
            if name not in _UNREAD and not name.startswith(b"access-control-"):
                learned.readable.see(name.decode("latin-1"))
        if b"set-cookie" in fields:
            for name, value in head.headers:
                if name.lower() == b"set-cookie":
                    _see_cookie(learned, value)
        if head.status == 401 and b"www-authenticate" in fields:
            for scheme in ("basic", "digest", "negotiate", "ntlm"):
                if scheme.encode() in fields[b"www-authenticate"].lower():
                    learned.challenges.see(scheme)

    def _learned(self, route: str) -> Learned | None:
        learned = self._routes.get(route)
        if learned is None and len(self._routes) < _MOST_ROUTES:
            learned = self._routes[route] = Learned()
        return learned

    def _is_ours(self, learned: Learned, head: RequestHead) -> bool:
        """Whether the page is one of the application's; one of another origin is noted."""
        fields = head.fields
        origin, site = fields.get(b"origin"), fields.get(b"sec-fetch-site")
        if origin is None:
            return site in {None, b"same-origin", b"none"}
        if same_origin(origin, scheme=None, host=fields.get(b"host"), sec_fetch_site=site):
            return True
        text = origin[: _LONGEST_NAME + 1].decode("latin-1")
        if text in self._origins:
            return True
        if not is_serialized_origin(origin) or not _is_local(text):
            learned.strangers.see(text if is_serialized_origin(origin) else "something that is no origin")
            return False
        learned.origins.see(text)
        return True

    # --- telling ---

    @property
    def routes(self) -> tuple[str, ...]:
        """The routes that script has called, sorted."""
        known = self._targets
        return tuple(sorted(each for each, seen in self._routes.items() if seen.calls and (not known or each in known)))

    def policy(self, route: str) -> Policy:
        """The least policy for what was seen on one route; raises LearnError where nothing was."""
        return self._need(route).policy

    def note(self, route: str) -> str:
        """A few lines for the terminal; raises LearnError where nothing was seen."""
        return note_text(route, self._need(route))

    def toml(self) -> str:
        """The whole policy file; raises LearnError where nothing was seen."""
        sections = self._sections()
        if not sections:
            raise LearnError("No script of a page has called anything yet, so there is no policy to write.")
        return policy_file(sections)

    def write(self, path: Path) -> None:
        """Write the policy file, all of it or nothing.

        Raises LearnError for a file that was not written by us, and for one that cannot be written.
        """
        write_policy(path, self.toml())

    def _need(self, route: str) -> Need:
        learned = self._routes.get(route)
        if learned is None or not learned.calls:
            raise LearnError(f"No script of a page has called {route[:80]!r} yet.")
        return need_of(learned, self._origins, self._cookies_of_others({route}))

    def _cookies_of_others(self, routes: set[str]) -> set[str]:
        return {name for route, seen in self._routes.items() if route not in routes for name in seen.cookies_set}

    def _sections(self) -> list[Section]:
        groups: dict[str, list[str]] = {}
        for route in sorted(self._targets if self._targets is not None else self.routes):
            groups.setdefault(self._targets[route] if self._targets is not None else route, []).append(route)
        # A file has one policy, or several that have names.
        is_alone = len(groups) == 1 and self._targets is not None and set(self._known) <= {ONLY}
        sections: list[Section] = []
        taken: set[str] = set()
        for target, routes in groups.items():
            name = ONLY if is_alone else _name(routes[0], taken)
            taken.add(name)
            section = self._section(name, routes, target if self._targets is not None else "")
            if section is not None:
                sections.append(section)
        # What another run has learned of routes that this one does not have stays.
        for name, known in self._known.items():
            if name not in taken:
                kept = _name("/earlier", taken) if name == ONLY else name
                sections.append(Section(kept, (), "", Learned(), with_known(None, known)))
        return sections

    def _section(self, name: str, routes: list[str], target: str) -> Section | None:
        """The policy for the routes to one target; None where nothing is known of them."""
        together, known = Learned(), self._known.get(name)
        for route in routes:
            if route in self._routes:
                together.add(self._routes[route])
        need = need_of(together, self._origins, self._cookies_of_others(set(routes))) if together.calls else None
        if known is not None:
            need = with_known(need, known)
        return None if need is None else Section(name, tuple(routes), target, together, need)


def _see_cookie(learned: Learned, value: bytes) -> None:
    pair, *attributes = value.split(b";")
    name = pair.partition(b"=")[0].strip(b" \t").decode("latin-1")
    if len(name) > _LONGEST_NAME or (name not in learned.cookies_set and len(learned.cookies_set) >= _MOST_COOKIES):
        return
    said = {attribute.strip(b" \t").lower().replace(b" ", b"") for attribute in attributes}
    learned.cookies_set[name] = {b"samesite=none", b"secure"} <= said


def _is_local(origin: str) -> bool:
    url = parse_url(origin)
    return url is not None and url.scheme in {"http", "https"} and _is_loopback(f"http://{url.host}/")


def _is_loopback(text: str) -> bool:
    """On plain http only loopback is potentially trustworthy."""
    url = parse_url(text)
    return url is not None and is_potentially_trustworthy_url(url)


def _name(route: str, taken: set[str]) -> str:
    """A name for a policy, of a route: "/api/v1" is "api-v1"."""
    name = plain = _NOT_IN_A_NAME.sub("-", route).strip("-")[:_LONGEST_NAME] or "root"
    number = 2
    while name in taken:
        name = f"{plain}-{number}"
        number += 1
    return name
