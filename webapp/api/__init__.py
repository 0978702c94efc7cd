"""`/api/v1`: what clients with a bearer token may do. JSON in and out; described in docs/api.md."""

from webapp.api import devices, highlights, receipts, suggestions, v1, vocabulary
from webapp.api.blueprint import bp

__all__ = ["bp", "devices", "highlights", "receipts", "suggestions", "v1", "vocabulary"]
