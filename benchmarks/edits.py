"""Edits of an archive's files, as somebody makes them."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_TITLE = re.compile(rb"^title: *(['\"]?)", re.MULTILINE)
_WORDS = (b"Again", b"Soon", b"Later", b"Today", b"Next")


class Editor:
    """Changes a few files at a time, the same ones for the same seed."""

    def __init__(self, archive: Path, seed: int) -> None:
        self._files = sorted(path for path in archive.rglob("*.md") if path.is_file())
        self._chance = random.Random(seed)  # noqa: S311 - no secret

    def edit(self, count: int) -> None:
        """Another word at the beginning of the titles of `count` files."""
        for path in self._chance.sample(self._files, count):
            word = self._chance.choice(_WORDS)
            path.write_bytes(_TITLE.sub(rb"title: \g<1>" + word + b" ", path.read_bytes(), count=1))
