"""Who refused a call without CORS having a part in it, by the words of the refusal: a firewall, CSRF, a login."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from crossorigin.doctor.diagnosis.answers import field, text_of
from crossorigin.fetch.wire import HTTPResponse

__all__ = ["Refuser", "refuser_of"]

_FIREWALL: Final = re.compile(
    r"attention required! \| cloudflare|cf-error-details|request blocked|blocked by (?:the )?(?:firewall|waf|security)|"
    r"web application firewall|mod_security|incapsula|sucuri|the requested url was rejected|reference #[0-9a-f.]{8,}",
    re.IGNORECASE,
)
_CSRF: Final = re.compile(
    r"""(?<!name=["'])\b[cx]srf|cross[- ]site request forgery|"""
    # SvelteKit and Astro: https://github.com/sveltejs/kit/issues/6589
    r"cross[- ]site (?:[a-z]+ )?form submissions are forbidden",
    re.IGNORECASE,
)
"""Not the name of a form's hidden field or of a `meta`: pages hold a token that refuse nothing for it."""
_AUTHENTICATION: Final = re.compile(
    r"unauthori[sz]ed|not authenticated|authentication (?:required|credentials)|credentials were not provided|"
    r"(?:invalid|missing|no|expired)[\w ]{0,20} (?:token|api key|credentials)|\bjwt\b|\bbearer\b|log ?in required|"
    r"permission denied|must be logged in|"
    # nginx, for a client without a certificate of its own
    r"no required ssl certificate was sent",
    re.IGNORECASE,
)
_MITIGATED: Final = b"cf-mitigated"
"""https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/"""


@dataclass(frozen=True, slots=True)
class Refuser:
    """Who it was, how sure that is, and the words or the header that say so."""

    kind: Literal["firewall", "csrf", "authentication"]
    confidence: float
    evidence: str


def refuser_of(answer: HTTPResponse) -> Refuser | None:
    """Who refused, where the answer tells; None where it does not, or refuses nothing."""
    if answer.status < 400:
        return None
    mitigated = answer.headers.get(_MITIGATED)
    if mitigated is not None:
        return Refuser("firewall", 0.96, f"it is a challenge of Cloudflare's: {field(_MITIGATED.decode(), mitigated)}")
    text = text_of(answer)
    if found := _FIREWALL.search(text):
        return Refuser("firewall", 0.92, f'its body is that of a firewall\'s page: "{found[0]}"')
    if found := _CSRF.search(text):
        return Refuser("csrf", 0.92, f'its body is that of a check against CSRF: "{found[0]}"')
    if found := _AUTHENTICATION.search(text):
        return Refuser("authentication", 0.9, f'its body speaks of authentication: "{found[0]}"')
    return None
