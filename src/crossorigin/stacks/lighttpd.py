"""lighttpd: a script for mod_magnet, because lighttpd's own directives cannot repeat the origin of a request.

`setenv.add-response-header` knows fixed values only, and conditions give no status. mod_magnet runs the script twice:
when a request comes, where it answers preflights, and when the answer starts, where it has the last word on headers,
those of lighttpd's own errors too (https://wiki.lighttpd.net/mod_magnet).
"""

from __future__ import annotations

import json
from typing import Final

from crossorigin.policy.patterns import ANY_PORT, parse_pattern
from crossorigin.policy.policy import Policy
from crossorigin.stacks import matching
from crossorigin.stacks.lighttpd_read import read
from crossorigin.stacks.signs import by_server
from crossorigin.stacks.stack import File, Line, Part, Rendered, Site, Stack

__all__ = ["STACK", "render"]

_SCRIPT: Final = "/etc/lighttpd/cors.lua"
_PACKAGE: Final = "lighttpd-modules-lua"

_LUA: Final = r"""
local r = lighty.r
local ask = r.req_header
local origin = ask["Origin"]
local asked_method = ask["Access-Control-Request-Method"]
local asked_headers = ask["Access-Control-Request-Headers"]

-- The host of a subdomain pattern: one or more labels before a fixed end. No expression, only text.
local function is_below(host, ending)
    local labels = host:sub(1, -#ending - 1)
    return #labels > 0 and host:sub(-#ending) == ending
        and labels:find("[^a-z0-9_.-]") == nil and not ("." .. labels .. "."):find("..", 1, true)
end

local function is_port(text, default)
    local number = text:match("^[1-9][0-9]*$") or text:match("^0$")
    return number ~= nil and #number <= 5 and tonumber(number) <= 65535 and number ~= default
end

local function is_allowed(text)
    if any_origin or exact[text] then return true end
    for _, pattern in ipairs(patterns) do
        if text:sub(1, #pattern.scheme) == pattern.scheme then
            local host = text:sub(#pattern.scheme + 1)
            if pattern.port == "*" then
                local bare, port = host:match("^(.*):([0-9]+)$")
                if bare and is_port(port, pattern.default) then host = bare end
            elseif pattern.port then
                local tail = ":" .. pattern.port
                host = host:sub(-#tail) == tail and host:sub(1, -#tail - 1) or ""
            end
            if pattern.below and is_below(host, "." .. pattern.host) or not pattern.below and host == pattern.host then
                return true
            end
        end
    end
    return false
end

local function are_allowed(names)
    if headers["*"] then return true end
    for name in names:gmatch("[^,]+") do
        name = name:gsub("^[ \t]+", ""):gsub("[ \t]+$", ""):lower()
        if name ~= "" and not headers[name] then return false end
    end
    return true
end

-- A preflight is OPTIONS with Origin and Access-Control-Request-Method; any other OPTIONS is the backend's.
local is_preflight = r.req_attr["request.method"] == "OPTIONS" and (origin or "") ~= "" and (asked_method or "") ~= ""
local granted = any_origin or (origin ~= nil and is_allowed(origin))
if is_preflight then
    granted = granted and (methods["*"] or methods[asked_method]) and are_allowed(asked_headers or "")
end

-- Lua's state is kept from request to request: the second of the two calls is told by the status that is there.
if (r.req_item["http_status"] or 0) == 0 then
    if not is_preflight then return 0 end
    return granted and preflight_status or 403
end

-- The backend's own CORS headers go: two of a kind are refused by browsers.
local say = r.resp_header
for _, name in ipairs({"Origin", "Credentials", "Methods", "Headers"}) do
    say["Access-Control-Allow-" .. name] = nil
end
say["Access-Control-Expose-Headers"] = nil
say["Access-Control-Max-Age"] = nil

-- The answer depends on Origin even where there is none: a cache has to know.
local vary = is_preflight and preflight_vary or actual_vary
if vary ~= "" then
    local before = say["Vary"]
    say["Vary"] = before and before ~= "" and (before .. ", " .. vary) or vary
end

if granted then
    say["Access-Control-Allow-Origin"] = any_origin and "*" or origin
    if credentials then say["Access-Control-Allow-Credentials"] = "true" end
    if is_preflight then
        say["Access-Control-Allow-Methods"] = methods["*"] and "*" or asked_method
        if headers["*"] then
            say["Access-Control-Allow-Headers"] = every_header
        elseif (asked_headers or "") ~= "" then
            say["Access-Control-Allow-Headers"] = asked_headers
        end
        if max_age then say["Access-Control-Max-Age"] = max_age end
    elseif expose_headers ~= "" then
        say["Access-Control-Expose-Headers"] = expose_headers
    end
end
return 0
"""


def render(policy: Policy, site: Site) -> Rendered:
    """`lighttpd.conf`, the part for a backend, and `cors.lua`, which has the policy."""
    limits = matching.common_limits(policy, "lighttpd")
    head = [*matching.describe(policy, limits), "", f"Needs mod_magnet, on Debian the package {_PACKAGE}."]
    conf: list[Line] = [
        *(f"# {line}".rstrip() for line in head),
        "",
        f"server.port = {site.port}",
        ("server.modules += ( ", Part("at the front of your server.modules", '"mod_magnet",'), ' "mod_proxy" )'),
        "",
        Part.of(
            "at the end of your configuration, outside any condition",
            [
                "# The script answers preflights first, and has the last word on headers.",
                f'magnet.attract-raw-url-to = ( "{_SCRIPT}" )',
                f'magnet.attract-response-start-to = ( "{_SCRIPT}" )',
            ],
        ),
        "",
        "# For files: server.document-root in place of this.",
        f'proxy.server = ( "" => ( ( "host" => "{site.host.strip("[]")}", "port" => {site.upstream_port} ) ) )',
    ]
    lua = [*(f"-- {line}".rstrip() for line in head), "", *_values(policy), *_LUA.splitlines()]
    files = (File.of("lighttpd.conf", "lighttpd", conf), File.of("cors.lua", "lua", lua))
    return Rendered(files, tuple(limits), f"apt install {_PACKAGE}")


def _quote(text: str) -> str:
    """A string of Lua; JSON's has the same escapes for what a policy can hold."""
    return json.dumps(text)


def _set(names: tuple[str, ...] | list[str]) -> str:
    return "{" + ", ".join(f"[{_quote(name)}] = true" for name in names) + "}"


def _values(policy: Policy) -> list[str]:
    exact, wild = ([], []) if matching.any_origin(policy) else matching.exact_origins(policy)
    lines = [
        f"local any_origin = {str(matching.any_origin(policy)).lower()}",
        f"local exact = {_set(exact)}",
        "local patterns = {",
    ]
    for text, _ in wild:
        pattern = parse_pattern(text)
        port = "" if pattern.port is None else f", port = {_quote(str(pattern.port))}"
        default = matching.default_port(pattern.scheme)
        if pattern.port == ANY_PORT and default is not None:
            port += f", default = {_quote(default)}"
        scheme, host = _quote(f"{pattern.scheme}://"), _quote(pattern.host)
        lines.append(f"    {{scheme = {scheme}, host = {host}, below = {str(pattern.any_subdomain).lower()}{port}}},")
    methods = policy.allow_methods if "*" in policy.allow_methods else matching.granted_methods(policy)
    age = "nil" if policy.max_age is None else _quote(str(policy.max_age))
    return [
        *lines,
        "}",
        f"local methods = {_set(methods)}",
        f"local headers = {_set(policy.allow_headers)}",
        f"local every_header = {_quote(','.join(policy.allow_headers))}",
        f"local expose_headers = {_quote(','.join(policy.expose_headers))}",
        f"local credentials = {str(policy.allow_credentials).lower()}",
        f"local max_age = {age}",
        f"local preflight_status = {policy.preflight_status}",
        f"local actual_vary = {_quote('' if matching.any_origin(policy) else 'Origin')}",
        f"local preflight_vary = {_quote(matching.preflight_vary(policy))}",
    ]


STACK: Final = Stack(
    name="lighttpd",
    title="lighttpd",
    language="lighttpd",
    verified="1.4.69",
    render=render,
    read=read,
    recognise=by_server("lighttpd", r"lighttpd\b"),
)
