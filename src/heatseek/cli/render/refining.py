"""The option that leaves just those matches that have one value of a facet."""

from __future__ import annotations

import re
import shlex
from datetime import MAXYEAR, UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from heatseek.cli.render.clean import one_line
from heatseek.errors import QueryError
from heatseek.query import tree
from heatseek.query.filters import parse_conditions
from heatseek.schema import FACETS, YEAR, Names
from heatseek.text.languages import Analyzer
from heatseek.text.tokens import label, tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heatseek.highlight import Wanted
    from heatseek.query.filters import Filters
    from heatseek.text.languages import Language

_PLAIN = re.compile(r"(?!=)[\w@%+=:,./-]+")
"""What a shell takes as it is, in words of any script; zsh looks for a program after `=`."""
_QUOTABLE = re.compile(r"[^\"$`\\!]+")
"""What a shell takes as it is between double quotes."""
_TOPIC, _TOPICS = "topic", "topics"
"""The one built-in facet of which an article may have several values; the field of their words."""


def option(facet: str, value: str, filters: Filters) -> str:
    """The option as it is typed; empty if `--where` asks for a value of the facet already."""
    if facet == YEAR:
        return _within(int(value), filters)
    if facet in FACETS:
        return f"--{facet} {quoted(one_line(value))}"
    return "" if _asks_for(facet, filters) else _where(facet, value)


class Beside:
    """Options for values beside another one of their kind, which a filter asks for.

    Args:
        facet: what they are values of.
        filters: the conditions so far.
        known: all values that any match has.
        language: of the index.
    """

    def __init__(
        self, facet: str, filters: Filters, known: Sequence[str], language: Language
    ) -> None:
        self._shows_any = facet == _TOPIC and not _asks_for(_TOPICS, filters)
        self._facet = facet
        self._known = known
        self._language = language

    def option(self, value: str) -> str:
        """The option for a value that the matches are to have, too.

        It is `--where`, which goes by the words of topics; or nothing, where another value has
        the same words or they would be read as a pattern. The facet's own option would find more.
        """
        if not self._shows_any:
            return ""
        # Few searches with facets come here.
        from heatseek.highlight import Highlighter  # noqa: PLC0415

        try:
            (condition,) = parse_conditions([f"{self._facet}={value}"], Names(), datetime.now(UTC))
        except QueryError:
            return ""
        highlighter = Highlighter(condition, self._language)
        if any(wanted.test for wanted in highlighter.wanted):
            return ""
        near = {each for wanted in highlighter.wanted for each in self._near(wanted)}
        found = {label(each) for each in near if highlighter.marks(_TOPICS, each)}
        return _where(self._facet, value) if found == {label(value)} else ""

    def _near(self, wanted: Wanted) -> set[str]:
        """The values that have all stems of what is wanted: no others need a closer look."""
        having = (self._by_stem.get(term, set()) for term in wanted.terms)
        return set.intersection(*sorted(having, key=len))

    @cached_property
    def _by_stem(self) -> dict[str, set[str]]:
        """The values that have each stem, in any of a word's spellings."""
        stem = Analyzer(self._language).stem
        found: dict[str, set[str]] = {}
        for value in self._known:
            for token in tokenize(value):
                for form in (*token.forms.parts, *token.forms.variants):
                    found.setdefault(stem(form), set()).add(value)
        return found


def _asks_for(field: str, filters: Filters) -> bool:
    """Whether `--where` asks for a value of a field: another value would widen that to either."""
    firsts = (one.children[0] if isinstance(one, tree.Any) else one for one in filters.where)
    return any(getattr(one, "field", None) == field and not _is_open(one) for one in firsts)


def _is_open(condition: tree.Query) -> bool:
    """Whether it is a bound, such as `price>5`."""
    return isinstance(condition, tree.Range) and None in (condition.low, condition.high)


def _where(facet: str, value: str) -> str:
    return f"--where {quoted(one_line(f'{facet}={value}'))}"


def _within(year: int, filters: Filters) -> str:
    """The part of a year, in UTC, that the filters leave: later options replace earlier ones."""
    first, end = datetime(year, 1, 1, tzinfo=UTC), None
    if year < MAXYEAR:
        end = datetime(year + 1, 1, 1, tzinfo=UTC)
    after = max(first, filters.after or first)
    before = min(filter(None, (end, filters.before)), default=None)
    parts = [f"--after {_date(after)}", f"--before {_date(before)}" if before else ""]
    return " ".join(filter(None, parts))


def _date(instant: datetime) -> str:
    """As short as it can be typed."""
    utc = instant.astimezone(UTC).replace(tzinfo=None)
    if utc == datetime(utc.year, 1, 1):  # noqa: DTZ001 - in UTC, as said
        return f"{utc.year:04}"
    text = utc.isoformat("T", "seconds")
    return text.removesuffix("T00:00:00")


def quoted(value: str) -> str:
    """A value as one word for a shell."""
    if _PLAIN.fullmatch(value):
        return value
    return f'"{value}"' if _QUOTABLE.fullmatch(value) else shlex.quote(value)
