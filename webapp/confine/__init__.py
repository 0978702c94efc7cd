"""A process of its own for the makers: `Confined.run(extract, page, …)` costs a bounded time and a bounded memory."""

from webapp.confine.parent import MAKERS, Confined

__all__ = ["MAKERS", "Confined"]
