"""An index counted as a whole, for the page of statistics."""

from __future__ import annotations

from datetime import UTC, datetime

from heatseek.article import Article, Kind, Provider
from heatseek.web.overview import LabelRow, Month, overview


def test_everything_is_counted_in_one_look() -> None:
    articles = [
        Article("a", "A", topics=("AI", "Sea"), quality=40, heat=2, provider=Provider("Tide"),
                published_at=datetime(2023, 11, 30, tzinfo=UTC)),
        Article("b", "B", topics=("ai", "AI"), quality=50,
                published_at=datetime(2024, 2, 1, tzinfo=UTC)),
        Article("c", "C", topics=("AI",)),
        Article("d", "D", topics=("AI",), quality=9, kind=Kind.RELATED),
    ]  # fmt: skip
    counted = overview(iter(articles))
    assert counted.months == (
        Month(2023, 11, 1),
        Month(2023, 12, 0),
        Month(2024, 1, 0),
        Month(2024, 2, 1),
    )
    assert counted.topics == (LabelRow("AI", 3, 45.0, 2.0), LabelRow("Sea", 1, 40.0, 2.0))
    assert counted.providers == (LabelRow("Tide", 1, 40.0, 2.0),)
    assert (counted.contents.articles, counted.contents.related) == (3, 1)


def test_nothing() -> None:
    assert overview([])[1:] == ((), (), ())
