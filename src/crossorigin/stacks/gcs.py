"""Google Cloud Storage: the CORS configuration of a bucket.

Written from the documentation (read in 2026), not run: https://cloud.google.com/storage/docs/cross-origin ,
https://cloud.google.com/storage/docs/gsutil/commands/cors and the API's reference of a bucket's `cors`. What shaped it:

- `responseHeader` is both: the request headers that a preflight may ask for, and the response headers that script may
  read. There is one list for the two.
- `*` is documented for origins and for methods, and not for parts of an origin nor for headers.
- There is nothing about credentials.
- storage.cloud.google.com, the browser download for those who are logged in, allows no CORS at all.
"""

from __future__ import annotations

from typing import Any, Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import gateway, matching
from crossorigin.stacks.service_read import Service, reader
from crossorigin.stacks.signs import by_signs
from crossorigin.stacks.stack import Rendered, Site, Stack

__all__ = ["STACK", "render"]

_TITLE: Final = "Cloud Storage"
_HOW: Final = (
    "gcloud storage buckets update gs://BUCKET --cors-file=cors.json",
    "Call storage.googleapis.com: storage.cloud.google.com allows no cross-origin requests.",
)


def render(policy: Policy, _: Site) -> Rendered:
    """`cors.json`: one entry, or none."""
    origins, unsaid = (["*"], []) if matching.any_origin(policy) else gateway.say_origins(policy, gateway.exactly)
    limits = _limits(policy, origins, unsaid)
    entries = [_entry(policy, origins)] if origins else []
    return gateway.json_files(policy, limits, "cors.json", entries, _HOW)


def _entry(policy: Policy, origins: list[str]) -> dict[str, Any]:
    names = dict.fromkeys(name for name in (*policy.allow_headers, *policy.expose_headers) if name != "*")
    return {
        "origin": origins,
        "method": list(matching.listed_methods(policy)),
        "responseHeader": list(names),
        "maxAgeSeconds": policy.max_age if policy.max_age is not None else gateway.BROWSERS_MAX_AGE,
    }


def _limits(policy: Policy, origins: list[str], unsaid: list[str]) -> list[str]:
    limits = gateway.common_limits(policy, _TITLE)
    why = "it documents exact origins and * alone; name them one by one"
    limits += gateway.left_out("allow_origins", _TITLE, unsaid, why)
    if not origins:
        return [*limits, gateway.allowed_nobody(_TITLE)]
    allowed, exposed = set(policy.allow_headers) - {"*"}, set(policy.expose_headers) - {"*"}
    if allowed != exposed:
        limits.append(
            "allow_headers and expose_headers: Cloud Storage has one list for both, responseHeader; each name in it "
            "may be sent and may be read."
        )
    for field in ("allow_headers", "expose_headers"):
        if "*" in getattr(policy, field):
            limits += gateway.left_out(field, _TITLE, ["*"], "it documents no * there; name the headers")
    if policy.allow_credentials:
        limits.append("allow_credentials: Cloud Storage has no setting for it. Script has to send a token.")
    return [*limits, gateway.undocumented_preflights(_TITLE)]


_SERVICE: Final = Service(
    title=_TITLE,
    origins="origin",
    fields={
        "method": ("access-control-allow-methods",),
        "responseHeader": ("access-control-allow-headers", "access-control-expose-headers"),
        "maxAgeSeconds": ("access-control-max-age",),
    },
    hint="where it is XML: gcloud storage buckets describe prints it as YAML",
    by_method=True,
)

STACK: Final = Stack(
    name="gcs",
    title="Google Cloud Storage",
    language="json",
    render=render,
    read=reader(_SERVICE),
    recognise=by_signs(
        ("x-guploader-uploadid", r"", 0.9),
        ("x-goog-generation", r"", 0.9),
        ("x-goog-storage-class", r"", 0.9),
        ("x-goog-stored-content-length", r"", 0.9),
        ("server", r"UploadServer\b", 0.7),
    ),
)
