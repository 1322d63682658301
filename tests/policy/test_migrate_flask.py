"""From flask-cors: what it took for regular expressions, its wide defaults, a policy for each resource."""

from __future__ import annotations

import re
import tomllib

from crossorigin.policy import Policy
from crossorigin.policy.load import policies_from_dict
from crossorigin.policy.migrate import migrate_settings, migrate_source

from .moved import allowed, policy_of


def test_flask_patterns_that_were_regular_expressions() -> None:
    migration = migrate_settings({"origins": ["https://*.a.com"], "supports_credentials": True}, "flask")
    assert migration.policies["policy"]["allow_origins"] == ["https://*.a.com"]
    assert "(F1)" in migration.findings[0].sentence
    assert "https://x.a.com, which was meant, it did not even match" in migration.findings[0].sentence
    for origin in allowed(migration):
        assert re.match("https://*.a.com", origin, re.IGNORECASE)


def test_flask_defaults_and_resources() -> None:
    assert policy_of(migrate_source("CORS(app)", "flask")) == Policy(
        allow_origins=["*"], allow_methods=["DELETE", "OPTIONS", "PATCH", "PUT"], allow_headers=["*", "authorization"]
    )
    source = (
        "CORS(app, supports_credentials=False, "
        'resources={r"/api/*": {"origins": "https://a.com", "methods": "GET, PUT"},'
        ' "/x": {"origins": re.compile(r"https://.*\\.b\\.com$"), "max_age": 0, "allow_headers": ["X-A", "x-.*"]}})'
    )
    migration = migrate_source(source, "flask")
    assert migration.policies["api"] == {
        "allow_origins": ["https://a.com"],
        "allow_methods": ["PUT"],
        "allow_headers": ["*", "authorization"],
    }
    assert migration.policies["x"]["allow_origins"] == ["https://*.b.com"]
    assert migration.policies["x"]["allow_headers"] == ["x-a"]
    assert list(policies_from_dict(tomllib.loads(migration.to_toml()))) == ["api", "x"]
    credentials = migrate_source("CORS(app, supports_credentials=True, origins='a,b')\n", "flask")
    assert "with commas was one origin" in str(credentials.findings[0])
    reflected = migrate_source("@cross_origin(supports_credentials=True)\ndef f(): ...\n", "flask")
    assert "(F2)" in str(reflected.findings[0])


def test_origins_of_every_kind() -> None:
    source = (
        'CORS(app, origins=["https://a.com", "null", front(), "https://b.com/"], methods=["get", "put"], max_age=60)'
    )
    migration = migrate_source(source, "flask")
    policy = policy_of(migration)
    assert policy.allow_origins == ("https://a.com", "https://b.com")
    assert policy.allow_methods == ("PUT",)
    assert policy.max_age == 60
    assert [finding.sentence.split(":")[0] for finding in migration.findings] == [
        "`null` is left out",
        "`front()` is only known when the program runs, and is left out.",
        '"https',
    ]
    routes = migrate_source('CORS(app, resources=r"/api/.*", origins="https://a.com")', "flask")
    assert "put it on those that" in str(routes.findings[0])
