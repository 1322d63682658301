"""`docs/django.md`: its code runs and does what the page says. `test_real_servers.py` has it on servers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler  # type: ignore[import-untyped]
from django.test.utils import override_settings  # type: ignore[import-untyped]
from django.urls import path as django_path  # type: ignore[import-untyped]
from tests.middleware import django_site
from tests.middleware.environ_client import APP, EVIL, call, preflight
from tests.middleware.real_server import code_blocks

from crossorigin.middleware.django import check_settings

SETTINGS, VIEWS, CSRF, TENANTS = code_blocks("django.md")
PARTNER = "https://partner.example.org"
WAREHOUSE = "https://warehouse.example.org"


def run(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "page"}
    exec(code, names)
    return names


@pytest.fixture
def settings() -> Iterator[dict[str, Any]]:
    names = run(f"{SETTINGS}\n{CSRF}")
    given = {name: names[name] for name in ("CROSSORIGIN", "MIDDLEWARE", "CSRF_TRUSTED_ORIGINS")}
    with override_settings(**given, ROOT_URLCONF=django_site.__name__):
        yield given


def test_the_settings(settings: dict[str, Any]) -> None:
    assert check_settings(None) == []
    assert settings["CSRF_TRUSTED_ORIGINS"] == ["https://*.preview.example.com", APP]
    app = WSGIHandler()
    reply = call(app, "OPTIONS", "/", preflight(APP, "PUT", "content-type,x-csrftoken"))
    assert (reply.status, reply.origin) == (204, APP)
    assert call(app, "GET", "/absent", [("Origin", "https://7.preview.example.com")]).status == 404


def test_the_problem_that_the_page_shows(settings: dict[str, Any]) -> None:
    with override_settings(CROSSORIGIN={"allow_origins": [f"{APP}/"]}):
        text = str(check_settings(None)[0])
    page = (Path(__file__).parents[2] / "docs" / "django.md").read_text(encoding="utf-8")
    shown = page.split("```text\n")[1].split("```")[0]
    first, _, hint = shown.partition("\n")
    assert text.startswith(first)
    assert text.endswith(hint.rstrip("\n"))


def test_policies_of_views(settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    views = run(VIEWS)
    urls = ModuleType("page_urls")
    urls.urlpatterns = [django_path("stock", views["stock"]), django_path("orders", views["Orders"].as_view())]  # type: ignore[attr-defined]
    with override_settings(ROOT_URLCONF=urls):
        app = WSGIHandler()
        for path in ("/stock", "/orders"):
            assert call(app, "GET", path, [("Origin", PARTNER)]).origin == PARTNER
            assert call(app, "GET", path, [("Origin", APP)]).origin is None
        assert call(app, "OPTIONS", "/orders", preflight(WAREHOUSE, "PUT")).origin == WAREHOUSE
        assert call(app, "OPTIONS", "/orders", preflight(PARTNER, "PUT")).status == 403
        assert call(app, "OPTIONS", "/orders", preflight(PARTNER, "GET")).origin == PARTNER


def test_a_database_of_tenants(settings: dict[str, Any]) -> None:
    is_tenant = run(TENANTS)["is_tenant"]
    from django.db import connection  # type: ignore[import-untyped]

    def asked(origin: str) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("create table tenant (origin text)")
            cursor.execute("insert into tenant values (%s)", [PARTNER])
        try:
            return bool(is_tenant(origin))
        finally:
            connection.close()

    with override_settings(CROSSORIGIN_ORIGIN_LOOKUP=asked):
        app = WSGIHandler()
        assert call(app, "GET", "/", [("Origin", PARTNER)]).origin == PARTNER
        assert call(app, "GET", "/", [("Origin", EVIL)]).origin is None
