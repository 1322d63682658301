"""The proxy: one origin for a front end and its API while developing, and a policy in front of an API of others."""
