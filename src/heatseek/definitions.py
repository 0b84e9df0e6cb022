"""Dataclasses, named tuples, generic classes, patterns and properties that cost little.

Defining them as Python does takes more instructions than a whole search: `dataclasses` loads
`inspect`, writes half a dozen methods of each class as text and compiles them; `typing` is loaded
for `NamedTuple` alone. A process that answers one query pays that each time. The ones here are
used in the same way and behave the same:

    @dataclass(frozen=True, slots=True)
    class Hit: ...

    class Facet(NamedTuple): ...

Type checkers take them for Python's own. What is compiled, the constructor, is compiled when the
class has had a few instances; copiers and patterns when they are first used.
`dataclasses.fields`, `asdict`, `replace` and `is_dataclass` work.

A cached property holds no lock, as Python's from 3.12 on: before, one of each class was held
while a value was worked out. A process forked off meanwhile waited for it for ever.
"""

from __future__ import annotations

TYPE_CHECKING = False
"""True for type checkers, which know it by this name; `typing` takes long to import."""
if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass, field, replace
    from functools import cached_property
    from re import compile as pattern
    from typing import Any, Generic, NamedTuple, Protocol, TypeVar

    T = TypeVar("T")

    def copier(cls: type[T], name: str) -> Callable[[T, Any], T]:
        """See below."""


__all__ = [
    "Generic",
    "NamedTuple",
    "Protocol",
    "TypeVar",
    "cached_property",
    "copier",
    "dataclass",
    "field",
    "pattern",
    "replace",
]
if not TYPE_CHECKING:
    _MISSING = object()

    class Generic:
        """A class with parameters, which mean nothing at run time."""

        __slots__ = ()

        def __class_getitem__(cls, parameters):
            return cls

    Protocol = Generic
    TypeVar = str

    class field:  # noqa: N801 - named and called as in dataclasses
        """A default that is made anew for each instance."""

        def __init__(self, *, default_factory):
            self.default_factory = default_factory

    def dataclass(*, frozen=False, slots, kw_only=False):  # noqa: ARG001 - all have slots
        """Python's, for a class without bases or subclasses whose attributes all have slots."""
        return lambda cls: _with_slots(cls, frozen=frozen, kw_only=kw_only)

    def replace(instance, /, **changes):
        """A copy with some attributes changed; for instances of `dataclass` as given here."""
        names = type(instance).__slots__
        return type(instance)(**{name: getattr(instance, name) for name in names} | changes)

    def copier(cls, name):
        """A function that copies an instance of a frozen `dataclass` with another value of `name`.

        What was checked before is not checked again: the new value must need no check.
        """
        copied = None

        def copy(instance, value):
            nonlocal copied
            copied = copied or _copier(cls, name)
            return copied(instance, value)

        return copy

    def _copier(cls, name):
        values = {each: "_value" if each == name else f"_old.{each}" for each in cls.__slots__}
        lines, known = _filling(cls, values)
        known["_new"] = object.__new__
        lines = ["_self = _new(_frozen)", *lines, "return _self"]
        exec("def copy(_old, _value):\n " + "\n ".join(lines), known)  # noqa: S102 - names of ours
        return known["copy"]

    def _filling(cls, values):
        """The lines that give a frozen instance its values, and what they know by name.

        While it is filled it is of a class that lets it: a call for each value takes longer.
        """
        known = {"_become": object.__dict__["__class__"].__set__, "_frozen": cls}
        known["_open"] = type(cls.__name__, (), {"__slots__": tuple(values)})
        return ["_become(_self, _open)", *_setting(values), "_self.__class__ = _frozen"], known

    def _setting(values):
        return [f"_self.{name} = {value}" for name, value in values.items()]

    def _with_slots(cls, *, frozen, kw_only):
        """The class anew: slots cannot be added to one that exists."""
        names = tuple(cls.__annotations__)
        space = dict(vars(cls))
        defaults = {name: space.pop(name) for name in names if name in space}
        for name in ("__dict__", "__weakref__"):
            space.pop(name, None)
        space |= {
            "__qualname__": cls.__qualname__,
            "__slots__": names,
            "__match_args__": () if kw_only else names,
            "__dataclass_fields__": _Fields(defaults, frozen=frozen, kw_only=kw_only),
            "__dataclass_params__": _Params(),
            "__init__": _first_init(names, defaults, frozen=frozen, kw_only=kw_only),
        }
        methods = _FROZEN_METHODS if frozen else _METHODS
        return type(cls)(cls.__name__, cls.__bases__, methods | space)

    def _values(instance):
        return [getattr(instance, name) for name in instance.__slots__]

    def _repr(self):
        pairs = zip(self.__slots__, _values(self), strict=True)
        inner = ", ".join(f"{name}={value!r}" for name, value in pairs)
        return f"{type(self).__qualname__}({inner})"

    def _eq(self, other):
        if type(other) is not type(self):
            return NotImplemented
        return _values(self) == _values(other)

    def _hash(self):
        return hash(tuple(_values(self)))

    def _set_state(self, state):
        for name, value in zip(self.__slots__, state, strict=True):
            object.__setattr__(self, name, value)

    def _refuse(self, name, *_):  # noqa: ARG001 - the signature is `__setattr__`'s
        from dataclasses import FrozenInstanceError  # noqa: PLC0415 - a search sets nothing frozen

        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    _METHODS = {
        "__repr__": _repr,
        "__eq__": _eq,
        "__hash__": None,
        "__getstate__": _values,
        "__setstate__": _set_state,
    }
    _FROZEN_METHODS = _METHODS | {
        "__hash__": _hash,
        "__setattr__": _refuse,
        "__delattr__": _refuse,
    }

    class _Fields:
        """The attribute by which `dataclasses` knows its classes, made when it is asked for."""

        def __init__(self, defaults, *, frozen, kw_only):
            self._defaults = defaults
            self._options = {"frozen": frozen, "kw_only": kw_only}

        def __get__(self, instance, cls):
            import dataclasses  # noqa: PLC0415 - a search does without

            defaults = {
                name: dataclasses.field(default_factory=default.default_factory)
                if isinstance(default, field)
                else default
                for name, default in self._defaults.items()
            }
            twin = dataclasses.make_dataclass(
                cls.__name__,
                cls.__annotations__.items(),
                namespace=defaults,
                **self._options,
            )
            cls.__dataclass_params__ = twin.__dataclass_params__
            cls.__dataclass_fields__ = twin.__dataclass_fields__
            return cls.__dataclass_fields__

    class _Params:
        """The attribute in which `pprint` and others look how a class was made, likewise."""

        def __get__(self, instance, cls):
            cls.__dataclass_fields__  # noqa: B018 - sets this one, too
            return cls.__dataclass_params__

    _FEW = 16
    """Instances of a class that are made without compiling its constructor."""

    def _bound(names, defaults, args, values):
        """The values of all names in their order; None if the call is wrong."""
        if len(args) == len(names) and not values:
            return args
        given = dict(zip(names, args, strict=False))
        every = defaults | given | values
        twice = given.keys() & values.keys()
        if twice or len(given) < len(args) or len(every) != len(names):
            return None
        return [every[name] for name in names] if every.keys() <= set(names) else None

    def _first_init(names, defaults, *, frozen, kw_only):
        """A constructor that gives way to a compiled one after a few calls."""
        calls = 0

        def __init__(self, *args, **values):  # noqa: N807 - it is one
            nonlocal calls
            calls += 1
            bound = None
            if calls <= _FEW and not (kw_only and args):
                bound = _bound(names, defaults, args, values)
            cls = type(self)
            if bound is None:
                cls.__init__ = _init(cls, names, defaults, frozen=frozen, kw_only=kw_only)
                cls.__init__(self, *args, **values)
                return
            for name, value in zip(names, bound, strict=True):
                made = value.default_factory() if isinstance(value, field) else value
                object.__setattr__(self, name, made)
            if hasattr(cls, "__post_init__"):
                self.__post_init__()

        return __init__

    def _init(cls, names, defaults, *, frozen, kw_only):
        known = {"_missing": _MISSING}
        parameters, values = [], {}
        for name in names:
            values[name] = name
            if name not in defaults:
                parameters.append(name)
            elif isinstance(defaults[name], field):
                known[f"_make_{name}"] = defaults[name].default_factory
                parameters.append(f"{name}=_missing")
                values[name] = f"_make_{name}() if {name} is _missing else {name}"
            else:
                known[f"_default_{name}"] = defaults[name]
                parameters.append(f"{name}=_default_{name}")
        if frozen:
            lines, more = _filling(cls, values)
            known |= more
        else:
            lines = _setting(values)
        if hasattr(cls, "__post_init__"):
            lines.append("_self.__post_init__()")
        head = ", ".join(["_self", *(["*"] if kw_only else []), *parameters])
        exec(f"def __init__({head}):\n " + "\n ".join(lines), known)  # noqa: S102 - names of ours
        made = known["__init__"]
        made.__qualname__ = f"{cls.__qualname__}.__init__"
        return made

    try:
        from _collections import _tuplegetter as _getter
    except ImportError:  # another Python than CPython

        def _getter(place, doc):
            return property(lambda self: tuple.__getitem__(self, place), doc=doc)

    class _NamedTupleType(type):
        """Makes the subclasses of NamedTuple; as with Python's, these are tuples and no more."""

        def __new__(mcs, name, bases, space):
            if not bases:
                return type.__new__(mcs, name, bases, space)
            names = tuple(space.get("__annotations__", ()))
            defaults = {each: space[each] for each in names if each in space}
            getters = {each: _getter(place, None) for place, each in enumerate(names)}
            own = {
                "__slots__": (),
                "__match_args__": names,
                "_fields": names,
                "_field_defaults": defaults,
                "__new__": _first_new(names, defaults),
            }
            return type(name, (tuple,), _TUPLE_METHODS | space | own | getters)

    def _first_new(names, defaults):
        """As `_first_init`."""
        calls = 0

        def __new__(cls, *args, **values):  # noqa: N807 - it is one
            nonlocal calls
            calls += 1
            bound = _bound(names, defaults, args, values) if calls <= _FEW else None
            if bound is not None:
                return tuple.__new__(cls, bound)
            home = next(each for each in cls.__mro__ if "_fields" in vars(each))
            home.__new__ = staticmethod(_new(home, names, defaults))
            return home.__new__(cls, *args, **values)

        return __new__

    def _new(cls, names, defaults):
        known = {"_new": tuple.__new__}
        known |= {f"_default_{name}": value for name, value in defaults.items()}
        parameters = (f"{name}=_default_{name}" if name in defaults else name for name in names)
        inner = "".join(f"{name}, " for name in names)
        made = eval(f"lambda _cls, {', '.join(parameters)}: _new(_cls, ({inner}))", known)  # noqa: S307 - names of ours
        made.__name__, made.__qualname__ = "__new__", f"{cls.__qualname__}.__new__"
        return made

    def _make(cls, iterable):
        made = tuple.__new__(cls, iterable)
        if len(made) != len(cls._fields):
            raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
        return made

    def _replaced(self, /, **changes):
        made = self._make(map(changes.pop, self._fields, self))
        if changes:
            raise ValueError(f"Got unexpected field names: {list(changes)!r}")
        return made

    def _asdict(self):
        return dict(zip(self._fields, self, strict=True))

    def _tuple_repr(self):
        inner = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
        return f"{type(self).__name__}({inner})"

    _TUPLE_METHODS = {
        "_make": classmethod(_make),
        "_replace": _replaced,
        "_asdict": _asdict,
        "__repr__": _tuple_repr,
        "__getnewargs__": lambda self: tuple(self),
    }

    class NamedTuple(metaclass=_NamedTupleType):
        """Python's `typing.NamedTuple`, but for `Generic` ones."""

    class pattern:  # noqa: N801 - called as re.compile is
        """A regular expression that is compiled when it is first used."""

        def __init__(self, text, flags=0):
            self._text = text
            self._flags = flags

        def __getattr__(self, name):
            """A method of the compiled pattern; from then on it is one of this object, too."""
            import re  # noqa: PLC0415 - likewise

            method = getattr(re.compile(self._text, self._flags), name)
            setattr(self, name, method)
            return method

    class cached_property:  # noqa: N801 - named and called as in functools
        """A value that is worked out once; by each of the threads that first ask at once."""

        def __init__(self, work_out):
            self._work_out = work_out
            self.__doc__ = work_out.__doc__

        def __set_name__(self, owner, name):
            self._name = name

        def __get__(self, instance, owner=None):
            if instance is None:
                return self
            value = instance.__dict__[self._name] = self._work_out(instance)
            return value
