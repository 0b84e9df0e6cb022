"""`--facets`, alone or with a list: which counts are wanted, and how many values of each.

No option of Typer's may have a value or not. Here the list goes to a hidden option of its own, so
that `--facets` never takes a word of the query.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from heatseek.cli.command import Command
from heatseek.cli.terminal import say
from heatseek.config import MAX_LIMIT
from heatseek.engines.base import Request
from heatseek.errors import UsageError
from heatseek.query.filters import Filters
from heatseek.query.tree import Everything
from heatseek.schema import FACETS
from heatseek.text.edit_distance import closest
from heatseek.text.tokens import label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from heatseek.engines.base import Reader

OPTION = "--facets"
LIST_OPTION = "--facets-list"
SHOWN = 10
"""Values of a facet that people see if they don't say how many."""
ALL = "all"

_PART = r"[a-z][a-z0-9_-]*(?::(?:[0-9]+|all))?"
_LIST = rf"{_PART}(?:,{_PART})*"


class FacetsCommand(Command):
    """A command with `--facets`, `--facets=LIST` and `--facets LIST`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the list from the option, then do as other commands."""
        params: list[Any] = list(self.get_params(ctx))
        options = [param for param in params if param.param_type_name == "option"]
        valued = {name for option in options if not option.is_flag for name in option.opts}
        return super().parse_args(ctx, list(_apart(args, valued)))


def _apart(args: list[str], valued: set[str]) -> Iterator[str]:
    """The arguments with each list of facets as the value of the hidden option."""
    left = list(reversed(args))
    while left:
        arg = left.pop()
        if arg == "--":
            yield arg
            yield from reversed(left)
            return
        if arg.startswith(f"{OPTION}="):
            yield f"{LIST_OPTION}={arg.removeprefix(f'{OPTION}=')}"
        elif arg == OPTION and left and _is_list(left[-1]):
            yield f"{LIST_OPTION}={left.pop()}"
        elif arg == OPTION and left and left[-1] in FACETS:
            say(f"{arg} {left[-1]}: takes {left[-1]} for a word; to count by it: {arg}={left[-1]}")
            yield arg
        else:
            yield arg
            # The value of an option is no option, whatever it looks like.
            if arg in valued and left:
                yield left.pop()


def _is_list(word: str) -> bool:
    """Whether a word is a list of facets, and not of the query: `year` alone may be either."""
    if not ("," in word or ":" in word) or not re.fullmatch(_LIST, word, re.IGNORECASE):
        return False
    return any(part.partition(":")[0].lower() in FACETS for part in word.split(","))


def wanted(
    typed: Iterable[str], *, alone: bool, shown: int | None = SHOWN, own: Sequence[str] = ()
) -> Mapping[str, int | None]:
    """The facets that are asked for, in that order, each with how many values; None: all.

    Args:
        typed: the lists, such as `topic,provider:5`.
        alone: `--facets` stood without a list, too: all facets.
        shown: how many values, where the list doesn't say.
        own: the declared facets.

    Raises:
        UsageError: there is no such facet, or the number makes no sense.
    """
    found: dict[str, int | None] = dict.fromkeys((*FACETS, *own), shown) if alone else {}
    for text in typed:
        parts = [part.strip() for part in text.split(",") if part.strip()]
        if not parts:
            raise UsageError(f"{OPTION}=: needs a list, as in topic,provider:5; or no = at all")
        found |= dict(_part(part, shown, own) for part in parts)
    return found


def _part(part: str, shown: int | None, own: Sequence[str]) -> tuple[str, int | None]:
    typed, colon, most = (piece.strip().lower() for piece in part.partition(":"))
    name = {known.lower(): known for known in (*FACETS, *own)}.get(typed)
    if name is None:
        raise UsageError(f"{OPTION} {part}: {unknown(typed, own)}")
    if not colon:
        return name, shown
    if most == ALL:
        return name, None
    # Not `int` alone: it takes 1_000 and the digits of all scripts.
    if most.isascii() and most.isdecimal() and len(most) < 10 and 0 < int(most) <= MAX_LIMIT:
        return name, int(most)
    raise UsageError(f"{OPTION} {part}: how many must be a whole number from 1, or {ALL}")


def unknown(name: str, own: Sequence[str] = ()) -> str:
    """What to say of a facet that there is not."""
    known = [*FACETS, *own]
    meant = closest(name, known)
    hint = f"did you mean {meant}?" if meant else f"there are {', '.join(known)}"
    return f"no facet {name or 'without a name'}; {hint}"


def asked_for(filters: Filters, reader: Reader, now: datetime) -> dict[str, frozenset[str]]:
    """By facet, the labels that filters ask for already, in the form that is compared."""
    asked = {
        "topic": filters.topics,
        "provider": _providers(filters.providers, reader, now),
        "category": filters.categories,
        "type": filters.types,
    }
    return {name: frozenset(map(label, values)) for name, values in asked.items()}


def _providers(typed: tuple[str, ...], reader: Reader, now: datetime) -> Iterable[str]:
    """The names of providers that may have been typed as domains."""
    if not typed:
        return ()
    only = Request(Everything(), now, Filters(providers=typed), limit=0, facets=("provider",))
    return [each.value for each in reader.search(only).facets["provider"]]
