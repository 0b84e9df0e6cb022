"""Filters, ranges, orders and counts of declared fields equal brute force."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusters import examples
from heatseek.article import Article
from heatseek.engines.model import Capability, Request
from heatseek.errors import CapabilityError
from heatseek.query.filters import Filters, parse_conditions
from heatseek.query.parser import parse
from heatseek.results import Facet, Sort
from heatseek.schema import DeclaredField, FieldKind, Names
from heatseek.text.tokens import label

if TYPE_CHECKING:
    from contract.conftest import Fill, Make
    from heatseek.engines.model import Page

NOW = datetime(2023, 1, 3, tzinfo=UTC)
FIELDS = (
    DeclaredField("Due-on", FieldKind.DATE, facet=True),
    DeclaredField("free", FieldKind.BOOLEAN, facet=True),
    DeclaredField("levels", FieldKind.KEYWORD, facet=True),
    DeclaredField("link", FieldKind.KEYWORD),  # the name of a column
    DeclaredField("notes", FieldKind.TEXT),
    DeclaredField("price", FieldKind.NUMBER, facet=True),
)
NAMES = Names(FIELDS)
LABELS = ("Beginner", "beginner", "Machine  Learning", "machine learning", "Énergie")
WORDS = ("solar", "wind", "tide")
NUMBERS = (-1e300, -2.5, -1, 0, 0.1, 0.3, 1, 2**53, 1e300)
DAYS = tuple(datetime(2022, 12, 30, tzinfo=UTC) + timedelta(days=n) for n in range(5))

Test = Callable[[dict[str, Any]], bool]


class Condition(NamedTuple):
    """What is asked, and whether the values of an article are so."""

    name: str
    value: str
    holds: Test

    @property
    def query(self) -> str:
        """As it stands in a query."""
        quoted = f'"{self.value}"' if " " in self.value else self.value
        return f"{self.name}:{quoted}"

    @property
    def where(self) -> str:
        """As it stands beside a query."""
        return f"{self.name}{'' if self.value[0] in '<>' else '='}{self.value}"


several = st.lists(st.sampled_from(LABELS), min_size=1, max_size=2, unique_by=label).map(tuple)
values = st.fixed_dictionaries(
    {},
    optional={
        "Due-on": st.sampled_from(DAYS),
        "free": st.booleans(),
        "levels": several,
        "link": several,
        "notes": st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join),
        "price": st.sampled_from(NUMBERS),
    },
)


@st.composite
def archives(draw: st.DrawFn) -> list[Article]:
    extras = draw(st.lists(values, max_size=9))
    dates = st.none() | st.sampled_from(DAYS[:2])
    return [
        Article(
            id=f"{n * 7 % 11:02}.md",
            title=draw(st.sampled_from(("climate", "heat"))),
            published_at=draw(dates),
            extra=tuple(extra.items()),
        )
        for n, extra in enumerate(extras)
    ]


def is_label(name: str, typed: str) -> Condition:
    return Condition(name, typed, lambda v: label(typed) in map(label, v.get(name, ())))


def begins(typed: str) -> Condition:
    return Condition(
        "LEVELS",
        f"{typed}*",
        lambda v: any(label(x).startswith(typed) for x in v.get("levels", ())),
    )


def compared(name: str, sign: str, value: float | datetime) -> Condition:
    typed = f"{value:%Y-%m-%d}" if isinstance(value, datetime) else repr(value)
    tests: dict[str, Callable[[Any], bool]] = {
        "": lambda x: x == value,
        ">": lambda x: x > value,
        ">=": lambda x: x >= value,
        "<": lambda x: x < value,
        "<=": lambda x: x <= value,
    }
    return Condition(name, f"{sign}{typed}", lambda v: name in v and tests[sign](v[name]))


def between(low: float, high: float) -> Condition:
    low, high = sorted((low, high))
    return Condition("price", f"{low}..{high}", lambda v: low <= v.get("price", 1e308) <= high)


signs = st.sampled_from(("", ">", ">=", "<", "<="))
numbers = st.sampled_from(NUMBERS)
conditions = st.one_of(
    st.builds(is_label, st.sampled_from(("levels", "link")), st.sampled_from(LABELS)),
    st.builds(begins, st.sampled_from(("beg", "machine", "x"))),
    st.builds(compared, st.just("price"), signs, numbers),
    st.builds(compared, st.just("Due-on"), signs, st.sampled_from(DAYS)),
    st.builds(between, numbers, numbers),
    st.sampled_from((False, True)).map(
        lambda flag: Condition("free", str(flag).lower(), lambda v: v.get("free") is flag)
    ),
    st.sampled_from(WORDS).map(
        lambda word: Condition("notes", word, lambda v: word in v.get("notes", "").split())
    ),
    st.just(Condition("notes", "solar wind", lambda v: "solar wind" in v.get("notes", ""))),
    st.just(Condition("notes", "s?l*r", lambda v: "solar" in v.get("notes", ""))),
    st.sampled_from(FIELDS).map(
        lambda field: Condition("has", field.name, lambda v: field.name in v)
    ),
)
ORDERS = (*Sort, "Due-on", "free", "price")


@settings(max_examples=examples(30))
@given(
    archive=archives(),
    asked=st.lists(conditions, max_size=2),
    beside=st.lists(conditions, max_size=2, unique_by=lambda c: c.name.lower()),
    word=st.sampled_from(("", "climate ")),
    sort=st.sampled_from(ORDERS),
    ascending=st.booleans(),
)
def test_declared_fields_equal_brute_force(
    make: Make,
    filled: Fill,
    archive: list[Article],
    asked: list[Condition],
    beside: list[Condition],
    word: str,
    sort: Sort | str,
    ascending: bool,
) -> None:
    text = word + " ".join(f"+{condition.query}" for condition in asked)
    where = parse_conditions([condition.where for condition in beside], NAMES, NOW)
    facets = tuple(Facet(field.name) for field in FIELDS if field.facet)
    request = Request(
        parse(text, NOW, NAMES), NOW, Filters(where=where), sort=sort, limit=100, facets=facets
    )._replace(ascending=ascending)
    with tempfile.TemporaryDirectory() as folder:
        engine = make(Path(folder))
        if Capability.DECLARED_FIELDS not in engine.capabilities:
            with pytest.raises(CapabilityError, match=engine.name):
                filled(engine, archive, fields=FIELDS)
            return
        filled(engine, archive, fields=FIELDS)
        for long_lived in (False, True):
            with engine.open(long_lived=long_lived) as reader:
                assert reader.generation.fields == FIELDS
                page = reader.search(request)
                unfiltered = reader.search(request._replace(filters=Filters()))
            check(page, archive, [*asked, *beside], word)
            check_order(page, sort, ascending=ascending)
            scores = {match.article.id: match.score for match in unfiltered.matches}
            for match in page.matches:
                assert scores[match.article.id] == match.score


def check_order(page: Page, sort: Sort | str, *, ascending: bool) -> None:
    if sort not in list(Sort):
        shown = [match.article for match in page.matches]
        ranked = sorted(shown, key=lambda each: order_key(each, sort, ascending=ascending))
        assert [article.id for article in ranked] == [article.id for article in shown]


def check(page: Page, archive: list[Article], asked: list[Condition], word: str) -> None:
    found = [
        article
        for article in archive
        if (not word or word.strip() == article.title)
        and all(condition.holds(dict(article.extra)) for condition in asked)
    ]
    assert (len(found), {a.id for a in found}) == (page.total, {m.article.id for m in page.matches})
    by_id = {article.id: article for article in archive}
    assert all(by_id[match.article.id] == match.article for match in page.matches)
    for name, shown in (("price", number), ("free", flag), ("Due-on", year)):
        values = (dict(article.extra).get(name) for article in found)
        counts = Counter(shown(value) for value in values if value is not None)
        assert counts == {each.value: each.articles for each in page.facets[name].values}
    levels = [set(map(label, dict(article.extra).get("levels", ()))) for article in found]
    counts = Counter(each for labels in levels for each in labels)
    assert counts == {label(each.value): each.articles for each in page.facets["levels"].values}


def order_key(article: Article, sort: str, *, ascending: bool) -> tuple[object, ...]:
    value = dict(article.extra).get(sort)
    if isinstance(value, datetime):
        value = value.timestamp()
    date = article.published_at
    lowest = float("-inf")
    return (
        value is None,
        (value or 0) if ascending else -(value or 0),
        -(lowest if date is None else date.timestamp()),
        article.id,
    )


def number(value: float) -> str:
    return {1e300: "1e+300", -1e300: "-1e+300"}.get(value, str(value))


def flag(value: bool) -> str:
    return str(value).lower()


def year(value: datetime) -> str:
    return str(value.year)
