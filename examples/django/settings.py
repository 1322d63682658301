"""A small API with Django, for a front end at https://app.example.com that logs in by a cookie."""

import os

DEBUG = os.environ.get("DEBUG") == "1"
SECRET_KEY = "of an example"
ALLOWED_HOSTS = ["api.example.com"]
ROOT_URLCONF = "urls"
STATIC_URL = "static/"
USE_TZ = True

INSTALLED_APPS = ["crossorigin.middleware.django.CORSConfig"]
MIDDLEWARE = [
    "crossorigin.middleware.django.CORSMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
]

CROSSORIGIN = {
    "allow_origins": ["https://app.example.com"],
    "allow_methods": ["PUT"],
    "allow_headers": ["content-type", "x-request-id"],
    "allow_credentials": True,
    "expose_headers": ["etag"],
    "max_age": 600,
    # While developing and testing, a preflight that is denied says why.
    "debug": DEBUG,
}
