"""Caddyfiles as people write them, read back."""

from __future__ import annotations

import pytest
from tests.stacks.reading import ReadContract, only, read, said


class TestReading(ReadContract):
    name = "caddy"


SNIPPET = """
(cors) {
    @cors_preflight method OPTIONS
    @cors header Origin {args[0]}

    handle @cors_preflight {
        header Access-Control-Allow-Origin "{args[0]}"
        header Access-Control-Allow-Methods "GET, POST, PUT, PATCH, DELETE"
        header Access-Control-Allow-Headers "Content-Type"
        header Access-Control-Max-Age "3600"
        respond "" 204
    }

    handle @cors {
        header Access-Control-Allow-Origin "{args[0]}"
        header Access-Control-Expose-Headers "Link"
    }
}
example.com {
    import cors https://app.example.com
    reverse_proxy localhost:8080
}
"""

READ: dict[str, tuple[str, dict[str, object], list[str]]] = {
    "everybody": ("example.com\n\nheader Access-Control-Allow-Origin *\nfile_server", {"allow_origins": ["*"]}, []),
    "the snippet that is copied most": (
        SNIPPET,
        {
            "allow_origins": ["https://app.example.com"],
            "allow_methods": ["PUT", "PATCH", "DELETE"],
            "allow_headers": ["content-type"],
            "expose_headers": ["link"],
            "max_age": 3600,
        },
        [],
    ),
    "a block": (
        """
        example.com {
            header {
                Access-Control-Allow-Origin https://app.example.com
                Access-Control-Allow-Credentials true
                Access-Control-Allow-Headers *
                -Server
                defer
            }
        }
        """,
        {"allow_origins": ["https://app.example.com"], "allow_credentials": True},
        ["With credentials `*` is a name"],
    ),
    "everybody, with credentials": (
        """
        :443 {
            header Access-Control-Allow-Origin {header.Origin}
            header Access-Control-Allow-Credentials true
        }
        """,
        {"allow_origins": [], "allow_credentials": True},
        ["Every origin is reflected, with credentials", "P101"],
    ),
    "several origins": (
        r"""
        :443 {
            @origin {
                header Origin https://a.example.com
                header Origin *.example.org
                header_regexp Origin ^https://(b|c)\.example\.com$
            }
            header @origin Access-Control-Allow-Origin {http.request.header.Origin}
            header @origin Vary Origin
        }
        """,
        {
            "allow_origins": [
                "https://a.example.com",
                "https://*.example.org",
                "https://b.example.com",
                "https://c.example.com",
            ]
        },
        [r'"\\.example\\.org$" is taken for https://*.example.org'],
    ),
    "from the backend": (
        "a {\n reverse_proxy b {\n header_down Access-Control-Allow-Origin *\n header_down -Server\n }\n}",
        {"allow_origins": ["*"]},
        [],
    ),
    "what is not understood": (
        """
        a {
            @later expression {query.a} == "b"
            @get method GET
            header Access-Control-Allow-Origin https://a.example.com
            header @later Access-Control-Allow-Credentials true
            header @get Access-Control-Max-Age 5
            header Access-Control-Allow-Methods {$METHODS}
            header Access-Control-Allow-Headers X-A X-B
            handle_errors {
                header Access-Control-Expose-Headers ETag
            }
            import cors.conf
        }
        """,
        {"allow_origins": ["https://a.example.com"]},
        [
            "header @later Access-Control-Allow-Credentials true: not read",
            "header @get",
            "{$METHODS}",
            "X-A X-B",
            "handle_errors",
            "give its text as well",
        ],
    ),
}


@pytest.mark.parametrize("title", READ)
def test_read(title: str) -> None:
    text, settings, findings = READ[title]
    migration = read("caddy", text)
    assert only(migration) == settings
    assert len(said(migration)) == len(findings)
    for wanted, each in zip(findings, said(migration), strict=True):
        assert wanted in each


def test_paths_are_policies_of_their_own() -> None:
    moved = read(
        "caddy",
        """
        api.example.com {
            header Access-Control-Allow-Credentials true
            header Access-Control-Allow-Origin https://a.example.com
            handle /public/* {
                header Access-Control-Allow-Origin *
            }
        }
        """,
    )
    assert moved.policies["api-example-com"] == {"allow_origins": ["https://a.example.com"], "allow_credentials": True}
    assert moved.policies["public"] == {"allow_origins": ["*"]}


def test_a_caddyfile_as_json_is_not_read() -> None:
    with pytest.raises(ValueError, match="there is no Access-Control-Allow-Origin in it"):
        read("caddy", '{"apps": {"http": {}}}')
