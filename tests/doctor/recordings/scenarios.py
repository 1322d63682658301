"""The calls in the recordings beside this file: what the server answers, what the page does, and how it must be told.

Each call has a path of its own. The codes follow from the server's answer: what it lacks is written here by hand.
"""

from __future__ import annotations

from dataclasses import dataclass, field

PAGE, API, OTHER = "http://127.0.0.1:8501", "http://127.0.0.1:8502", "http://127.0.0.1:8504"
NOBODY = "http://127.0.0.1:8599"
LOCALHOST = "http://localhost:8502"
"""The same server by another name, for which the browser has no cookie."""

Fields = tuple[tuple[str, str], ...]
Answer = tuple[int, Fields]

ALLOW: Fields = (("Access-Control-Allow-Origin", PAGE), ("Vary", "Origin"))
ALL: Fields = (("Access-Control-Allow-Origin", "*"),)
METHOD: Fields = (("Access-Control-Allow-Methods", "PUT"),)
HEADERS: Fields = (("Access-Control-Allow-Headers", "content-type, x-token"),)
GRANT: Fields = (*ALLOW, *METHOD, *HEADERS, ("Access-Control-Max-Age", "0"))

SAME_ORIGIN: Fields = (("Cross-Origin-Resource-Policy", "same-origin"),)
NOT_FOLLOWED: Fields = (*ALLOW, ("Location", "/fine-not-followed"))

PUT = '{method: "PUT", headers: {"Content-Type": "application/json", "X-Token": "t"}, body: "{}"}'


@dataclass(frozen=True)
class Scenario:
    """`codes` are what Chromium's, Firefox's and WebKit's recording must be told to be.

    "" is nothing: it went well, or nothing shows that it did not. "?" is that it failed and the recording does not tell
    why. `recorded` is the URL under which it stands where that is not the one that was called, `times` how often.
    """

    path: str
    codes: tuple[str, str, str]
    answer: Answer = (200, ())
    preflight: Answer = (204, GRANT)
    options: str = ""
    base: str = API
    script: str = ""
    times: int = 1
    recorded: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"{self.base}/{self.path}"

    @property
    def javascript(self) -> str:
        """What the page does."""
        call = f'await call("{self.url}"{", " + self.options if self.options else ""})'
        return f"await {self.script}" if self.script else "; ".join([call] * self.times)


SCENARIOS = (
    Scenario("fine", ("", "", ""), (200, ALLOW)),
    Scenario("fine-put", ("", "", ""), (200, ALLOW), options=PUT),
    Scenario("nothing", ("B301",) * 3),
    Scenario("crash", ("B301",) * 3, (500, ()), options='{method: "POST", body: "text"}'),
    Scenario("preflight-only", ("B301",) * 3, options=PUT),
    # WebKit looks at the status before it looks at the origin.
    Scenario("no-route", ("B201", "B201", "B210"), preflight=(404, ()), options=PUT),
    Scenario("authentication", ("B210",) * 3, preflight=(401, ALLOW), options=PUT),
    Scenario("method", ("B230",) * 3, preflight=(204, (*ALLOW, *HEADERS)), options=PUT),
    Scenario("header", ("B241",) * 3, preflight=(204, (*ALLOW, *METHOD)), options=PUT),
    # WebKit says that the status is 301, and not that this is a redirect.
    Scenario("moved", ("B211", "B211", "B210"), preflight=(301, (*ALLOW, ("Location", "/fine"))), options=PUT),
    Scenario("redirect", ("B301",) * 3, (302, (*ALLOW, ("Location", "/target"))), recorded={"webkit": f"{API}/target"}),
    Scenario("redirect-alone", ("B301",) * 3, (302, (("Location", "/fine"),))),
    Scenario(
        "redirect-away",
        ("B306",) * 3,
        (302, (*ALLOW, ("Location", f"{OTHER}/fine"))),
        recorded={"webkit": f"{OTHER}/fine"},
    ),
    # Firefox hides the redirect from the preflight, and stops at the answer.
    Scenario("redirect-put", ("B206", "B306", "B306"), (302, (*ALLOW, ("Location", f"{OTHER}/fine"))), options=PUT),
    Scenario("credentials", ("B302",) * 3, (200, ALL), options='{credentials: "include"}'),
    # Without a cookie nothing shows in which mode the call was; Chromium and WebKit tell at least that it failed.
    Scenario("no-cookie", ("B302", "", "B302"), (200, ALL), options='{credentials: "include"}', base=LOCALHOST),
    Scenario("twice", ("B303",) * 3, (200, (*ALLOW, *ALL))),
    # WebKit has one sentence for an origin that is missing, and for one that is another.
    Scenario("mismatch", ("B305", "B305", "B301"), (200, (("Access-Control-Allow-Origin", "http://localhost:8501"),))),
    Scenario(
        "remembered",
        ("B301",) * 3,
        preflight=(204, (*GRANT[:-1], ("Access-Control-Max-Age", "600"))),
        options=PUT,
        times=2,
    ),
    Scenario("refused", ("B601", "?", "B601"), base=NOBODY),
    Scenario("refused-put", ("B601", "?", "B601"), base=NOBODY, options=PUT),
    # WebKit does not even record it.
    Scenario("port", ("B102", "B102", ""), base="http://127.0.0.1:6000"),
    Scenario("close", ("B601", "?", "B601")),
    Scenario(
        "policy", ("B501",) * 3, (200, (("Cross-Origin-Resource-Policy", "same-origin"),)), options='{mode: "no-cors"}'
    ),
    Scenario(
        "image",
        ("B301",) * 3,
        script=(
            "new Promise(done => {const image = new Image(); image.crossOrigin = 'anonymous'; "
            f"image.onload = image.onerror = done; image.src = '{API}/image'}})"
        ),
    ),
    # Two modes fit what Chromium records; Firefox does not say that it failed.
    Scenario(
        "redirect-error",
        ("?", "", "B401"),
        (302, NOT_FOLLOWED),
        options='{redirect: "error"}',
    ),
    Scenario(
        "redirect-manual",
        ("", "", ""),
        (302, (*ALLOW, ("Location", "/fine-not-followed"))),
        options='{redirect: "manual"}',
    ),
    # Firefox records no difference to a server that did not answer.
    Scenario(
        "aborted",
        ("", "?", ""),
        (200, ALLOW),
        script=f'(() => {{const stop = new AbortController(); const done = call("{API}/aborted", '
        "{signal: stop.signal}); stop.abort(); return done})()",
    ),
    Scenario("own", ("", "", ""), base=PAGE, options='{method: "POST", body: "{}"}'),
    Scenario(
        "parallel",
        ("B201", "B201", "B210"),
        preflight=(405, ()),
        script=f'Promise.all([1, 2, 3].map(() => call("{API}/parallel", {PUT})))',
        times=3,
    ),
)
BY_PATH = {f"/{scenario.path}": scenario for scenario in SCENARIOS}

_CALLS = "\n".join(f"  {scenario.javascript}" for scenario in SCENARIOS)
HTML = f"""<!doctype html><link rel="icon" href="data:,"><title>working</title><script>
const call = (url, options) => fetch(url, options).then(response => response.text()).catch(() => null)
onload = () => setTimeout(async () => {{
  document.cookie = "session=1"
{_CALLS}
  document.title = "done"
}}, 300)
</script>
"""


def answer(path: str, method: str) -> Answer | None:
    """What the server says; None is to close the connection."""
    scenario = BY_PATH.get(path)
    if path == "/close":
        return None
    if scenario is None:
        return (204, GRANT) if method == "OPTIONS" else (200, ALLOW if path.startswith("/fine") else ())
    return scenario.preflight if method == "OPTIONS" else scenario.answer
