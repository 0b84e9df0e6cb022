"""Addresses of pages: the whole state of a search as parameters, changed one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self
from urllib.parse import parse_qsl, quote, urlencode

from heatseek.errors import UsageError
from heatseek.web.parameters import MAX_VALUES, PAGE

if TYPE_CHECKING:
    from heatseek.web.parameters import Pairs


def pairs_of(query: str) -> list[tuple[str, str]]:
    """The names and values of an address.

    Raises:
        UsageError: there are too many.
    """
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=MAX_VALUES)
    except ValueError:
        raise UsageError(f"more than {MAX_VALUES} parameters") from None


class Address(NamedTuple):
    """A path and its parameters; as text it stands in a page."""

    path: str
    pairs: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, path: str, pairs: Pairs) -> Self:
        """That of a request; values that nobody filled in are left out."""
        return cls(path, tuple((name, value) for name, value in pairs if value))

    def __str__(self) -> str:
        path = quote(self.path, safe="/:@!$&'()*+,;=~")
        return f"{path}?{self.query}" if self.pairs else path

    @property
    def query(self) -> str:
        """The parameters as they stand behind `?`."""
        return urlencode(self.pairs)

    def all(self, name: str) -> list[str]:
        """The values of a parameter."""
        return [value for other, value in self.pairs if other == name]

    def get(self, name: str) -> str:
        """The value of a parameter that has one; empty if it is not there."""
        return next(iter(self.all(name)), "")

    def at(self, path: str) -> Self:
        """The same under another path."""
        return self._replace(path=path)

    def without(self, *names: str) -> Self:
        """Without some parameters, from the first page on."""
        gone = {*names, PAGE}
        return self._replace(pairs=tuple(pair for pair in self.pairs if pair[0] not in gone))

    def with_(self, name: str, *values: str) -> Self:
        """With these values of a parameter in place of others, from the first page on."""
        rest = self.without(name)
        return rest._replace(pairs=(*rest.pairs, *((name, value) for value in values)))

    def and_(self, name: str, value: str) -> Self:
        """With one more value, whatever else there is."""
        return self._replace(pairs=(*self.pairs, (name, value)))

    def toggled(self, name: str, value: str) -> Self:
        """With a value if it is not there, else without; from the first page on."""
        there = self.all(name)
        others = [each for each in there if each != value]
        return self.with_(name, *(others if value in there else [*there, value]))

    def page(self, number: int) -> Self:
        """Another page of hits."""
        first = self.without("offset")
        return first if number == 1 else first.and_(PAGE, str(number))
