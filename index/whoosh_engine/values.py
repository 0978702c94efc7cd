"""The value at a place of a row as if it were sorted."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK = 64  # values whose lowest is taken before all are compared


def lowest(values: NDArray[Any], count: int) -> Any:
    """The value that is number `count` in ascending order."""
    blocks = len(values) // BLOCK
    if blocks > 2 * count:
        # So many blocks have a value as low as this: what is above it need not be looked at.
        bound = np.partition(values[: blocks * BLOCK].reshape(BLOCK, blocks).min(axis=0), count - 1)[count - 1]
        values = values[values <= bound]
    return np.partition(values, count - 1)[count - 1]
