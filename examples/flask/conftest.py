"""What the fixtures `browser` and `page` of crossorigin are to use."""

import os

import pytest

os.environ["DEBUG"] = "1"


@pytest.fixture
def app():
    from app import app

    return app


@pytest.fixture
def page_url():
    return "https://app.example.com/dashboard"
