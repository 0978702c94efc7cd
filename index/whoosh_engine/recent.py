"""What was asked for lately, up to a number of things. Safe for many threads: single steps of a dictionary are."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from itertools import islice
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Forgets the older half when it is full."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[Key, Value] = {}

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """What is remembered under `key`, or made now; two threads may both make it."""
        kept = self._kept
        if key in kept:
            try:
                return kept[key]
            except KeyError:  # another thread has just forgotten it
                pass
        value = make()
        if len(kept) >= self._most:
            for old in list(islice(list(kept), self._most // 2 + 1)):
                kept.pop(old, None)
        kept[key] = value
        return value
