"""What the front end does, done by a browser: these tests fail exactly when a browser would block it."""

import pytest

from crossorigin.pytest import (
    assert_blocked,
    assert_not_preflighted,
    assert_not_readable_by,
    assert_preflighted,
    assert_readable,
)

USER = "https://api.example.com/users/42"


@pytest.mark.engines("chromium", "firefox", "webkit")
def test_the_front_end_reads_a_user(page):
    response = page.fetch(USER, credentials="include")
    assert response.json() == {"name": "Ada"}
    assert_not_preflighted(response)
    assert_readable(response, "etag")


@pytest.mark.engines("chromium", "firefox", "webkit")
def test_the_front_end_writes_a_user(page):
    response = page.fetch(
        USER, method="PUT", json={"name": "Grace"}, headers={"X-Request-Id": "7"}, credentials="include"
    )
    assert response.json() == {"name": "Grace"}
    assert_preflighted(response)


def test_no_page_deletes_a_user(page):
    with assert_blocked("B230"):
        page.fetch(USER, method="DELETE")


def test_nobody_else_reads_a_user(app):
    assert_not_readable_by(
        "https://evil.example", app, paths=["/users/42", "PUT /users/42"], allowed=["https://app.example.com"]
    )
