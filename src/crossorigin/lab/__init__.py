"""Where it can be seen happening."""
