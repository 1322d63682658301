"""What the fixtures `browser` and `page` of crossorigin are to use."""

import os

import pytest

os.environ["DEBUG"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"


@pytest.fixture(scope="session")
def app():

    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


@pytest.fixture
def page_url():
    return "https://app.example.com/dashboard"
