"""Middleware that puts a policy in front of an application: thin, and by the name of what it wraps.

    from crossorigin.middleware.fastapi import CORSMiddleware

    app.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])

- `crossorigin.middleware.asgi`: any ASGI application;
- `crossorigin.middleware.wsgi`: any WSGI application;
- `crossorigin.middleware.starlette`, `crossorigin.middleware.fastapi`: policies for routes, and every error covered.

Nothing is imported here; each module imports its own framework, and `asgi` and `wsgi` import none.
"""
