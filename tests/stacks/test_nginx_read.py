"""Configurations that people wrote, read back: what is understood, and what is handed back with its line."""

from __future__ import annotations

import pytest

from crossorigin.stacks.nginx_read import read_back as read


def test_plain_headers() -> None:
    back = read(
        """
        server {
            location /api {
                add_header Access-Control-Allow-Origin "https://app.example.com" always;  # the page
                add_header 'Access-Control-Allow-Credentials' 'true' always;
                add_header Access-Control-Allow-Methods "GET, PUT, DELETE";
                add_header Access-Control-Allow-Headers "Content-Type, X-Token";
                add_header Access-Control-Expose-Headers ETag;
                add_header Access-Control-Max-Age 600;
                add_header X-Other 1;
            }
        }
        """
    )
    assert back.settings == {
        "allow_origins": ["https://app.example.com"],
        "allow_credentials": True,
        "allow_methods": ["PUT", "DELETE"],
        "allow_headers": ["Content-Type", "X-Token"],
        "expose_headers": ["ETag"],
        "max_age": 600,
    }
    assert back.unread == ()
    assert back.problems == ()


def test_a_wildcard_with_credentials_is_a_problem() -> None:
    back = read("add_header Access-Control-Allow-Origin *; add_header Access-Control-Allow-Credentials true;")
    assert back.settings["allow_origins"] == ["*"]
    assert [problem.code for problem in back.problems] == ["P401"]


def test_a_map_of_origins() -> None:
    back = read(
        r"""
        map $http_origin $cors {
            default "";
            https://a.example.com $http_origin;
            "~^https://b\.example\.com$" $http_origin;
            "~^https?://(?:c|d)\.example\.com$" $http_origin;
            "~^https://(?:[a-z0-9_-]+\.)+example\.org$" $http_origin;
        }
        add_header Access-Control-Allow-Origin $cors always;
        """
    )
    assert back.settings["allow_origins"] == [
        "https://a.example.com",
        "https://b.example.com",
        "https://c.example.com",
        "https://d.example.com",
        "http://c.example.com",
        "http://d.example.com",
        "https://*.example.org",
    ]
    assert back.unread == ()


@pytest.mark.parametrize(
    "key",
    [
        r'"~^https://.*\.example\.com$"',  # crosses slashes
        r'"~https://a\.example\.com$"',  # no start
        r'"~^https://a\.example\.com"',  # no end
        r'"~^https://a.example.com$"',  # a bare dot
        r'"~*^https://a\.example\.com$"',  # in any case
        "*.example.com",
    ],
)
def test_an_expression_that_allows_more_than_a_pattern_is_unread(key: str) -> None:
    back = read(
        f"map $http_origin $cors {{\n  {key} $http_origin;\n}}\nadd_header Access-Control-Allow-Origin $cors;\n"
    )
    assert back.settings["allow_origins"] == []
    assert back.unread[0].line == 2


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\nadd_header Access-Control-Allow-Origin $http_origin;", 2),
        ("add_header Access-Control-Allow-Origin $some;", 1),
        ("\n\nadd_header Access-Control-Allow-Methods $upstream_http_x;", 3),
        ("add_header Access-Control-Allow-Credentials false;", 1),
        ("add_header Access-Control-Max-Age 1d;", 1),
        ("add_header Access-Control-Allow-Private-Network true;", 1),
        ("if ($http_origin ~* example.com) { set $cors true; }", 1),
        ("add_header Access-Control-Max-Age 5;\nadd_header Access-Control-Max-Age 6;", 2),
        ("map $a $b { default $b; }\nadd_header Access-Control-Allow-Headers $b;", 2),
    ],
)
def test_what_is_not_understood_is_handed_back(text: str, line: int) -> None:
    assert [unread.line for unread in read(text).unread] == [line]


@pytest.mark.parametrize(
    "text", ["", "}", "{", '"', "a { b { c", "\\", "add_header", "map a { }", "\0", "$", "${", "};};"]
)
def test_anything_can_be_read(text: str) -> None:
    back = read(text)
    assert back.settings == {}
    assert back.problems == ()
