"""The CORS part of a configuration of Envoy or Istio, read back: its `CorsPolicy`, wherever it stands, in YAML or JSON.

https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/filters/http/cors/v3/cors.proto and
https://istio.io/latest/docs/reference/config/networking/virtual-service/#CorsPolicy : fields in either spelling of
protobuf's JSON, `allow_methods` and `allowMethods`. A regular expression has to match the whole of an origin. Envoy
sends the origin back, also where `*` is allowed: with credentials that is any page on the web.
"""

from __future__ import annotations

import re
from typing import Any, Final

from crossorigin.policy.migrate import Migration, MigrationError
from crossorigin.stacks.document import Object, load, objects, texts
from crossorigin.stacks.header_policy import FIELDS, migration
from crossorigin.stacks.header_rules import Echo, Place, Said, When, unread
from crossorigin.stacks.matching import escape_regex
from crossorigin.stacks.origin_test import How, OriginTest

__all__ = ["read"]

_HINT: Final = "other languages of Envoy are not read"
_ORIGINS: Final = ("allow_origin_string_match", "allow_origins", "allow_origin")
_HEADERS: Final = {setting: header for header, setting in FIELDS.items() if setting != "allow_origins"}
_SAY_NOTHING: Final = frozenset({"@type", "forward_not_matching_preflights", "unmatched_preflights"})
_DURATION: Final = re.compile(r"(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,9})(?:\.[0-9]{1,9})?s?)?")


def read(text: str) -> Migration:
    """The policies of each host or route that has one; what is not understood is a finding.

    Raises MigrationError where there is none.
    """
    found = [(each, name) for each, name in objects(load(text, _HINT)) if _origin_key(each)]
    if not found:
        raise MigrationError("there is no CorsPolicy in it, as Envoy's CORS filter and Istio have")
    return migration(_place(each, name) for each, name in found)


def _origin_key(value: Object) -> str:
    """The key under which a mapping has origins; empty for what is no policy."""
    return next((key for key, each in value.items() if _snake(key) in _ORIGINS and isinstance(each, list)), "")


def _snake(key: str) -> str:
    return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", key).lower()


def _place(policy: Object, name: str) -> Place:
    key = _origin_key(policy)
    place = Place(name, policy.lines[key], is_policy=True)
    credentials = any(_snake(each) == "allow_credentials" and value is True for each, value in policy.items())
    for match in policy[key]:
        _origin(place, key, match, credentials=credentials)
    for each, value in policy.items():
        field = _snake(each)
        if field in _HEADERS:
            _field(place, policy.lines[each], each, value)
        elif each != key and field not in _SAY_NOTHING:
            place.findings.append(unread(policy.lines[each], each))
    return place


def _origin(place: Place, key: str, match: Any, *, credentials: bool) -> None:
    """One StringMatcher, or a text, as it was before there was one."""
    kinds = {"exact": match} if isinstance(match, str) else dict(match) if isinstance(match, dict) else {}
    any_case = kinds.pop("ignore_case", kinds.pop("ignoreCase", False)) is True
    line = min(match.lines.values(), default=place.line) if isinstance(match, Object) else place.line
    kind, value = next(iter(kinds.items())) if len(kinds) == 1 else ("", None)
    if _snake(kind) == "safe_regex" and isinstance(value, dict):
        kind, value = "regex", value.get("regex")
    test = _test(kind, value, line, any_case=any_case) if isinstance(value, str) else None
    if test is None:
        place.findings.append(unread(line, f"{key}: {match}"))
    elif (kind, value) == ("exact", "*"):
        echo = Echo.ORIGIN if credentials else "*"
        place.say(Said("access-control-allow-origin", echo, line, f"{key}: *"))
    else:
        text = f"{key}: {kind} {value}"
        place.say(Said("access-control-allow-origin", Echo.ORIGIN, line, text, When(only=(test,))))


def _test(kind: str, value: str, line: int, *, any_case: bool) -> OriginTest | None:
    expressions = {"prefix": f"^{escape_regex(value)}", "suffix": f"{escape_regex(value)}$"}
    if kind == "exact":
        return OriginTest(value, line, any_case=any_case)
    if kind == "regex":
        return OriginTest(value, line, How.MATCH, any_case)
    expression = escape_regex(value) if kind == "contains" else expressions.get(kind)
    return None if expression is None else OriginTest(expression, line, How.SEARCH, any_case)


def _field(place: Place, line: int, key: str, value: Any) -> None:
    header = _HEADERS[_snake(key)]
    said: str | None = None
    if header.endswith("credentials"):
        said = {True: "true", False: ""}.get(value) if isinstance(value, bool) else None
    elif header.endswith("max-age"):
        said = _seconds(str(value)) if isinstance(value, (int, str)) and not isinstance(value, bool) else None
    elif (names := texts(value)) is not None:
        said = ",".join(names)
    if said is None:
        place.findings.append(unread(line, f"{key}: {value}"))
    elif said:
        place.say(Said(header, said, line, f"{key}: {value}"))


def _seconds(text: str) -> str | None:
    """Digits, or a duration such as Istio's `24h`."""
    found = _DURATION.fullmatch(text)
    if found is None or not text:
        return None
    return str(3600 * int(found[1] or 0) + 60 * int(found[2] or 0) + int(found[3] or 0))
