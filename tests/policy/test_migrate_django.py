"""From django-cors-headers: each origin that is named was tried with `re.match`, as it does."""

from __future__ import annotations

import re

from crossorigin.policy import Policy
from crossorigin.policy.migrate import migrate_settings, migrate_source

from .moved import allowed, policy_of

DJANGO = r"""
from corsheaders.defaults import default_headers
CORS_ALLOWED_ORIGINS = ["https://a.com", "https://*.c.com"]
CORS_ALLOWED_ORIGIN_REGEXES = [r"https://.*\.a\.com", r"^https://\w+\.b\.com$"]
CORS_ALLOW_CREDENTIALS = True
CORS_ALLOW_HEADERS = (*default_headers, "X-Foo")
CORS_ALLOW_HEADER = ["x"]
CORS_URLS_REGEX = r"^/api/"
"""


def test_django() -> None:
    migration = migrate_source(DJANGO, "django")
    assert policy_of(migration) == Policy(
        allow_origins=["https://a.com", "https://*.c.com", "https://*.a.com", "https://*.b.com"],
        allow_methods=["DELETE", "OPTIONS", "PATCH", "PUT"],
        allow_headers=["authorization", "content-type", "x-csrftoken", "x-foo", "x-requested-with"],
        allow_credentials=True,
        max_age=86400,
    )
    sentences = " ".join(map(str, migration.findings))
    assert "nothing held its end (D2)" in sentences
    assert "line 7, CORS_ALLOW_HEADER: django-cors-headers has no such setting" in sentences
    assert "CORS_URLS_REGEX" in sentences
    assert allowed(migration)
    for origin in allowed(migration):
        assert re.match(r"https://.*\.a\.com", origin)
        assert not policy_of(migration).compiled.allows(origin.encode())
    assert "https://x.a.com.evil.example" in allowed(migration)


def test_django_all_with_credentials_and_old_names() -> None:
    migration = migrate_settings({"CORS_ORIGIN_ALLOW_ALL": True, "CORS_ALLOW_CREDENTIALS": True}, "django")
    assert allowed(migration) == ["https://evil.example", "null"]
    assert "(D1)" in migration.findings[0].sentence
    whole = migrate_settings(
        {"CORS_ORIGIN_WHITELIST": ["https://a.com", "null"], "CORS_PREFLIGHT_MAX_AGE": 0}, "django"
    )
    assert whole.policies["policy"]["allow_origins"] == ["https://a.com"]
    assert "max_age" not in whole.policies["policy"]
    assert migrate_settings({"CORS_ALLOW_ALL_ORIGINS": True}, "django").policies["policy"]["allow_origins"] == ["*"]


def test_expressions_that_say_nothing_plain() -> None:
    settings = {"CORS_ALLOWED_ORIGIN_REGEXES": ["(", ".*"], "CORS_ALLOWED_ORIGINS": ["https://a.com"]}
    migration = migrate_settings(settings, "django")
    assert "is no regular expression" in migration.findings[0].sentence
    assert "is not plain" in migration.findings[1].sentence
    assert migration.policies["policy"]["allow_origins"] == ["https://a.com"]
