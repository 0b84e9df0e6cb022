"""The option that leaves just those matches that have one value of a facet."""

from __future__ import annotations

import re
import shlex
from datetime import MAXYEAR, UTC, datetime
from typing import TYPE_CHECKING

from heatseek.analysis import label
from heatseek.cli.render.clean import one_line
from heatseek.errors import QueryError
from heatseek.query import tree
from heatseek.schema import FACETS, YEAR, Names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heatseek.language import Language
    from heatseek.query.filters import Filters

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


def option_beside(
    facet: str, value: str, filters: Filters, known: Iterable[str], language: Language
) -> str:
    """The option for a value beside another one of its kind, which a filter asks for.

    Args:
        facet: what it is a value of.
        value: what the matches are to have, too.
        filters: the conditions so far.
        known: all values that any match has.
        language: of the index.

    Returns:
        `--where`, which goes by the words of topics, if no other value of these has them; or
        nothing: the facet's own option would find more.
    """
    if facet != _TOPIC or _asks_for(_TOPICS, filters):
        return ""
    # Few searches with facets come here.
    from heatseek.highlight import Highlighter  # noqa: PLC0415
    from heatseek.query.where import parse_conditions  # noqa: PLC0415

    try:
        (condition,) = parse_conditions([f"{facet}={value}"], Names(), datetime.now(UTC))
    except QueryError:
        return ""
    marks = Highlighter(condition, language).marks
    found = {label(each) for each in known if marks(_TOPICS, each)}
    return _where(facet, value) if found == {label(value)} else ""


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
