"""`/api/v1`: what clients with a bearer token may do. JSON in and out; described in docs/api.md."""

from webapp.api.v1 import bp

__all__ = ["bp"]
