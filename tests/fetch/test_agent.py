"""The user agent: what outlives one fetch."""

from __future__ import annotations

from crossorigin import __version__
from crossorigin.fetch import STANDARD, CredentialStore, NoCredentials, UserAgent, fetch_request

from .dialogue import API, Clock, Recorder, answer, ask, broken, page, talk

LEAVE = answer(204, ("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", "PUT"))


def test_defaults() -> None:
    agent = UserAgent()
    assert agent.profile == STANDARD
    assert isinstance(agent.credentials, NoCredentials)
    assert (agent.inflight_keepalive_bytes, agent.allows_mixed_content) == (0, False)
    assert not agent.is_known_hsts_host("page.example")
    assert __version__.encode() in agent.user_agent
    assert agent.clock() <= agent.clock()


def test_no_credentials_has_none_and_keeps_none() -> None:
    store: CredentialStore = NoCredentials()
    request = fetch_request(API, page())
    assert store.cookie(request) is None
    assert store.authorization(request) is None
    store.store(request, [b"a=1"])
    assert store.cookie(request) is None


def test_a_recorder_is_a_store() -> None:
    store: CredentialStore = Recorder()
    assert store.cookie(fetch_request(API, page())) == b"session=1"


def test_two_agents_share_nothing() -> None:
    one, two = UserAgent(), UserAgent()
    request = fetch_request(API, page(), method=b"PUT")
    talk(request, LEAVE, answer(200, ("Access-Control-Allow-Origin", "*")), agent=one)
    assert (len(one.preflight_cache), len(two.preflight_cache)) == (1, 0)
    talk(request, ask(f"OPTIONS {API}"), broken(), agent=two)


def test_no_clock_but_the_agents_own_is_read() -> None:
    read: list[float] = []

    class Watch(Clock):
        def __call__(self) -> float:
            read.append(self.now)
            return self.now

    agent = UserAgent(clock=Watch(5.0))
    talk(fetch_request(API, page()), answer(200, ("Access-Control-Allow-Origin", "*")), agent=agent)
    assert read == []
    talk(fetch_request(API, page(), method=b"PUT"), LEAVE, broken(), agent=agent)
    assert set(read) == {5.0}
