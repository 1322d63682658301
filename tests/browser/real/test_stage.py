"""What the page is answered, and what it tells."""

from __future__ import annotations

import json

from crossorigin.browser.real.call import Call, Outcome
from crossorigin.browser.real.stage import Played, Stage, Task


def todo(stage: Stage) -> dict[str, object]:
    reply = stage.answer("GET", "/todo", b"")
    assert reply is not None
    assert reply.content_type == "application/json"
    answer: dict[str, object] = json.loads(reply.body)
    return answer


class TestPage:
    """GET /page."""

    def test_it_holds_the_script_and_its_settings(self) -> None:
        reply = Stage(lanes=3, settle=True).answer("GET", "/page?again", b"")
        assert reply is not None
        assert (reply.status, reply.content_type) == (200, "text/html; charset=utf-8")
        text = reply.body.decode()
        assert 'play({"role": "page", "lanes": 3, "settle": true})' in text
        assert "async function playTask" in text

    def test_its_two_scripts_end_where_they_should(self) -> None:
        reply = Stage().answer("GET", "/page", b"")
        assert reply is not None
        # The script writes documents for frames: an end of a script in it would be its own end.
        assert reply.body.count(b"</script>") == 2
        assert b"<!--" not in reply.body


class TestWork:
    """GET /todo."""

    def test_a_call_is_said_whole(self) -> None:
        stage = Stage()
        stage.put([Task("a", (Call(url="http://x.test/", headers=(("X-A", "\xe9"),), body="text"),), "data")])
        assert todo(stage) == {
            "number": 1,
            "tasks": [
                {
                    "name": "a",
                    "frame": "data",
                    "calls": [
                        {
                            "url": "http://x.test/",
                            "api": "fetch",
                            "method": "GET",
                            "headers": [["X-A", "\xe9"]],
                            "body": "text",
                            "mode": "cors",
                            "credentials": "same-origin",
                            "redirect": "follow",
                            "upload_listeners": False,
                        }
                    ],
                }
            ],
        }

    def test_each_task_is_given_once_in_batches(self) -> None:
        stage = Stage()
        stage.put(Task(f"t{number}", ()) for number in range(150))
        sizes = []
        while tasks := todo(stage)["tasks"]:
            assert isinstance(tasks, list)
            sizes.append(len(tasks))
        assert sizes == [100, 50]
        assert stage.batches() == 2

    def test_what_is_cleared_is_not_given(self) -> None:
        stage = Stage()
        stage.put([Task("a", ())])
        stage.answer("POST", "/done", b"[]")
        stage.answer("POST", "/done", b'[{"name": "old", "records": []}]')
        stage.clear()
        assert todo(stage)["tasks"] == []
        assert stage.take(0) == []


class TestResults:
    """POST /done."""

    def test_outcomes(self) -> None:
        stage = Stage()
        seen = {"blocked": False, "type": "cors", "status": 200, "redirected": False, "url": "http://x.test/"}
        seen |= {"headers": [["X-B", "2"], ["content-length", "4"]], "body": "body"}
        records = [seen, {"blocked": True, "error": "TypeError: Failed to fetch"}]
        reply = stage.answer("POST", "/done", json.dumps([{"name": "a", "records": records}]).encode())
        assert reply is not None
        assert reply.status == 204
        readable = Outcome(
            blocked=False,
            type="cors",
            status=200,
            redirected=False,
            url="http://x.test/",
            headers=(("content-length", "4"), ("x-b", "2")),
            body="body",
        )
        assert stage.take(0) == [Played("a", (readable, Outcome(blocked=True)), ("", "TypeError: Failed to fetch"))]
        assert stage.take(0) == []


def test_the_rest_is_not_the_stages() -> None:
    stage = Stage()
    for method, path in (("GET", "/"), ("GET", "/a/0"), ("POST", "/todo"), ("OPTIONS", "/done"), ("GET", "/page/0")):
        assert stage.answer(method, path, b"") is None
    for path in ("/favicon.ico", "/settle"):
        reply = stage.answer("GET", path, b"")
        assert reply is not None
        assert reply.status == 204
