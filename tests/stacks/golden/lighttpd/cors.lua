-- CORS, rendered by crossorigin from this policy:
--   allow_origins = ["chrome-extension://abcdefghijklmnop", "http://localhost:*", "https://*.example.org", "https://app.example.com"]
--   allow_methods = ["DELETE", "PATCH", "PUT"]
--   allow_headers = ["authorization", "content-type", "x-csrf-token"]
--   allow_credentials = true
--   expose_headers = ["etag", "link"]
--   max_age = 600
--
-- Needs mod_magnet, on Debian the package lighttpd-modules-lua.

local any_origin = false
local exact = {["chrome-extension://abcdefghijklmnop"] = true, ["https://app.example.com"] = true}
local patterns = {
    {scheme = "http://", host = "localhost", below = false, port = "*", default = "80"},
    {scheme = "https://", host = "example.org", below = true},
}
local methods = {["GET"] = true, ["HEAD"] = true, ["POST"] = true, ["DELETE"] = true, ["PATCH"] = true, ["PUT"] = true}
local headers = {["authorization"] = true, ["content-type"] = true, ["x-csrf-token"] = true}
local every_header = "authorization,content-type,x-csrf-token"
local expose_headers = "etag,link"
local credentials = true
local max_age = "600"
local preflight_status = 204
local actual_vary = "Origin"
local preflight_vary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"

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
