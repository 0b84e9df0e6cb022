"""A mapping that many files have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class SharedMapping(dict[Any, Any]):
    """One and the same object wherever its text stands; nobody changes it.

    Attributes:
        derived: what its reader made of it. Kept here, it goes when the mapping goes.
    """

    __slots__ = ("derived",)

    def __init__(self, data: Mapping[Any, Any]) -> None:
        super().__init__(data)
        self.derived: object = None
