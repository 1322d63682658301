r"""ASP.NET Core: `AddCors` and `UseCors` in Program.cs.

Read in the documentation for .NET 10, and in the sources of the middleware:
https://learn.microsoft.com/aspnet/core/security/cors
https://github.com/dotnet/aspnetcore/blob/main/src/Middleware/CORS/src/Infrastructure/CorsService.cs
https://github.com/dotnet/aspnetcore/blob/main/src/Middleware/CORS/src/Infrastructure/CorsPolicyBuilder.cs

Its habits shape the file. `WithOrigins` compares texts as a whole; its wildcard is one for subdomains only, so that
patterns are a function's matter, with `\A` and `\z`, for `$` lets a line break through. `Vary` is sent to allowed
origins only, and to one alone never: a small middleware adds it. CORS headers are set when an answer starts, which for
an exception that nobody handles is too late: so there is a handler. And whoever is asked for a login before `UseCors`
has lost, for a preflight has none: it stands before `UseAuthentication`, and behind `UseRouting`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from crossorigin.policy.policy import Policy
from crossorigin.stacks import matching
from crossorigin.stacks.signs import by_signs
from crossorigin.stacks.stack import File, Part, Rendered, Site, Stack

__all__ = ["STACK", "render"]

_REGEX: Final = "using System.Text.RegularExpressions;"
_HANDLER: Final = """if (!app.Environment.IsDevelopment())
{
    // Where nobody handles an exception, its answer has none of the CORS headers.
    app.UseExceptionHandler();
}"""
_VARY: Final = """// A cache has to know, of answers without CORS headers too.
app.Use((context, next) =>
{
    context.Response.OnStarting(() =>
    {
        var headers = context.Response.Headers;
        if (!headers.GetCommaSeparatedValues("Vary").Contains("Origin", StringComparer.OrdinalIgnoreCase))
        {
            headers.Append("Vary", "Origin");
        }
        return Task.CompletedTask;
    });
    return next(context);
});"""
_USE: Final = """// Before authentication, which a preflight cannot pass.
app.UseCors();"""
_PAGE: Final = (
    rb'\A\{"type":"https://tools\.ietf\.org/html/rfc[0-9]+#section-[0-9.]+","title":"[^"]*","status":[0-9]+,'
    rb'"traceId":"00-[0-9a-f]+'
)
"""https://github.com/dotnet/aspnetcore/blob/main/src/Shared/ProblemDetails/ProblemDetailsDefaults.cs"""


def render(policy: Policy, site: Site) -> Rendered:
    """`Program.cs`: an application with CORS before authentication."""
    limits = matching.library_limits(policy, "ASP.NET Core", 204)
    decides = _decides(policy)
    services = "\n".join([*_services(policy, decides=decides), "builder.Services.AddProblemDetails();"])
    middleware = "\n\n".join(
        [_HANDLER, *([] if matching.any_origin(policy) else [_VARY]), f"app.UseRouting();\n{_USE}"]
    )
    origins = "\n".join(_origins(policy))
    lines = [
        *(f"// {line}" for line in matching.describe(policy, limits)),
        "//",
        "// dotnet new web; dotnet run (.NET 8 or newer)",
        "",
        *([_REGEX, ""] if decides else []),
        "var builder = WebApplication.CreateBuilder(args);",
        "",
        services,
        "",
        "var app = builder.Build();",
        "",
        middleware,
        "",
        "// Authentication, authorization and your routes, from here on.",
        "",
        f'app.Run("http://localhost:{site.port}");',
        *(["", origins] if decides else []),
        "",
    ]
    parts = (
        *([Part("first of all in Program.cs", _REGEX)] if decides else []),
        Part("in Program.cs before builder.Build()", services),
        Part("before UseAuthentication, UseAuthorization and your routes, in place of UseRouting", middleware),
        *([Part("at the end of Program.cs", origins)] if decides else []),
    )
    return Rendered((File("Program.cs", "csharp", "\n".join(lines), parts),), tuple(limits))


def _decides(policy: Policy) -> bool:
    """Whether a function has to: for a pattern; and for IPv6, whose brackets `WithOrigins` takes off and puts on."""
    if matching.any_origin(policy):
        return False
    exact, wild = matching.exact_origins(policy)
    return bool(wild) or any("[" in each for each in exact)


def _arguments(texts: Iterable[str]) -> str:
    """Texts as arguments: JSON's escapes are C#'s too, and a policy's values are ASCII."""
    return ", ".join(map(json.dumps, texts))


def _services(policy: Policy, *, decides: bool) -> list[str]:
    calls = [f"WithOrigins({_arguments(policy.allow_origins)})"]
    if matching.any_origin(policy):
        calls = ["AllowAnyOrigin()"]
    elif decides:
        calls = ["SetIsOriginAllowed(CorsOrigins.Allows)"]
    anything = "*" in policy.allow_methods
    calls.append("AllowAnyMethod()" if anything else f"WithMethods({_arguments(matching.granted_methods(policy))})")
    if "*" in policy.allow_headers:
        calls.append("AllowAnyHeader()")
    elif policy.allow_headers:
        calls.append(f"WithHeaders({_arguments(policy.allow_headers)})")
    if policy.expose_headers:
        calls.append(f"WithExposedHeaders({_arguments(policy.expose_headers)})")
    if policy.allow_credentials:
        calls.append("AllowCredentials()")
    if policy.max_age is not None:
        calls.append(f"SetPreflightMaxAge(TimeSpan.FromSeconds({policy.max_age}))")
    lines = ["builder.Services.AddCors(options => options.AddDefaultPolicy(policy => policy"]
    return [*lines, *(f"    .{call}" for call in calls[:-1]), f"    .{calls[-1]}));"]


def _origins(policy: Policy) -> list[str]:
    """The class whose function decides."""
    if not _decides(policy):
        return []
    exact, wild = matching.exact_origins(policy)
    lines = [
        "// Who may read. The whole origin counts, by case: no part of it is enough.",
        "static class CorsOrigins",
        "{",
        f"    static readonly string[] Origins = [{_arguments(exact)}];",
        "",
    ]
    found = "Origins.Contains(origin)"
    if wild:
        lines += ["    static readonly Regex[] Patterns =", "    ["]
        for text, regex in wild:
            lines += [f"        // {text}", f'        new(@"{matching.anchored(regex)}"),']
        lines += ["    ];", ""]
        found += " || Patterns.Any(pattern => pattern.IsMatch(origin))"
    return [*lines, f"    public static bool Allows(string origin) => {found};", "}"]


STACK: Final = Stack(
    name="aspnet-core",
    title="ASP.NET Core",
    language="csharp",
    render=render,
    recognise=by_signs(
        # https://github.com/dotnet/aspnetcore/blob/main/src/Servers/Kestrel/Core/src/KestrelServerOptions.cs
        ("server", r"Kestrel\b", 0.9),
        ("set-cookie", r"\.AspNetCore\.", 0.9),
        page=(_PAGE, "the page is ASP.NET Core's own", 0.9),
    ),
)
