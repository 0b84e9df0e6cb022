from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from heatseek.article import Article, Kind, Provider
from heatseek.errors import ArticleError
from heatseek.ingest.markup import MAX_BODY
from heatseek.ingest.normalise import MAX_NOTES, MAX_RELATED, MAX_TITLE, normalise


def read(body: str = "", **metadata: Any) -> tuple[Article, list[str]]:
    article, flaws, _ = normalise({"title": "T", **metadata}, body, "a.md")
    return article, [flaw.reason for flaw in flaws]


def test_everything_an_article_says() -> None:
    metadata = {
        "title": " A  title\n",
        "excerpt": "Some <b>text</b>",
        "topics": ["AI", "ai", "ML"],
        "provider": {"name": "InfoQ", "domain": "infoq.com"},
        "category": "news",
        "type": "article",
        "publishedDateTime": "2023-03-14T14:42:00Z",
        "originalUrl": "https://x.y/original",
        "webUrl": "https://x.y/web#part",
        "quality": "56",
        "heat": "76",
        "published": "true",
        "images": [{"url": "https://x.y/i.png"}, {"url": "https://x.y/j.png"}],
        "secured": "SEKRET",
        "unknown": {"key": "value"},
    }
    expected = Article(
        id="news/a.md",
        title="A title",
        excerpt="Some text",
        body="Body",
        topics=("AI", "ML"),
        provider=Provider("InfoQ", "infoq.com"),
        category="news",
        type="article",
        published_at=datetime(2023, 3, 14, 14, 42, tzinfo=UTC),
        url="https://x.y/web#part",
        quality=56,
        heat=76,
        published=True,
        image="https://x.y/i.png",
    )
    assert normalise(metadata, "*Body*", "news/a.md")[:2] == (expected, ())


def test_a_title_is_all_it_takes() -> None:
    assert read() == (Article(id="a.md", title="T"), [])


def test_names_and_descriptions_stand_in() -> None:
    metadata = {"title": "", "name": "N", "excerpt": None, "description": " ", "bio": "B"}
    article = normalise(metadata, "", "a.md").article
    assert (article.title, article.excerpt) == ("N", "B")


@pytest.mark.parametrize("title", [None, "", " \x00", [], [[]], {"a": 1}, "<p></p>"])
def test_without_a_title_the_first_heading_is_one_and_then_the_name(title: Any) -> None:
    article = normalise({"title": title}, "Body\n\n# Heading\n", "a-b.md").article
    assert article.title == "Heading"
    article = normalise({"title": title}, "Body", "a-b.md").article
    assert article.title == "A b"


def test_html_files_are_no_markdown() -> None:
    article = normalise({"title": "T"}, "<p>*a*</p>\n\n# b", "a.HTML").article
    assert article.body == "*a*\n# b"


@pytest.mark.parametrize(
    ("value", "expected", "problems"),
    [
        ("67", 67, 0),
        (67, 67, 0),
        (" 67.9 ", 67, 0),
        (0.5, 0, 0),
        ("1e2", 100, 0),
        ("-1", None, 0),
        ("-0.5", None, 0),
        (-(10**400), None, 0),
        (10**400, 2**53, 0),
        ("9" * 5_000, 2**53, 0),
        (math.inf, 2**53, 0),
        (None, None, 0),
        ("", None, 0),
        ("good", None, 1),
        ("nan", None, 1),
        (math.nan, None, 1),
        (True, None, 1),
        ([1], None, 1),
        ("1_000", None, 1),
    ],
)
def test_quality_and_heat_are_counts(value: Any, expected: int | None, problems: int) -> None:
    article, notes = read(quality=value, heat=value)
    assert (article.quality, article.heat) == (expected, expected)
    assert notes == [f"{key} is not a number" for key in ("quality", "heat")][: 2 * problems]


@pytest.mark.parametrize(
    ("value", "expected", "problems"),
    [
        *((value, True, 0) for value in (True, "true", "Yes", "ON", 1)),
        *((value, False, 0) for value in (False, "false", "no", " off ", "0")),
        *((value, None, 0) for value in (None, "")),
        *((value, None, 1) for value in ("maybe", 2, [], {}, math.nan)),
    ],
)
def test_published_in_any_spelling(value: Any, expected: bool | None, problems: int) -> None:
    article, notes = read(published=value)
    assert article.published is expected
    assert notes == ["published is neither true nor false"][:problems]


@pytest.mark.parametrize(
    ("value", "expected", "problems"),
    [
        ("AI", ("AI",), 0),
        (["b", "A", "a", "B ", None, ""], ("b", "A"), 0),
        (["a", ["b"], {"c": 1}, 2, True, date(2023, 1, 2)], ("a", "2", "true", "2023-01-02"), 2),
        ({"a": "b"}, (), 1),
        (["x" * 300], ("x" * 200,), 1),
        (["[[Ice]]", "[[people/jo|Jo]]", "[Sea](#sea)", "[a] b"], ("Ice", "Jo", "Sea", "[a] b"), 0),
        ("[[Ice]]", ("Ice",), 0),
        ("[[Ice]], Sea, [[people/jo|Jo]]", ("Ice", "Sea", "Jo"), 0),
        ("[Ice, [[Sea, deep]]]", ("Ice", "Sea, deep"), 0),
        ("[Ice](#ice), Sea", ("Ice", "Sea"), 0),
        ([["Ice"]], ("Ice",), 0),
        ([[["Ice"]], [["people/jo|Jo"]], "Sea"], ("Ice", "Jo", "Sea"), 0),
        ([str(n) for n in range(500)], tuple(str(n) for n in range(200)), 1),
        (None, (), 0),
    ],
)
def test_topics(value: Any, expected: tuple[str, ...], problems: int) -> None:
    article, notes = read(topics=value)
    assert article.topics == expected
    assert len(notes) == problems


@pytest.mark.parametrize(
    ("value", "expected", "problems"),
    [
        ("InfoQ", Provider("InfoQ"), 0),
        ({"domain": "x.y"}, Provider(None, "x.y"), 0),
        ({"name": ["x"], "domain": 5}, Provider(None, "5"), 1),
        (["x", {"name": "Y"}, "X", "z"], Provider("x", None, ("Y", "z")), 0),
        ([{"name": "Y", "domain": "y.org"}, ["x"]], Provider("Y", "y.org"), 1),
        ([["people/jo|Jo"]], Provider("Jo"), 0),
        ("https://www.Example.org/a", Provider(None, "example.org"), 0),
        ("[Jo](https://jo.example) (Pier 7), [Al](#al)", Provider("Jo (Pier 7), Al"), 0),
        ({}, Provider(), 0),
    ],
)
def test_providers(value: Any, expected: Provider, problems: int) -> None:
    article, notes = read(provider=value)
    assert article.provider == expected
    assert len(notes) == problems


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"path": "2023/03/14/boats"}, "2023-03-14"),
        ({"permalink": "/log/2023/03/14/boats.html"}, "2023-03-14"),
        ({"url": "https://boats.example/2023/03/14/"}, "2023-03-14"),
        ({"path": "2023/03/14/boats", "date": "2024-01-01"}, "2024-01-01"),
        ({"path": "2023/13/14/boats"}, None),
        ({"path": "12023/03/14/boats"}, None),
        ({"path": ["2023/03/14/"]}, None),
    ],
)
def test_an_address_may_tell_the_date(metadata: dict[str, Any], expected: str | None) -> None:
    found = read(**metadata)[0].published_at
    assert (found and found.date().isoformat()) == expected


def test_the_original_url_stands_in_for_a_bad_one() -> None:
    article, notes = read(webUrl="javascript:alert(1)", originalUrl="http://x.y")
    assert article.url == "http://x.y"
    assert notes == ["webUrl is not an http(s) link"]
    assert read(originalUrl="http://x.y")[0].url == "http://x.y"


@pytest.mark.parametrize(
    ("value", "expected", "problems"),
    [
        ([{"url": "https://x.y/i"}, "https://x.y/j"], "https://x.y/i", 0),
        ({"url": "https://x.y/i"}, "https://x.y/i", 0),
        ("https://x.y/i", "https://x.y/i", 0),
        (["https://x.y/i"], "https://x.y/i", 0),
        ([], None, 0),
        ([{}], None, 0),
        ({"url": "/assets/i.png"}, None, 1),
        ([["x"]], None, 1),
    ],
)
def test_the_first_image(value: Any, expected: str | None, problems: int) -> None:
    article, notes = read(images=value)
    assert article.image == expected
    assert len(notes) == problems


def test_bad_dates_are_reported() -> None:
    article, notes = read(publishedDateTime="2023-02-30")
    assert article.published_at is None
    assert notes == ["publishedDateTime is not a date like 2023-03-14T14:42:00Z"]


def test_related_articles() -> None:
    entry = {
        "title": "R",
        "excerpt": "E",
        "webUrl": "HTTPS://X.Y:443/r#a",
        "provider": "P",
        "publishedDateTime": "2023-03-14",
        "quality": "5",
        "type": "article",
        "topics": ["t"],
        "secured": "SEKRET",
    }
    expected = Article(
        id="https://x.y/r",
        title="R",
        excerpt="E",
        topics=("t",),
        provider=Provider("P"),
        type="article",
        published_at=datetime(2023, 3, 14, tzinfo=UTC),
        url="HTTPS://X.Y:443/r#a",
        quality=5,
        kind=Kind.RELATED,
    )
    article, notes = read(related=[entry])
    assert (article.related, notes) == ((expected,), [])


def test_related_entries_that_cannot_be_hits_are_left_out() -> None:
    entries = [{"title": "a"}, {"webUrl": "http://x"}, "b", None, {"title": "c", "webUrl": "d"}]
    article, notes = read(related=[*entries, {"title": "ok", "originalUrl": "http://x"}])
    assert [related.title for related in article.related] == ["ok"]
    assert notes == [
        "related entry 1 was left out: it has no link",
        "related entry 2 was left out: it has no title",
        "related entry 3 is not a mapping",
        "related entry 4 is not a mapping",
        "related entry 5: webUrl is not an http(s) link",
        "related entry 5 was left out: it has no link",
    ]


def test_lengths_are_limited_and_said() -> None:
    entry = {"title": "r", "webUrl": "http://x"}
    article, notes = read(
        "b" * 4 * MAX_BODY, title="t" * 9_999, excerpt="e" * 99_999, related=[entry] * 1_500
    )
    assert len(article.title) == MAX_TITLE
    assert len(article.excerpt) == 20_000
    assert len(article.body) == MAX_BODY
    assert len(article.related) == MAX_RELATED
    assert notes == [
        "title was cut to 1,000 characters",
        "excerpt was cut to 20,000 characters",
        "body was cut to 1,000,000 characters",
        "related has more than 1,000 entries: the rest was left out",
    ]


def test_a_flood_of_problems_is_counted() -> None:
    _, notes = read(related=[1] * 999)
    assert len(notes) == MAX_NOTES + 1
    assert notes[-1] == "and 979 more values"


KEYS = (
    "title name excerpt description bio topics provider domain category type publishedDateTime "
    "webUrl originalUrl quality heat published related images url secured"
).split()
NASTY = [
    *("\ud800", "\x00\x1b[31mred\x1b]0;x\x07\x9b1m", "\u202etxt\u2066", "&#27;&#x202e;&#xd800;"),
    *("<script>", "<!--", "http://x.y", "https://a\ud800b/", "9" * 5_000, "-1", "2023-02-30"),
    *("0001-01-01T00:00:00+05:00", "javascript:x"),
]
scalars = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.floats(), st.binary(max_size=5), st.dates()),
    *(st.datetimes(), st.times(), st.text(st.characters(), max_size=20), st.sampled_from(NASTY)),
    *(st.just(10**4_000), st.just(-(10**4_000)), st.just(object())),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(KEYS) | st.none() | st.integers(), inner, max_size=6)
    | st.tuples(inner),
    max_leaves=15,
)
links = {"title": st.sampled_from(NASTY), "webUrl": st.just("http://x.y/z")}
mentions = st.lists(st.fixed_dictionaries(links, optional={"excerpt": values, "type": values}))
metadatas = st.fixed_dictionaries(
    {"title": st.just("T") | values},
    optional=dict.fromkeys(KEYS[1:], values) | {"related": mentions | values},
)
UNSAFE = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def texts_of(article: Article) -> list[str | None]:
    own = [
        *(article.title, article.excerpt, article.body, article.category, article.type),
        *(article.url, article.image, article.provider.name, article.provider.domain),
        *article.topics,
    ]
    return own + [text for related in article.related for text in [related.id, *texts_of(related)]]


@given(metadatas, st.text(st.characters(), max_size=50) | st.sampled_from(NASTY))
@example({"title": "T", "provider": {"name": "\ud800", "domain": 10**4_000}}, "&#27;[31m")
def test_whatever_it_is_it_is_harmless(metadata: dict[Any, Any], body: str) -> None:
    try:
        article, flaws, _ = normalise(metadata, body, "a.md")
    except ArticleError:
        return
    for text in [*texts_of(article), *(flaw.reason for flaw in flaws)]:
        assert text is None or not UNSAFE.search(text)
    lines = [text for text in texts_of(article) if text is not None and text is not article.body]
    assert not any("\n" in line or line != line.strip() for line in lines)
    for one in (article, *article.related):
        assert one.quality is None or 0 <= one.quality <= 2**53
        assert one.published_at is None or one.published_at.tzinfo is UTC


@given(metadatas)
def test_secured_is_never_read(metadata: dict[Any, Any]) -> None:
    def secure(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: secure(v) for k, v in value.items()} | {"secured": "SEKRET"}
        return [secure(item) for item in value] if isinstance(value, list) else value

    try:
        said = str(normalise(secure(metadata), "", "a.md"))
    except ArticleError as error:
        said = str(error)
    assert "SEKRET" not in said
