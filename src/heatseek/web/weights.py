"""The weights of the ranking as controls of a page, and as lines of heatseek.toml."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from heatseek.ranking import Boosts
    from heatseek.web.addresses import Address

STEPS = {
    "quality": (0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0),
    "heat": (0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0),
    "recency": (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0),
}
"""The values that can be chosen of each weight; an address may have others."""


class Weight(NamedTuple):
    """A weight, its values as the address has them, and as they are shown."""

    name: str
    values: tuple[tuple[str, str, bool], ...]
    """Fields, texts and which of them holds; an empty field leaves the weight as it is set."""


def weights(address: Address, boosts: Boosts) -> list[Weight]:
    """A control for each weight that people set."""
    named = _named(address)
    return [
        Weight(name, tuple(_values(name, steps, getattr(boosts, name), is_set=name in named)))
        for name, steps in STEPS.items()
    ]


def _named(address: Address) -> set[str]:
    """The weights that an address has by name."""
    parts = (part for text in address.all("boost") for part in text.split(","))
    return {part.partition("=")[0].strip() for part in parts}


def _values(
    name: str, steps: tuple[float, ...], current: float, *, is_set: bool
) -> list[tuple[str, str, bool]]:
    fields = [(f"{name}={each:g}", f"{each:g}", is_set and each == current) for each in steps]
    if is_set and current not in steps:
        fields.append((f"{name}={current!r}", f"{current:g}", True))
    return [("", "as set" if is_set else f"as set: {current:g}", not is_set), *fields]


def lines(boosts: Boosts) -> str:
    """The weights as they stand in heatseek.toml."""
    names = ("quality", "heat", "recency", "half_life")
    values = (f"{name} = {getattr(boosts, name):g}" for name in names)
    return "\n".join(["[boost]", *values])
