"""Middleware that puts a policy in front of an application: thin, and by the name of what it wraps.

    from crossorigin.middleware.fastapi import CORSMiddleware

    app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])

- `crossorigin.middleware.asgi`: any ASGI application;
- `crossorigin.middleware.wsgi`: any WSGI application;
- `crossorigin.middleware.starlette`, `.fastapi`, `.litestar`, `.quart`, `.falcon`, `.sanic`, `.aiohttp`, `.tornado`,
  `.flask`, `.django`: the same with the framework's own habits, and policies for its routes.

Behind these, one question each: `settings`: which policy is meant? `rules`: what holds for an application or a route?
`marks`: which rule was a view given? `routed`, for ASGI, and `answers` and `verdicts`, for WSGI and for requests of a
framework's own: what follows from it for a request?

Nothing is imported here; each module imports its own framework, and `asgi` and `wsgi` import none.
"""
