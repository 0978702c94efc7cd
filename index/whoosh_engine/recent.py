"""What was asked for lately, up to a size. Safe for many threads: single steps of a dictionary are."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from itertools import islice
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Forgets the older half when it is full."""

    def __init__(self, most: int, size_of: Callable[[Value], int] = lambda value: 1) -> None:
        """`most`: of all sizes together; something larger than half of it is not remembered."""
        self._most = most
        self._size_of = size_of
        self._size = 0
        self._kept: dict[Key, Value] = {}

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """What is remembered under `key`, or made now; two threads may both make it."""
        found = self._kept.get(key)
        if found is None:
            found = make()
            self.put(key, found)
        return found

    def find(self, key: Key) -> Value | None:
        return self._kept.get(key)

    def put(self, key: Key, value: Value) -> None:
        size = self._size_of(value)
        if size > self._most // 2:
            return
        if self._size + size > self._most:
            self._forget()
        self._size += size
        self._kept[key] = value

    def _forget(self) -> None:
        for old in list(islice(list(self._kept), len(self._kept) // 2 + 1)):
            self._kept.pop(old, None)
        self._size = sum(map(self._size_of, list(self._kept.values())))  # anew: threads may have counted amiss
