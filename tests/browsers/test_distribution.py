"""What a distribution counts."""

from __future__ import annotations

from crossorigin.browser.real.call import Call

from .distribution import distribution
from .scenario import Answer, Reply, Scenario


def test_ends_labels_and_requests() -> None:
    any_origin = (Answer(Reply(200, (("Access-Control-Allow-Origin", "*"),))),)
    url = "{foreign}/{id}/0"
    counted = distribution(
        [
            Scenario("a", (Call(url=url), Call(url=url, mode="no-cors")), any_origin, "https", notes=("x: 1", "y: 1")),
            Scenario("b", (Call(url=url), Call(url=url, method="TRACE")), notes=("x: 1",)),
        ]
    )
    assert counted.codes == {"allowed": 1, "opaque": 1, "B301": 1, "throws": 1}
    assert counted.labels == {"x: 1": 2, "y: 1": 1}
    assert (counted.scenarios, counted.calls, counted.requests, counted.allowed) == (2, 4, 3, 0.5)
    assert str(counted).splitlines() == [
        "2 scenarios, 4 calls, 3 requests on the wire",
        " 25.0% B301",
        " 25.0% allowed",
        " 25.0% opaque",
        " 25.0% throws",
    ]
