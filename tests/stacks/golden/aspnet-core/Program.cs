// CORS, rendered by crossorigin from this policy:
//   allow_origins = ["chrome-extension://abcdefghijklmnop", "http://localhost:*", "https://*.example.org", "https://app.example.com"]
//   allow_methods = ["DELETE", "PATCH", "PUT"]
//   allow_headers = ["authorization", "content-type", "x-csrf-token"]
//   allow_credentials = true
//   expose_headers = ["etag", "link"]
//   max_age = 600
// LIMIT: denied preflights: ASP.NET Core answers them with the status of an allowed one, and leaves it to the browser to see that the leave is missing.
//
// dotnet new web; dotnet run (.NET 8 or newer)

using System.Text.RegularExpressions;

var builder = WebApplication.CreateBuilder(args);

builder.Services.AddCors(options => options.AddDefaultPolicy(policy => policy
    .SetIsOriginAllowed(CorsOrigins.Allows)
    .WithMethods("GET", "HEAD", "POST", "DELETE", "PATCH", "PUT")
    .WithHeaders("authorization", "content-type", "x-csrf-token")
    .WithExposedHeaders("etag", "link")
    .AllowCredentials()
    .SetPreflightMaxAge(TimeSpan.FromSeconds(600))));
builder.Services.AddProblemDetails();

var app = builder.Build();

if (!app.Environment.IsDevelopment())
{
    // Where nobody handles an exception, its answer has none of the CORS headers.
    app.UseExceptionHandler();
}

// A cache has to know, of answers without CORS headers too.
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
});

app.UseRouting();
// Before authentication, which a preflight cannot pass.
app.UseCors();

// Authentication, authorization and your routes, from here on.

app.Run("http://localhost:8080");

// Who may read. The whole origin counts, by case: no part of it is enough.
static class CorsOrigins
{
    static readonly string[] Origins = ["chrome-extension://abcdefghijklmnop", "https://app.example.com"];

    static readonly Regex[] Patterns =
    [
        // http://localhost:*
        new(@"\Ahttp://localhost(?::(?:0|[1-9]|[1-9][0-9][0-9]|[1-9][0-9][0-9][0-9]|[12345679][0-9]|8[123456789]|[1-5][0-9][0-9][0-9][0-9]|6[0-4][0-9][0-9][0-9]|65[0-4][0-9][0-9]|655[0-2][0-9]|6553[0-5]))?\z"),
        // https://*.example.org
        new(@"\Ahttps://(?:[a-z0-9_-]+\.)+example\.org\z"),
    ];

    public static bool Allows(string origin) => Origins.Contains(origin) || Patterns.Any(pattern => pattern.IsMatch(origin));
}
