"""YAML front matter piece by piece, so that what was parsed once is not parsed again.

Archives repeat themselves: of 127 MB of `related` entries, 3 MB are distinct. A top-level key
with what is indented below it means the same wherever it stands, and so does an entry of
a list, as long as nothing in it points elsewhere. So a text is cut into pieces, and each is
parsed as a document of its own, in which it stands as deep as in the text.

`yaml_tree.load_yaml` decides all the same. It parses every piece with a line that could mean
several things (`yaml_lines.py`), and the whole text wherever a cut could be wrong: a piece that is
no complete document (an open quote or bracket) or not exactly one key or entry; anchors and
aliases; comments, markers, directives and whatever else in the first column is neither a plain key
nor an entry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from heatseek.ingest.problem import FormatError
from heatseek.ingest.yaml_lines import read_lines
from heatseek.ingest.yaml_tree import check_size, load_yaml

MAX_ENTRIES = 4_000_000
"""Characters of entries remembered; with what they mean some 6 bytes for each, 50 at worst."""
MAX_KEYS = 500_000
"""The same for top-level keys, most of which are unlike any other."""
MAX_PIECES = 1_000
"""In one text: parsing a piece costs as much as parsing some hundred characters."""

_LIST = re.compile(r"\nrelated:\n(?P<indent> *)- ")
_CUT = re.compile(r"\n(?=[^ \n-])")
"""Before the next top-level key; a list may stand flush with its key."""
_KEY = re.compile(r"(?P<key>[A-Za-z_][\w-]*):(?![^ \n])", re.ASCII)
_POINTER = re.compile(r"""[&*](?<![^\s\ufeff\[\]{},:"'][&*])[\w-]""")
"""A possible anchor or alias: an `&` or `*` where a value can begin."""
_BREAK = re.compile(r"[\r\x85\u2028\u2029]")
"""Signs that end a line in YAML, but not here."""


class UncertainError(Exception):
    """The text cannot be cut with certainty."""


class SharedMapping(dict[Any, Any]):
    """One object for a mapping that many files have in common; nobody changes it.

    Attributes:
        derived: what its reader made of it, or None. Kept here, it goes when the mapping goes.
    """

    __slots__ = ("derived",)

    def __init__(self, data: Mapping[Any, Any]) -> None:
        super().__init__(data)
        self.derived: Any = None


class PieceLoader:
    """Gives exactly what `load_yaml` gives, value or error.

    Equal pieces of different texts are the same objects: nobody may change what it returns.
    """

    def __init__(self) -> None:
        self._entries = _Memory(MAX_ENTRIES)
        self._keys = _Memory(MAX_KEYS)

    def load(self, text: str) -> Any:
        """The data of one YAML document.

        Raises:
            FormatError: see `load_yaml`.
        """
        try:
            return self._in_pieces(text)
        except (UncertainError, FormatError):
            return load_yaml(text)

    def _in_pieces(self, text: str) -> dict[Any, Any]:
        check_size(text)
        if not text.endswith("\n"):
            raise UncertainError
        found = _LIST.search(text)
        if found is None:
            data = self._mapping(text[:-1])
        else:
            data = self._mapping(text[: found.start()])
            data["related"], rest = self._list(text[found.end() : -1], found["indent"])
            data |= self._mapping(rest)
        if not data:
            raise UncertainError
        return data

    def _mapping(self, text: str) -> dict[Any, Any]:
        """The values of top-level keys; of equal keys the last one counts."""
        data = read_lines(text)
        if data is not None:
            return data
        data = {}
        lead, *pieces = _CUT.split(text)
        if lead.strip(" \n") or len(pieces) > MAX_PIECES:
            raise UncertainError
        found: dict[str, Any] = {
            piece: self._keys.get(piece) or read_lines(f"\n{piece}") for piece in pieces
        }
        found |= self._learnt([piece for piece, known in found.items() if not known])
        for piece in pieces:
            data |= found[piece]
        return data

    def _learnt(self, pieces: list[str]) -> dict[str, dict[Any, Any]]:
        """The mapping of its one key that each of these is."""
        if not pieces:
            return {}
        keys = [_key(piece) for piece in pieces]
        data = _independent("".join(f"{piece}\n" for piece in pieces))
        # All keys are there, once and in order: so every piece began where a key can stand.
        if list(data) != keys:
            raise UncertainError
        return {
            piece: self._keys.add(piece, {key: data[key]}, len(piece))
            for piece, key in zip(pieces, keys, strict=True)
        }

    def _list(self, text: str, indent: str) -> tuple[list[Any], str]:
        """The entries of a list, and the text from the line break behind it."""
        mark = f"\n{indent}- "
        left = re.compile(rf"\n {{0,{len(indent)}}}[^ \n]")
        entries = text.split(mark)
        if len(entries) > MAX_PIECES:
            raise UncertainError
        values: list[Any] = []
        for number, entry in enumerate(entries):
            known = self._entries.get((mark, entry))
            end = None if known else left.search(entry)
            if end is not None:
                values += self._entry(mark, _without_blank_lines(entry[: end.start()]))
                return values, mark.join((entry[end.start() :], *entries[number + 1 :]))
            values += known or self._entry(mark, entry)
        return values, ""

    def _entry(self, mark: str, entry: str) -> list[Any]:
        """The list that an entry alone would be."""
        known: list[Any] | None = self._entries.get((mark, entry))
        if known is None:
            known = [new_entry(mark, entry)]
            self._entries.add((mark, entry), known, len(mark) + len(entry))
        return known


class _Memory:
    """Values by what they are the values of; a full one forgets everything."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._values: dict[Any, Any] = {}
        self.get: Callable[[Any], Any] = self._values.get

    def add(self, key: Any, value: Any, size: int) -> Any:
        """Remember and return `value`."""
        self._size += size
        if self._size > self._limit:
            self._values.clear()
            self._size = size
        self._values[key] = value
        return value


def new_entry(mark: str, entry: str) -> Any:
    """The entry that a text is alone; a mapping as one that can be shared.

    Args:
        mark: the line break, indentation and dash before it.
        entry: all lines of it.

    Raises:
        UncertainError: others may bear on it.
        FormatError: it is none.
    """
    data = read_lines(f"\nrelated:{mark}{entry}")
    if data is None:
        data = _independent(f"related:{mark}{entry}\n")
    values = data["related"]
    if len(data) != 1 or len(values) != 1:
        raise UncertainError
    return SharedMapping(values[0]) if isinstance(values[0], dict) else values[0]


def _key(piece: str) -> str:
    found = _KEY.match(piece)
    if found is None:
        raise UncertainError
    return found["key"]


def _independent(text: str) -> dict[Any, Any]:
    """The keys of a text on which no other text can bear."""
    if _POINTER.search(text) or _BREAK.search(text):
        raise UncertainError
    data: dict[Any, Any] = load_yaml(text)
    return data


def _without_blank_lines(entry: str) -> str:
    """The last entry as it would stand before another one; only block scalars may tell."""
    return entry if "|" in entry or ">" in entry else entry.rstrip("\n")
