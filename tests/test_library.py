"""The library: what a program asks an open index, by natural arguments, and gets."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import json
import os
import pickle
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from enum import Enum
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient

import heatseek
from cli_runs import make_archive, run
from heatseek import errors, search
from heatseek.ranking import Boosts
from heatseek.search.request import ARGUMENTS, SearchRequest, request_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

LAYOFFS = "https://crn.com/layoffs"
NEWEST_FIRST = ["sub/solar.md", "climax.md", LAYOFFS, "reef.md", "hostile.md"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive and its index."""
    folder = tmp_path_factory.mktemp("library")
    heatseek.rebuild(make_archive(folder), folder / "index")
    return folder


@pytest.fixture(scope="module")
def index(home: Path) -> Iterator[heatseek.Index]:
    with heatseek.open_index(home / "index") as index:
        yield index


def ids(results: heatseek.Results) -> list[str]:
    return [hit.article.id for hit in results]


@pytest.mark.parametrize("query", ["", "*", "  "])
def test_a_search_for_nothing_gives_every_article_the_newest_first(
    index: heatseek.Index, query: str
) -> None:
    assert ids(index.search(query)) == NEWEST_FIRST
    assert ids(index.search()) == NEWEST_FIRST
    counted = index.search(query, limit=0, facets="year")
    assert (counted.total, counted.hits) == (5, ())
    assert [tuple(each) for each in counted.facets["year"].values] == [
        *(("2023", 2), ("2020", 1), ("2021", 1), ("2024", 1)),
    ]


@pytest.mark.parametrize("words", [(), ("*",)])
def test_so_on_the_command_line(home: Path, words: tuple[str, ...]) -> None:
    page = json.loads(run("search", *words, "--json", cwd=home).out)
    assert [hit["id"] for hit in page["hits"]] == NEWEST_FIRST
    assert run("search", *words, "--format", "paths", cwd=home).out.splitlines()[0] == (
        "seeds/sub/solar.md"
    )
    counted = run("search", *words, "--facets", "-n", "0", cwd=home)
    assert counted.code == 0
    assert "2023" in counted.out
    assert "5 matches" in counted.out


def test_natural_arguments(index: heatseek.Index) -> None:
    assert ids(index.search(topics="AI")) == ids(index.search(topics=["AI"])) == ["climax.md"]
    east = timezone(timedelta(hours=2))
    for day in (
        *("2023-03-14", date(2023, 3, 14), datetime(2023, 3, 14, tzinfo=UTC)),
        *(datetime(2023, 3, 14), datetime(2023, 3, 14, 2, tzinfo=east)),  # noqa: DTZ001 - as given
    ):
        assert ids(index.search(after=day, sort="date")) == NEWEST_FIRST[:2]
        assert index.search(before=day).total == 3
    assert index.search(after="last year", now="2024-06-01").total == 3
    whole = index.search("climate", boosts=Boosts(quality=0.0, heat=3.0))
    for boosts in ({"quality": 0, "heat": 3}, "quality=0,heat=3", ["quality=0", "heat=3"]):
        assert index.search("climate", boosts=boosts).hits == whole.hits
    assert index.search("climate").hits != whole.hits
    assert index.search("climate", rank="relevance", boosts={"heat": 3}).hits == whole.hits
    assert index.search(facets="topic").facets == index.search(facets=["topic"]).facets


def test_a_request_is_a_search(index: heatseek.Index) -> None:
    request = index.request("climate", topics="AI")
    assert request == request_of("climate", topics="AI")
    assert index.search(request).hits == index.search("climate", topics="AI").hits
    with pytest.raises(heatseek.ArgumentError, match="topics: a whole request takes no arguments"):
        index.search(request, topics="AI")


def test_no_such_argument(index: heatseek.Index) -> None:
    for use in (request_of, index.search, index.request):
        with pytest.raises(TypeError, match="unexpected argument 'topic'; there are after, before"):
            use("climate", topic="AI")  # type: ignore[call-arg]  # the fault


SOME: list[dict[str, Any]] = [
    *({"limit": limit} for limit in (1, True, 1.0, None)),
    *({"explain": flag, "limit": 2} for flag in (True, 1)),
    {"limit": 2, "explain": True},
    {},
]


@pytest.mark.parametrize("query", ["climate", "", "\udc80", 7])
def test_a_request_does_not_depend_on_the_one_before(index: heatseek.Index, query: Any) -> None:
    for before, arguments in product(SOME, repeat=2):
        made(index.request, "ai", before)
        assert made(index.request, query, arguments) == made(request_of, query, arguments)


def test_lists_and_dates_of_a_request_are_read_each_time(
    index: heatseek.Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    topics = ["AI"]
    assert index.request("climate", topics=topics).topics == ("AI",)
    topics.append("Climate")
    assert index.request("climate", topics=topics).topics == ("AI", "Climate")
    days = iter(range(1, 9))

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Clock:
            return cls(2023, 6, next(days), tzinfo=tz)

    monkeypatch.setattr(search.request, "datetime", Clock)
    assert index.request(after="yesterday").after != index.request(after="yesterday").after


def made(use: Any, query: Any, arguments: dict[str, Any]) -> Any:
    try:
        return repr(use(query, **arguments))
    except heatseek.ArgumentError as error:
        return str(error)


def test_counts(index: heatseek.Index) -> None:
    several = ("climate", index.request("climate", topics="AI"), "", "xyzzy")
    assert index.count(several) == tuple(index.search(each).total for each in several)
    assert index.count(several) == (4, 1, 5, 0)
    assert index.count("climate") == (4,)
    assert index.count(()) == ()


def test_single_articles(index: heatseek.Index, home: Path) -> None:
    article = index.get("reef.md")
    assert article is not None
    assert article.title == "A quiet reef learns to sing"
    assert index.get("none.md") is None
    for text in ("climax.md", str(home / "seeds/climax.md"), "https://infoq.com/climax"):
        found = index.find(text)
        assert (found.article.id, found.notices) == ("climax.md", ())
        assert [each.id for each in found.article.related] == [LAYOFFS]
    for text in ("none.md", "https://example.com/none", "\0", "x" * 5_000, "x" * 300 + "\xe9"):
        with pytest.raises(heatseek.NoArticleError):
            index.find(text)
    assert sorted(each.id for each in index.articles()) == sorted(NEWEST_FIRST)
    marked = index.highlights("quiet", article)
    assert [each.text for each in marked.title if each.matched] == ["quiet"]
    assert ids(index.similar("climax.md"))[0] != "climax.md"


def test_differences(tmp_path: Path) -> None:
    seeds = make_archive(tmp_path)
    heatseek.rebuild(seeds, tmp_path / "index")
    with heatseek.open_index(tmp_path / "index") as index:
        assert index.differences() == (0, 0, 0)
        (seeds / "reef.md").unlink()
        (seeds / "new.md").write_text("---\ntitle: New\n---\n")
        assert index.differences() == (1, 0, 1)


# Plain data.


def copies(value: Any) -> Iterator[Any]:
    yield copy.copy(value)
    yield copy.deepcopy(value)
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        yield pickle.loads(pickle.dumps(value, protocol))  # noqa: S301


def is_plain(value: Any) -> bool:
    """Whether a value is made of what the standard library has."""
    if isinstance(value, dict):
        return all(map(is_plain, value)) and all(map(is_plain, value.values()))
    if isinstance(value, tuple | list | frozenset):
        return all(map(is_plain, value))
    return value is None or isinstance(value, str | int | float | datetime | tzinfo | Enum)


def test_results_and_requests_are_plain_data(index: heatseek.Index) -> None:
    arguments: dict[str, Any] = {
        "topics": "AI",
        "after": "2020",
        "boosts": {"heat": 1},
        "facets": "topic:3",
        "explain": True,
        "group": True,
        "now": "2024-06-01",
        "where": "quality>5",
    }
    request = index.request("climate", **arguments)
    results = index.search(request)
    assert results.hits
    for value in (request, results, results.hits[0]):
        for other in copies(value):
            assert other == value
        assert is_plain(dataclasses.asdict(value))
    assert dataclasses.asdict(results)["hits"][0]["article"]["id"] == "climax.md"
    assert index.search(next(copies(request))).hits == results.hits
    assert json.loads(json.dumps(results.to_dict(), allow_nan=False)) == results.to_dict()
    assert isinstance(results.hits[0].title, str)
    assert isinstance(results.hits[0].snippet, str)


def instances() -> Iterator[errors.HeatseekError]:
    """Errors of each kind, with as many attributes as they have."""
    yield errors.ArgumentError("after", 5, "not a date")
    yield errors.QueryError("too long", 7, "cut it")
    yield errors.IndexOutdatedError("old", "/a")
    yield errors.ArticleError("no text", 3, 4)
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, errors.HeatseekError):
            _, *parameters = inspect.signature(kind.__init__).parameters.values()
            needed = [each.name for each in parameters if each.default is each.empty]
            yield kind(*(name for name in needed if name != "kwargs"))


@pytest.mark.parametrize("error", list(instances()), ids=repr)
def test_errors_can_be_copied_and_pickled(error: errors.HeatseekError) -> None:
    for other in copies(error):
        assert type(other) is type(error)
        assert (str(other), vars(other)) == (str(error), vars(error))


def test_an_endpoint_of_a_web_service(index: heatseek.Index) -> None:
    def search(request: Request) -> JSONResponse:
        parameters = request.query_params
        try:
            results = index.search(
                parameters.get("q", ""),
                topics=parameters.getlist("topic"),
                facets=parameters.getlist("facet"),
                limit=parameters.get("limit"),
            )
        except heatseek.ArgumentError as error:
            return JSONResponse({"argument": error.argument, "error": str(error)}, 422)
        return JSONResponse(results.to_dict())

    client = TestClient(Starlette(routes=[Route("/search", search)]))
    answer = client.get("/search", params={"q": "climate", "topic": "AI", "facet": "year"})
    expected = index.search("climate", topics="AI", facets="year").to_dict()
    assert answer.status_code == 200
    assert {**answer.json(), "took_ms": 0} == {**expected, "took_ms": 0}
    wrong = client.get("/search", params={"q": "climate", "limit": "-1"})
    assert (wrong.status_code, wrong.json()["argument"]) == (422, "limit")


# Junk.


class Strange:
    """An object whose text cannot be had."""

    def __repr__(self) -> str:
        raise RuntimeError("no")


class Nowhere:
    """A path of bytes."""

    def __fspath__(self) -> bytes:
        return b"\xff"


junk = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([10**5_000, -(10**400), float("nan"), float("inf"), 1e308, 2**64]),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["\0", "\ud800", "@x", "all", "topic:", "x" * 5_000, "2023-02-30", "9999"]),
    st.binary(max_size=5),
    st.datetimes(),
    st.sampled_from(
        [
            datetime.max.replace(tzinfo=timezone(-timedelta(hours=5))),
            datetime.min.replace(tzinfo=timezone(timedelta(hours=5))),
        ]
    ),
    st.dates(),
    st.builds(Strange),
    st.builds(Nowhere),
    st.builds(heatseek.Facet, st.one_of(st.integers(), st.just("topic")), st.text(max_size=3)),
    st.just(len),
)
junk |= st.lists(junk, max_size=3) | st.dictionaries(st.text(max_size=8) | st.integers(), junk)

REQUEST = sorted({"query", *ARGUMENTS})
FIELDS = sorted(SearchRequest.__dataclass_fields__)
BUILDS = {"report", "progress", "tell", "processes", "timeout", "language", "fields"} | {
    *("keys", "time_zone", "follow_links", "exclude"),
}


def outcome(use: Any, *args: Any, **arguments: Any) -> None:
    """Carried out, or refused in one printable line by an error of heatseek's."""
    error: heatseek.HeatseekError | None = None
    try:
        use(*args, **arguments)
    except heatseek.HeatseekError as caught:
        error = caught
    assert error is None or len(str(error).splitlines()) == 1
    assert not isinstance(error, heatseek.ArgumentError) or str(error).startswith(error.argument)


@settings(max_examples=300)
@given(arguments=st.dictionaries(st.sampled_from(REQUEST), junk, min_size=1, max_size=3))
def test_any_junk_for_a_search(index: heatseek.Index, arguments: dict[str, Any]) -> None:
    outcome(index.search, **arguments)


@settings(max_examples=200)
@given(fields=st.dictionaries(st.sampled_from(FIELDS), junk, min_size=1, max_size=2))
def test_any_junk_in_a_request(index: heatseek.Index, fields: dict[str, Any]) -> None:
    outcome(lambda: index.search(SearchRequest(**fields)))


@settings(max_examples=200)
@given(value=junk, is_open=st.booleans())
def test_any_junk_for_an_index(
    index: heatseek.Index, closed: heatseek.Index, value: Any, *, is_open: bool
) -> None:
    asked = index if is_open else closed
    for use in (asked.get, asked.labels, asked.count, asked.similar, asked.find, asked.request):
        outcome(use, value)
    outcome(asked.refresh, value)
    outcome(asked.highlights, value, value)
    outcome(asked.changes_since, value)


@settings(max_examples=200)
@given(value=junk)
def test_any_junk_for_opening(home: Path, value: Any) -> None:
    for opening in (heatseek.open_index, heatseek.open_project, heatseek.check, heatseek.origin):
        outcome(opening, value)
    for name in ("long_lived", "refresh", "synonyms"):
        outcome(heatseek.open_index, home / "index", **{name: value})


@settings(max_examples=50)
@given(name=st.sampled_from(sorted(BUILDS)), value=junk)
def test_any_junk_for_a_build(home: Path, name: str, value: Any) -> None:
    if value is len:  # a function that takes no problem
        return
    outcome(heatseek.update, home / "seeds", home / "index", **{name: value})


def test_any_junk_for_a_place(home: Path, tmp_path: Path) -> None:
    for value in (1, None, b"x", "", "\0", "\ud800", [], Nowhere()):
        for build in (heatseek.rebuild, heatseek.update, heatseek.build_missing):
            with pytest.raises(heatseek.ArgumentError, match="archive"):
                build(value, tmp_path / "index")  # type: ignore[arg-type]
            with pytest.raises(heatseek.ArgumentError, match="index"):
                build(home / "seeds", value)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def closed(home: Path) -> heatseek.Index:
    index = heatseek.open_index(home / "index")
    index.close()
    return index


def test_what_mentions_an_article(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    text = "---\ntitle: {}\nwebUrl: https://x.example/{}\nrelated:\n- title: T\n  webUrl: {}\n---\n"
    urls = {"a": "https://x.example/b", "b": "https://y.example", "c": "https://x.example/b"}
    for name, url in urls.items():
        (tmp_path / f"seeds/{name}.md").write_text(text.format(name, name, url))
    heatseek.rebuild(tmp_path / "seeds", tmp_path / "index")
    with heatseek.open_index(tmp_path / "index") as index:
        assert index.mentioned_by("b.md") == ("a.md", "c.md")
        assert index.mentioned_by("https://y.example") == ("b.md",)
        assert index.mentioned_by("a.md") == index.mentioned_by("none.md") == ()


def test_whatever_is_asked_after_closing(closed: heatseek.Index, index: heatseek.Index) -> None:
    article, results = index.get("reef.md"), index.search("reef")
    assert article is not None
    uses: dict[str, Any] = {
        "search": closed.search,
        "similar": lambda: closed.similar("reef.md"),
        "count": lambda: closed.count(["reef"]),
        "highlights": lambda: closed.highlights("reef", article),
        "get": lambda: closed.get("reef.md"),
        "find": lambda: closed.find("reef.md"),
        "article": lambda: closed.article("reef.md"),
        "mentioned_by": lambda: closed.mentioned_by("reef.md"),
        "markup": lambda: closed.markup("reef.md"),
        "completions": lambda: closed.completions("loudsp"),
        "articles": lambda: next(closed.articles()),
        "labels": lambda: closed.labels("topic"),
        "differences": closed.differences,
        "changes_since": lambda: closed.changes_since(results),
        "refresh": closed.refresh,
    }
    public = {
        name
        for name, _ in inspect.getmembers(heatseek.Index, inspect.isfunction)
        if not name.startswith("_")
    }
    assert set(uses) == public - {"close", "request"}
    for use in uses.values():
        with pytest.raises(heatseek.IndexClosedError):
            use()


WRONG: dict[str, Any] = {
    "topics": 5,
    "providers": [""],
    "after": "soon",
    "before": 3.5,
    "published": "yes",
    "related": 1,
    "where": "price>",
    "sort": "size",
    "rank": "best",
    "boosts": {"speed": 1},
    "half_life": "soon",
    "matching": "most",
    "limit": 2.5,
    "offset": -1,
    "explain": "no",
    "facets": "size",
    "facet_limit": "few",
    "group": None,
    "similar_to": "none.md",
    "snippet_length": -1,
    "now": [],
}


@pytest.mark.parametrize("argument", WRONG)
def test_the_argument_is_named(index: heatseek.Index, argument: str) -> None:
    with pytest.raises(heatseek.ArgumentError) as caught:
        index.search(**{argument: WRONG[argument]})
    assert caught.value.argument == argument
    assert str(caught.value).startswith(argument)
    assert caught.value.reason


# Making and checking.


def test_an_index_is_built_once_where_it_is_missing(tmp_path: Path) -> None:
    seeds, index = make_archive(tmp_path), tmp_path / "index"
    assert heatseek.check(index).state == "missing"
    assert heatseek.origin(index) is None
    steps: list[tuple[int, int]] = []
    summary = heatseek.build_missing(seeds, index, progress=lambda *step: steps.append(step))
    assert summary is not None
    assert (summary.articles, steps[-1]) == (4, (4, 4))
    assert heatseek.build_missing(seeds, index) is None
    origin = heatseek.origin(index)
    assert origin is not None
    assert origin.archive == str(seeds.resolve())
    health = heatseek.check(index)
    assert (health.state, health.is_ill, health.flaws) == ("whole", False, ())
    assert health.generation == heatseek.open_index(index).generation


def test_a_damaged_index_is_told_and_built_with_what_it_had(tmp_path: Path) -> None:
    seeds, index = make_archive(tmp_path), tmp_path / "index"
    field = heatseek.DeclaredField("level", facet=True)
    german = heatseek.Language("german")
    heatseek.rebuild(seeds, index, fields=[field], language=german)
    (path,) = index.rglob("*.trm")
    os.truncate(path, 10)
    health = heatseek.check(index)
    assert (health.state, health.is_ill) == ("damaged", True)
    assert health.flaws
    assert heatseek.build_missing(seeds, index) is not None
    with heatseek.open_index(index) as opened:
        assert opened.generation.fields == (field,)
        assert opened.generation.language == german


def test_folders_of_others_and_problems_of_files(tmp_path: Path) -> None:
    seeds = make_archive(tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other/letter.txt").write_text("dear")
    assert heatseek.check(tmp_path / "other").state == "foreign"
    (seeds / "bad.md").write_bytes(b"\xff\xfe\x00")
    problems: list[heatseek.Problem] = []
    heatseek.rebuild(seeds, tmp_path / "index", report=problems.append)
    assert [str(problem).partition(":")[0] for problem in problems] == ["bad.md"]
    with pytest.raises(heatseek.OtherArchiveError):
        heatseek.update(tmp_path / "other", tmp_path / "index")


def test_watching(tmp_path: Path) -> None:
    seeds, index = make_archive(tmp_path), tmp_path / "index"

    class Enough(Exception):  # noqa: N818 - ends the watching
        pass

    class Listener:
        def __getattr__(self, name: str) -> Any:
            return lambda *_: None

        def updated(self, summary: heatseek.Summary) -> None:
            raise Enough(summary.articles)

    with pytest.raises(Enough, match="4"):
        heatseek.watch(seeds, index, Listener())
    with heatseek.open_index(index) as opened:
        assert opened.search().total == 5
