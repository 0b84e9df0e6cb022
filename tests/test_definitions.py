"""Classes that cost little to define behave as Python's own, from the first instance on."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import pprint
import re
import typing
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from heatseek import definitions
from heatseek.article import Article, Provider
from heatseek.results import Facet, Hit
from heatseek.search.request import SearchRequest

MANY = 40
"""Instances, so that the constructor is compiled among them."""


def shapes(dataclass: Any, field: Any, named_tuple: Any) -> dict[str, Any]:
    """The same classes, made by Python's means or by ours."""

    @dataclass(frozen=True, slots=True)
    class Frozen:
        """A point."""

        x: int
        y: int = 2
        names: dict[str, int] = field(default_factory=dict)

        @property
        def sum(self) -> int:
            return self.x + self.y

    @dataclass(slots=True)
    class Open:
        x: int
        y: int = 2

    @dataclass(frozen=True, slots=True, kw_only=True)
    class ByName:
        x: int = 1
        y: int

        def __post_init__(self) -> None:
            if self.y < 0:
                raise ValueError("below")

    class Tuple(named_tuple):  # type: ignore[misc] # a parameter
        """A pair."""

        x: int
        y: int = 2

        @property
        def sum(self) -> int:
            return self.x + self.y

    return {each.__name__: each for each in (Frozen, Open, ByName, Tuple)}


OURS = shapes(definitions.dataclass, definitions.field, definitions.NamedTuple)
PYTHONS = shapes(dataclasses.dataclass, dataclasses.field, typing.NamedTuple)
PAIRS = [pytest.param(OURS[name], PYTHONS[name], id=name) for name in OURS]
CALLS: list[tuple[tuple[int, ...], dict[str, int]]] = [
    ((), {}),
    ((1,), {}),
    ((1, 3), {}),
    ((1, 3, 5, 7), {}),
    ((), {"x": 1}),
    ((), {"y": 3}),
    ((), {"y": -3}),
    ((), {"y": 3, "x": 1}),
    ((1,), {"y": 3}),
    ((1,), {"x": 1, "y": 2}),
    ((1, 2), {"y": 3}),
    ((1,), {"z": 3}),
    ((), {"y": 3, "z": 3}),
    ((), {"x": 1, "y": 2, "z": 3}),
]


def outcome(make: Any) -> Any:
    """What comes of a call: the text of the instance, or the kind of error."""
    try:
        return repr(make())
    except (TypeError, ValueError) as error:
        return type(error)


def fresh(name: str) -> Any:
    """A class of ours of which there is no instance yet."""
    return shapes(definitions.dataclass, definitions.field, definitions.NamedTuple)[name]


@pytest.mark.parametrize(("args", "values"), CALLS)
@pytest.mark.parametrize("name", OURS)
def test_constructors_take_what_pythons_take(
    name: str, args: tuple[int, ...], values: dict[str, int]
) -> None:
    ours, pythons = fresh(name), PYTHONS[name]
    expected = outcome(lambda: pythons(*args, **values))

    assert [outcome(lambda: ours(*args, **values)) for _ in range(MANY)] == [expected] * MANY


@pytest.mark.parametrize(("ours", "pythons"), PAIRS)
def test_instances_are_printed_by_line(ours: Any, pythons: Any) -> None:
    names = f"A name of many letters {'that goes on ' * 10}"
    assert pprint.pformat(ours(x=names, y=1)) == repr(pythons(x=names, y=1))
    assert dataclasses.is_dataclass(ours) is hasattr(ours, "__dataclass_params__")


@pytest.mark.parametrize(("ours", "pythons"), PAIRS)
def test_instances_are_equal_copied_and_replaced_as_pythons(ours: Any, pythons: Any) -> None:
    for count in range(MANY):
        (one, same, other), (theirs, _, _) = (
            [kind(x=count, y=1), kind(x=count, y=1), kind(x=count, y=5)] for kind in (ours, pythons)
        )

        assert repr(one) == repr(theirs)
        assert one == same != other
        assert one != (theirs if dataclasses.is_dataclass(ours) else None)
        assert copy.deepcopy(one) == copy.copy(one) == one
        assert getattr(one, "sum", None) == getattr(theirs, "sum", None)
    assert ours.__doc__ == pythons.__doc__ or pythons.__doc__.startswith(("Open(", "ByName("))
    assert ours.__qualname__ == pythons.__qualname__
    assert ours.__match_args__ == pythons.__match_args__
    assert not hasattr(one, "__dict__")


@pytest.mark.parametrize("name", ["Frozen", "Open", "ByName"])
def test_dataclasses_knows_them(name: str) -> None:
    ours, theirs = OURS[name](x=1, y=3), PYTHONS[name](x=1, y=3)

    assert dataclasses.is_dataclass(ours)
    assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
    assert dataclasses.astuple(ours) == dataclasses.astuple(theirs)
    described = [
        [(each.name, each.type, each.default, each.kw_only) for each in dataclasses.fields(kind)]
        for kind in (ours, theirs)
    ]
    assert described[0] == described[1]
    for replace in (dataclasses.replace, definitions.replace):
        assert repr(replace(ours, y=9)) == repr(dataclasses.replace(theirs, y=9))


def test_frozen_ones_can_be_hashed_and_not_changed() -> None:
    for name in ("ByName", "Tuple"):
        assert hash(OURS[name](x=1, y=3)) == hash(PYTHONS[name](x=1, y=3))
    with pytest.raises(TypeError, match="unhashable"):
        hash(OURS["Open"](1))
    one = OURS["Frozen"](1)
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'x'"):
        one.x = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        del one.x
    pair = OURS["Tuple"](1)
    with pytest.raises(AttributeError):
        pair.x = 2
    plain = OURS["Open"](1)
    plain.x = 2
    assert plain.x == 2
    with pytest.raises(AttributeError):
        plain.z = 2


def test_a_copier_puts_one_value_in_place_of_another_unchecked() -> None:
    with_x = definitions.copier(OURS["Frozen"], "x")
    first = OURS["Frozen"](1, 2, {"a": 1})
    for x in range(3):
        made = with_x(first, x)
        assert made == OURS["Frozen"](x, 2, {"a": 1})
        assert made.names is first.names
        with pytest.raises(dataclasses.FrozenInstanceError):
            made.x = 7
    assert first.x == 1
    below = definitions.copier(OURS["ByName"], "y")(OURS["ByName"](y=1), -1)
    assert (type(below), below.x, below.y) == (OURS["ByName"], 1, -1)


def test_each_instance_has_a_default_of_its_own() -> None:
    for _ in range(MANY):
        one, other = OURS["Frozen"](1), OURS["Frozen"](1)
        assert one.names == {}
        assert one.names is not other.names


def test_named_tuples_are_tuples() -> None:
    ours, theirs = OURS["Tuple"], PYTHONS["Tuple"]

    assert ours(1, 2) == (1, 2)
    assert ours._fields == theirs._fields
    assert ours._field_defaults == theirs._field_defaults
    assert ours(1)._asdict() == theirs(1)._asdict()
    assert repr(ours(1)._replace(y=7)) == repr(theirs(1)._replace(y=7))
    assert repr(ours._make([4, 5])) == repr(theirs._make([4, 5]))
    for kind in (ours, theirs):
        with pytest.raises(TypeError):
            kind._make([4])
        with pytest.raises(ValueError, match="unexpected field names"):
            kind(1)._replace(z=1)


@pytest.mark.parametrize(
    "value",
    [
        Article("a.md", "A", provider=Provider("P")),
        Hit(1, Article("a.md", "A"), 2.0),
        SearchRequest(query="x", limit=3),
        Facet("topic", 4),
    ],
)
def test_classes_of_modules_survive_a_pickle(value: object) -> None:
    for protocol in (2, pickle.HIGHEST_PROTOCOL):
        again = pickle.loads(pickle.dumps(value, protocol))  # noqa: S301 - our own
        assert again == value
        assert type(again) is type(value)


def test_patterns_are_compiled_when_they_are_used() -> None:
    lazy = definitions.pattern("A+", re.IGNORECASE)

    assert not hasattr(vars(lazy), "search")
    assert lazy.fullmatch("aaA") is not None
    assert lazy.sub("-", "baab") == "b-b"
    assert lazy.pattern == "A+"
    with pytest.raises(re.error):
        definitions.pattern("(").match("")


def test_a_cached_property_is_worked_out_once_and_holds_up_no_other_instance() -> None:
    """One of Python before 3.12 does: a process that is forked off meanwhile waits for ever."""
    begun, go_on = Event(), Event()

    class Slow:
        def __init__(self, *, waits: bool) -> None:
            self.waits = waits

        @definitions.cached_property
        def value(self) -> list[int]:
            """A value."""
            if self.waits:
                begun.set()
                assert go_on.wait(20)
            return []

    with ThreadPoolExecutor(2) as pool:
        slow, fast = Slow(waits=True), Slow(waits=False)
        first = pool.submit(lambda: slow.value)
        assert begun.wait(20)
        second = pool.submit(lambda: fast.value)
        try:
            assert second.result(10) is fast.value
        finally:
            go_on.set()
        assert first.result(10) is slow.value
    assert vars(Slow)["value"] is Slow.value
    assert Slow.value.__doc__ == "A value."
