"""The weights of the ranking as controls of a page, and as lines of heatseek.toml."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek.ranking import Boosts

STEPS = {
    "quality": (0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0),
    "heat": (0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0),
    "recency": (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0),
}
"""The values that can be chosen of each weight; an address may have others."""


class Choice(NamedTuple):
    """A value of a weight."""

    field: str
    """As the address has it; empty: none, as it is the value that is set elsewhere."""
    text: str
    is_chosen: bool


class Weight(NamedTuple):
    """A weight and the values that it may have, the least first."""

    name: str
    choices: tuple[Choice, ...]


def weights(boosts: Boosts, as_set: Boosts) -> list[Weight]:
    """A control for each weight that people set.

    Args:
        boosts: the weights of a search.
        as_set: those that it would have if its address named none.
    """
    return [
        Weight(name, tuple(_choices(name, steps, getattr(boosts, name), getattr(as_set, name))))
        for name, steps in STEPS.items()
    ]


def _choices(
    name: str, steps: tuple[float, ...], current: float, as_set: float
) -> Iterator[Choice]:
    for value in sorted({*steps, current, as_set}):
        field = "" if value == as_set else f"{name}={value:.15g}"
        yield Choice(field, f"{value:g}{'' if field else ' (as set)'}", value == current)


def lines(boosts: Boosts) -> str:
    """The weights as they stand in heatseek.toml."""
    names = ("quality", "heat", "recency", "half_life")
    values = (f"{name} = {getattr(boosts, name):.15g}" for name in names)
    return "\n".join(["[boost]", *values])
