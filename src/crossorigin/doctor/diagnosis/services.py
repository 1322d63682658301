"""Services whose own rules decide about CORS, by the signs of their answers: storage buckets and API gateways."""

from __future__ import annotations

import re
from typing import Final, Literal

from crossorigin.doctor.diagnosis.answers import allow_origins, field, speaks_cors, text_of
from crossorigin.fetch.wire import HTTPResponse
from crossorigin.web.statuses import is_ok_status

__all__ = ["BUCKET_SAYS", "GATEWAY_SAYS", "Service", "service_of", "sign_of"]

Service = Literal["bucket", "gateway"]

BUCKET_SAYS: Final = re.compile(
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors-troubleshooting.html
    r"CORSResponse: [^<]{1,160}|"
    # https://learn.microsoft.com/rest/api/storageservices/cross-origin-resource-sharing--cors--support-for-the-azure-storage-services
    r"CORS not enabled or no matching rule found for this request",
)
_BUCKET_FIELDS: Final = (b"x-amz-request-id", b"x-amz-id-2", b"x-ms-request-id", b"x-guploader-uploadid")
GATEWAY_SAYS: Final = "Missing Authentication Token"
_GATEWAY_FIELDS: Final = (b"x-amzn-errortype", b"x-amz-apigw-id", b"x-amzn-requestid", b"apigw-requestid")
_BUCKET_SERVERS: Final = ("AmazonS3", "UploadServer", "Windows-Azure-Blob", "Blob Service Version")
"""How the Server header of S3, Google Cloud Storage and Azure's storage begins."""


def service_of(answer: HTTPResponse) -> Service | None:
    """Which service refused a call, or passed it over in silence, by rules of its own; None where none did."""
    if allow_origins(answer):
        return None  # its rules have spoken, and what they say is judged as any other policy
    text = text_of(answer)
    if BUCKET_SAYS.search(text):
        return "bucket"
    if GATEWAY_SAYS in text or sign_of(answer, "gateway"):
        return "gateway" if answer.status in {400, 403, 404} else None
    # A bucket without rules answers a GET as if there were no Origin, and some a preflight too.
    silent = answer.status == 403 or (is_ok_status(answer.status) and not speaks_cors(answer))
    return "bucket" if silent and sign_of(answer, "bucket") else None


def sign_of(answer: HTTPResponse, service: Service) -> str | None:
    """The header by which a service shows, as evidence."""
    for name in _BUCKET_FIELDS if service == "bucket" else _GATEWAY_FIELDS:
        value = answer.headers.get(name)
        if value is not None:
            return f"it has {field(name.decode(), value)}"
    server = answer.headers.get(b"Server") or b""
    if service == "bucket" and server.decode("latin-1").startswith(_BUCKET_SERVERS):
        return f"it has {field('Server', server)}"
    return None
