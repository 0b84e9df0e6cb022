"""The keys and dates of other programs' archives."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heatseek.article import Article, Provider, from_json, to_json
from heatseek.conventions import KEYS, Conventions, key_of
from heatseek.ingest.dates import (
    DAY_FIRST,
    EITHER,
    MONTH_FIRST,
    Dates,
    evidence,
    instant,
    month_first,
)
from heatseek.ingest.keys import Format
from heatseek.ingest.normalise import normalise
from heatseek.zones import zone_of

DAY = datetime(2023, 3, 14, tzinfo=UTC)


def read(
    metadata: dict[str, Any],
    form: Format = Format(),  # noqa: B008 - immutable
) -> tuple[Article, list[str]]:
    article, flaws, _ = normalise({"title": "T", **metadata}, "", "a.md", form)
    assert from_json(to_json(article), "a.md") == article
    return article, [flaw.reason for flaw in flaws]


def at(*values: int) -> datetime:
    return datetime(*values, tzinfo=UTC)  # type: ignore[misc,arg-type]


# Keys.

SAMPLES: dict[str, tuple[Any, str, Any]] = {
    "aliases": (["Other"], "aliases", ("Other",)),
    "excerpt": ("Words.", "excerpt", "Words."),
    "topics": (["a", "b"], "topics", ("a", "b")),
    "provider": ("Jane", "provider", Provider("Jane")),
    "category": ("Harbour", "category", "Harbour"),
    "type": ("post", "type", "post"),
    "date": ("2023-03-14", "published_at", DAY),
    "updated": ("2023-03-14", "updated_at", DAY),
    "link": ("https://x.y/z", "url", "https://x.y/z"),
    "image": ("https://x.y/z.png", "image", "https://x.y/z.png"),
    "published": ("true", "published", True),
    "quality": ("5", "quality", 5),
    "heat": ("5", "heat", 5),
}
EACH = [(field, entry) for field in SAMPLES for entry in KEYS[field]]


@pytest.mark.parametrize(("field", "entry"), EACH)
def test_each_key_is_read_in_any_case_and_table(field: str, entry: str) -> None:
    value, attribute, expected = SAMPLES[field]
    key, opposite = key_of(entry)
    wanted = not expected if opposite else expected
    for metadata in (
        {key: value},
        {key.upper(): value},
        {"extra": {key: value}},
        {"Taxonomies": {key.title(): value}},
    ):
        article, notes = read(metadata)
        assert (getattr(article, attribute), notes) == (wanted, [])


@pytest.mark.parametrize("key", [key.title() for key in KEYS["title"]])
def test_titles_by_other_names(key: str) -> None:
    assert normalise({key: "Boats"}, "", "a.md").article.title == "Boats"


def test_the_first_key_with_a_value_counts() -> None:
    metadata = {"summary": "S", "description": "", "Excerpt": " ", "date": "soon", "created": DAY}
    article, notes = read(metadata)
    assert (article.excerpt, article.published_at) == ("S", DAY)
    assert notes == ["date is not a date like 2023-03-14T14:42:00Z"]


def test_of_keys_that_differ_in_case_the_first_with_a_value_counts() -> None:
    assert read({"Tags": "", "TAGS": ["a"], "tags": ["b"]})[0].topics == ("a",)


def test_what_stands_beside_a_table_goes_before_what_is_in_it() -> None:
    article, _ = read({"author": "Jane", "extra": {"author": "Joe", "tags": ["x"]}})
    assert (article.provider, article.topics) == (Provider("Jane"), ("x",))


@pytest.mark.parametrize(
    ("metadata", "category", "topics"),
    [
        ({"categories": ["A", "B"]}, "A", ("A", "B")),
        ({"categories": "A"}, "A", ("A",)),
        ({"categories": ["A", "B"], "tags": ["x"]}, "A", ("x", "B")),
        ({"categories": ["A", "B"], "tags": ["x"], "category": "C"}, "C", ("x", "A", "B")),
        ({"tags": ["x"], "keywords": ["y"]}, None, ("x",)),
        ({"tags": [{"name": "x"}, {"label": "y"}, "#z", "C#"]}, None, ("x", "y", "z", "C#")),
    ],
)
def test_categories_and_topics(
    metadata: dict[str, Any], category: str | None, topics: tuple[str, ...]
) -> None:
    article, notes = read(metadata)
    assert (article.category, article.topics, notes) == (category, topics, [])


@pytest.mark.parametrize(
    ("key", "text", "plain", "spaced"),
    [
        ("tags", "ferry, data viz, ice", ("ferry", "data viz", "ice"), None),
        ("topics", "[ferry, 'ice']", ("ferry", "ice"), None),
        ("tags", "ferry ice", ("ferry ice",), ("ferry", "ice")),
        ("keywords", "ferry", ("ferry",), None),
    ],
)
def test_lists_as_text(
    key: str, text: str, plain: tuple[str, ...], spaced: tuple[str, ...] | None
) -> None:
    assert read({key: text})[0].topics == plain
    assert read({key: text}, Format(spaced=True))[0].topics == (spaced or plain)


def test_other_titles_are_texts_and_no_addresses() -> None:
    for aliases in ("Boat notes, C#", ["Boat notes", "C#", "/2023/boats.html", "2023/boats"]):
        assert read({"aliases": aliases}, Format(spaced=True))[0].aliases == ("Boat notes", "C#")


def test_names_of_related_pages_are_nobodys_mistake() -> None:
    assert read({"related": "boats, ice"})[1] == read({"related": ["boats"]})[1] == []
    assert read({"related": {"a": "b"}})[1] == ["related is not a list"]


def test_what_is_no_list_keeps_its_commas() -> None:
    article, _ = read({"author": "Roe, Jane", "category": "Arts, Crafts"}, Format(spaced=True))
    assert (article.provider.name, article.category) == ("Roe, Jane", "Arts, Crafts")


def test_a_list_as_a_title_is_read_and_told() -> None:
    article, flaws, _ = normalise({"title": ["Coaching Call", "April 26"]}, "", "a.md")
    assert article.title == "Coaching Call, April 26"
    assert [flaw.reason for flaw in flaws] == [
        "title is a list: it was read as one text; put it in quotes"
    ]


@pytest.mark.parametrize(
    ("metadata", "published"),
    [
        ({"draft": True}, False),
        ({"draft": "false"}, True),
        ({"publish": False}, False),
        ({"published": True, "draft": True}, True),
        ({"published": "2023-03-14"}, None),
    ],
)
def test_drafts_are_held_back(metadata: dict[str, Any], published: bool | None) -> None:
    article, notes = read(metadata)
    assert (article.published, notes) == (published, [])


def test_published_may_be_a_date() -> None:
    assert read({"published": "2023-03-14"})[0].published_at == DAY


def test_paths_on_the_own_site_are_no_mistakes() -> None:
    article, notes = read({"url": "/about/", "cover": {"image": 1, "src": "img/a.png"}})
    assert (article.url, article.image, notes) == (None, None, [])
    assert read({"webUrl": "/about/"})[1] == ["webUrl is not an http(s) link"]


def test_keys_of_the_archive() -> None:
    keys = (("date", ("created",)), ("published", ("visible", "!hidden")), ("topics", ("labels",)))
    form = Format(conventions=Conventions(keys))
    metadata = {"date": "2020-01-01", "Created": "2023-03-14", "hidden": True, "labels": "a, b"}
    article, notes = read(metadata, form)
    assert (article.published_at, article.published, article.topics) == (DAY, False, ("a", "b"))
    assert notes == []


def test_aliases_are_not_the_title_again() -> None:
    assert read({"aliases": ["T", "U"]})[0].aliases == ("U",)


def test_the_date_of_a_name_stands_in() -> None:
    name = "_posts/2023-03-14-boats.md"
    assert normalise({"title": "T"}, "", name).article.published_at == DAY
    dated = normalise({"title": "T", "created": "2023-03-15"}, "", name).article
    assert dated.published_at == at(2023, 3, 15)


# Dates.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(
            (text, DAY)
            for text in (
                *("2023/03/14", "2023.3.14", "20230314", "14.03.2023", "14.3.2023", "03/14/2023"),
                *("14/03/2023", "March 14, 2023", "mar 14 2023", "14 March 2023", "14-Mar-2023"),
                *("Tuesday, 14th of March, 2023", "Tue, March 14th 2023", "2023-03-14 00:00"),
            )
        ),
        ("2023-03", at(2023, 3, 1)),
        ("March 2023", at(2023, 3, 1)),
        ("2023", at(2023, 1, 1)),
        ("2023-03-14T12:03", at(2023, 3, 14, 12, 3)),
        ("2023-03-14 8:28 PM", at(2023, 3, 14, 20, 28)),
        ("March 14, 2023 at 12:05 a.m.", at(2023, 3, 14, 0, 5)),
        ("Mar 14, 2023 8pm", at(2023, 3, 14, 20)),
        ("2023-03-14 18:28:34 UTC", at(2023, 3, 14, 18, 28, 34)),
        ("2023-03-14 08:28:00 EST", at(2023, 3, 14, 13, 28)),
        ("2023/03/14 08:28 GMT+2", at(2023, 3, 14, 6, 28)),
        ("2023-03-14 10:00 America/New_York", at(2023, 3, 14, 14)),
        ("2023-03-14T10:00[Europe/Paris]", at(2023, 3, 14, 9)),
        ("20230314T142807Z", at(2023, 3, 14, 14, 28, 7)),
        ("202303141428", at(2023, 3, 14, 14, 28)),
        ("Tue, 14 Mar 2023 18:28:34 +0000", at(2023, 3, 14, 18, 28, 34)),
        ("Tue, 14 Mar 2023 18:28:34 PDT", at(2023, 3, 15, 1, 28, 34)),
        ("Tue Mar 14 18:28:34 UTC 2023", at(2023, 3, 14, 18, 28, 34)),
        (
            "Tue Mar 14 2023 18:28:34 GMT-0500 (Eastern Standard Time)",
            at(2023, 3, 14, 23, 28, 34),
        ),
    ],
)
def test_dates_as_they_stand_in_files(text: str, expected: datetime) -> None:
    assert instant(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("March 14", "14 March", "8:28 PM", "14.13.2023", "13/13/2023", "2023-03-14 10:00 XYZ"),
        *("2023-03-14 10:00 ../../etc/passwd", "2023 March 14 15", "March 14, 2023 x", "1" * 500),
        *("20231314", "Mittwoch 14 März 2023", "03/04/2023"),
    ],
)
def test_no_date_is_guessed(text: str) -> None:
    assert instant(text) is None


def test_times_without_a_zone_are_of_the_archives_zone_and_days_of_none() -> None:
    dates = Dates(zone_of("America/New_York"))
    assert instant("2023-03-14 20:00", dates) == at(2023, 3, 15)
    assert instant("2023-03-14 20:00Z", dates) == at(2023, 3, 14, 20)
    assert instant("2023-03-14", dates) == instant("2023-03-14T00:00:00", dates) == DAY


def test_the_archive_decides_of_two_dates() -> None:
    assert instant("03/04/2023", Dates(month_first=True)) == at(2023, 3, 4)
    assert instant("03/04/2023", Dates(month_first=False)) == at(2023, 4, 3)
    _, notes = read({"ms.date": "03/04/2023"})
    assert len(notes) == 1
    assert "could be two dates" in notes[0]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *(("03/14/2023", MONTH_FIRST), ("14/03/2023", DAY_FIRST), ("03/04/2023", EITHER)),
        *(("04/04/2023", 0), ("14.03.2023", 0), ("03.04.2023", 0), ("2023-03-04", 0), (None, 0)),
        *(("0/14/2023", 0), ("14/15/2023", 0)),
    ],
)
def test_what_a_date_tells_of_the_others(value: Any, expected: int) -> None:
    assert evidence(value) == expected


@given(st.dates(min_value=datetime(1000, 1, 1).date()), st.booleans())  # noqa: DTZ001
def test_evidence_is_true(day: Any, months: bool) -> None:
    first, second = (day.month, day.day) if months else (day.day, day.month)
    text = f"{first}/{second:02}/{day.year}"
    told = evidence(text)
    assert told in ({0, EITHER} | ({MONTH_FIRST} if months else {DAY_FIRST}))
    assert instant(text, Dates(month_first=months)) == at(day.year, day.month, day.day)


def test_most_files_decide() -> None:
    assert month_first([MONTH_FIRST, MONTH_FIRST | EITHER, DAY_FIRST, 0]) is True
    assert month_first([DAY_FIRST]) is False
    assert month_first([DAY_FIRST, MONTH_FIRST, EITHER]) is None
