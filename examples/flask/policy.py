"""Who may call the API from a page, and how."""

import os

from crossorigin.policy import Policy

POLICY = Policy(
    allow_origins=["https://app.example.com"],
    allow_methods=["PUT"],
    allow_headers=["content-type", "x-request-id"],
    allow_credentials=True,
    expose_headers=["etag"],
    max_age=600,
    # While developing and testing, a preflight that is denied says why.
    debug=os.environ.get("DEBUG") == "1",
)
