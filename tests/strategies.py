"""Random articles, queries and requests, from few words, so that they meet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from heatseek.article import Article, Kind, Provider
from heatseek.engines.model import Entrants, Request, Tiers
from heatseek.query import tree
from heatseek.query.filters import Filters
from heatseek.query.rewriting import relax, require
from heatseek.ranking import Boosts
from heatseek.results import Sort
from heatseek.schema import PRESENCE

WORDS = (
    "climate climates Climate AI model modelling computing computer the of state-of-the-art "
    "e-mail email mail GPT-4 GPT4 gpt 4 C++ C .NET ASP.NET net O'Reilly reilly Zürich zurich "
    "机器学习 机器 学习 node.js it's don't 10,000 10000 3.5 us U.S. a-a "
    "Zúrich हिन्दी-भाषा हिन्दी Михаи́л михаил กินข้าว ข้าว v2.0.1 2.0.1"
).split()
LABELS = ["AI", "ai", "Machine Learning", "machine  learning", "Énergie", "energie", "news"]
EPOCH = datetime(2023, 1, 1, tzinfo=UTC)

texts = st.lists(st.sampled_from([*WORDS, *WORDS, "—", "!", "."]), max_size=8).map(" ".join)
labels = st.sampled_from(LABELS)
hours = st.sampled_from([0, 0, 3, 13, 23])
dates = st.none() | st.builds(
    lambda days, hours: EPOCH + timedelta(days=days, hours=hours), st.integers(-5, 5), hours
)
ZONES = (UTC, timezone(timedelta(hours=9)), ZoneInfo("America/New_York"))
bounds_of_dates = st.builds(
    lambda date, zone: date and date.astimezone(zone), dates, st.sampled_from(ZONES)
)
mentioning = st.lists(st.sampled_from(["00.md", "b/07.md", "b.md"]), max_size=2, unique=True).map(
    lambda ids: tuple(sorted(ids))
)
scores = st.none() | st.sampled_from([0, 1, 50, 99, 189, 3694, 2**53])


@st.composite
def articles(draw: st.DrawFn, id_: str) -> Article:
    related = draw(st.booleans())
    return Article(
        id=id_,
        title=draw(texts) or "untitled",
        excerpt=draw(texts),
        body=draw(texts),
        topics=tuple(draw(st.lists(labels, max_size=3, unique=True))),
        provider=Provider(
            draw(st.none() | labels),
            draw(st.none() | st.just("infoq.com")),
            tuple(draw(st.lists(labels, max_size=1))),
        ),
        category=draw(st.none() | labels),
        type=draw(st.none() | labels),
        published_at=draw(dates),
        updated_at=draw(dates),
        aliases=tuple(draw(st.lists(texts.filter(bool), max_size=2))),
        quality=draw(scores),
        heat=draw(scores),
        published=draw(st.none() | st.booleans()),
        kind=Kind.RELATED if related else Kind.ARTICLE,
        related_to=draw(mentioning),
        url=draw(st.none() | st.sampled_from(LINKS)),
        image=draw(st.none() | st.just("https://example.com/image.png")),
    )


@st.composite
def archives(draw: st.DrawFn, max_size: int = 12) -> list[Article]:
    size = draw(st.integers(0, max_size))
    # Not in the order of their ids.
    ids = [f"{('', 'b/', 'B/Énergie/')[n % 3]}{n * 7 % 13:02}.md" for n in range(size)]
    return [draw(articles(id_)) for id_ in ids]


fields = st.sampled_from([None, None, None, "title", "excerpt", "topics", "provider", "body"])
label_fields = st.sampled_from(["category", "type", "related"])
LINKS = [
    "https://www.infoq.com/news/2023/03/climax-AI/?utm=a",
    "http://infoq.com",
    "https://example.com/Énergie/ai_climate#part",
    "https://sub.example.com:8080/infoq/news",
]
PARTS_OF_LINKS = [
    *("infoq.com", "InfoQ.com/news", "https://www.infoq.com/news/2023/", "ai", "energie/ai"),
    *("com", "www.example.com", "xample", "news 2023", "?!", "http://"),
]
parts_of_links = st.sampled_from(PARTS_OF_LINKS)
wild_parts = st.sampled_from(["inf?q", "e*e.com", "?i", "*", "a*"])
WILDCARDS = [
    "c*m*t?",
    "?pt",
    "*",
    "e-m?il",
    "*mail",
    "g*4",
    "*t",
    "c*",
    "Z?R*",
    "?",
    "机*",
    "1?000",
    "-?-",
    "हि*",
    "?2.0.*1",
]
PATHS = ["b", "B", "b/energie", "b/0", "00.md", "b/*", "*/energie", "b/?7.md", "*", "none", "0*"]
MISSPELT = [
    "climat",
    "clmiate",
    "modle",
    "e-mial",
    "gtp4",
    "zurihc",
    "ai",
    "学习",
    "10001",
    "C++",
    "--",
]
near_texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join) | st.just("?!")
distances = st.integers(0, 2)
bounds = st.none() | st.sampled_from([-1, 0, 1, 50, 99, 189, 3694, 2**53])
seconds = st.none() | st.integers(-6, 6).map(lambda d: int(EPOCH.timestamp()) + d * 43_200)
leaves = st.one_of(
    st.builds(tree.Term, st.sampled_from(WORDS), fields),
    st.builds(tree.Term, st.sampled_from(["foo/bar", "e-mail/AI", "?!", "AI机器"]), fields),
    st.builds(tree.Phrase, texts.filter(bool), fields),
    st.builds(
        tree.Prefix, st.sampled_from(["c", "cli", "comput", "gp", "e-ma", "机", "A"]), fields
    ),
    st.builds(tree.Term, labels, label_fields),
    st.builds(tree.Prefix, st.sampled_from(["m", "ÉN", "Machine l"]), label_fields),
    st.just(tree.Everything()),
    st.builds(tree.Near, near_texts, st.integers(0, 3), fields),
    st.builds(tree.Near, labels, st.integers(0, 3), label_fields),
    st.builds(tree.Wildcard, st.sampled_from(WILDCARDS), fields),
    st.builds(tree.Synonyms, st.lists(near_texts, min_size=1, max_size=4).map(tuple), fields),
    st.builds(
        tree.Wildcard, st.sampled_from(["m*g", "?i", "*", "É*e", "machine ?*"]), label_fields
    ),
    st.builds(tree.Fuzzy, st.sampled_from(MISSPELT), distances, fields),
    st.builds(
        tree.Fuzzy, st.sampled_from(["an", "Energy", "machin learning"]), distances, label_fields
    ),
    st.builds(tree.Range, st.sampled_from(["quality", "heat"]), bounds, bounds),
    st.builds(
        tree.Range,
        st.sampled_from(["date", "updated"]),
        seconds,
        seconds,
        st.sampled_from((None, *ZONES[1:])),
    ),
    st.builds(tree.Range, st.sampled_from(sorted(PRESENCE))),
    st.builds(
        lambda field, state: tree.Range(field, state, state),
        st.sampled_from(["published", "related"]),
        st.integers(0, 1),
    ),
    st.builds(tree.Term, st.sampled_from(["00.md", "B.md", "c.md"]), st.just("related")),
    st.builds(tree.Prefix, st.sampled_from(["0", "b."]), st.just("related")),
    st.builds(tree.Wildcard, st.sampled_from(["*7.m?", "*.md"]), st.just("related")),
    st.builds(tree.Fuzzy, st.just("70.md"), st.integers(0, 2), st.just("related")),
    st.builds(tree.Path, st.sampled_from(PATHS)),
    st.builds(tree.Term, parts_of_links, st.just("url")),
    st.builds(tree.Phrase, parts_of_links, st.just("url")),
    st.builds(tree.Prefix, parts_of_links, st.just("url")),
    st.builds(tree.Wildcard, wild_parts, st.just("url")),
)


def _groups(children: st.SearchStrategy[tree.Query]) -> st.SearchStrategy[tree.Query]:
    several = st.lists(children | children.map(tree.Not), min_size=1, max_size=4).map(tuple)
    return st.one_of(
        several.map(tree.Words),
        several.map(tree.All),
        several.map(tree.Any),
        children.map(tree.Not),
        st.builds(tree.Boosted, children, st.sampled_from([0.0, 0.5, 1.0, 3.0])),
    )


queries = st.recursive(leaves, _groups, max_leaves=6)
several_labels = st.lists(labels, max_size=2).map(tuple)
filters = st.one_of(
    st.just(Filters()),
    st.builds(
        Filters,
        topics=several_labels,
        providers=several_labels | st.just(("InfoQ.com",)),
        categories=several_labels,
        types=several_labels,
        after=bounds_of_dates,
        before=bounds_of_dates,
        published=st.none() | st.booleans(),
        related=st.none() | st.booleans(),
        where=st.lists(leaves, max_size=2).map(tuple),
        excluded=st.just(()),
    ),
)
weights = st.sampled_from([0.0, 0.5, 1.0, 7.5])
boosts = st.builds(
    Boosts,
    title=st.sampled_from([0.0, 0.3, 1.0, 7.0]),
    quality=weights,
    heat=weights,
    recency=st.sampled_from([0.0, 0.0, 0.3, 1.0]),
    half_life=st.sampled_from([0.5, 30.0]),
)
some_ids = st.lists(
    st.sampled_from([f"{('', 'b/', 'B/Énergie/')[n % 3]}{n * 7 % 13:02}.md" for n in range(12)]),
    max_size=6,
).map(tuple)
no_entrants = st.just(Entrants())
entrants = no_entrants | no_entrants | st.builds(Entrants, some_ids, queries)
plain_requests = st.builds(
    Request,
    query=queries,
    now=st.just(EPOCH + timedelta(days=2)),
    filters=filters,
    boosts=boosts,
    sort=st.sampled_from(list(Sort)),
    ascending=st.booleans(),
    limit=st.integers(0, 8),
    offset=st.integers(0, 4),
    budget=st.none(),
    explain=st.just(True),
    facets=st.just(()),
    entrants=no_entrants,
    all_words=st.none(),
    tiers=st.just(Tiers.NONE),
)


def _with_all_words(request: Request, tiers: Tiers) -> Request:
    """The request as one that some of its words answer, and that tells which matches have all."""
    some, every = relax(request.query), require(request.query)
    return request._replace(query=some, all_words=every, tiers=tiers)


requests_in_tiers = st.builds(
    _with_all_words,
    st.builds(
        lambda request, words: request._replace(query=words),
        plain_requests,
        st.builds(
            lambda words, others: tree.All((tree.Words(tuple(words)), *others)),
            st.lists(leaves, min_size=2, max_size=3),
            st.lists(leaves | leaves.map(tree.Not), max_size=1),
        )
        | queries,
    ),
    st.sampled_from(Tiers),
)
requests = st.builds(
    lambda request, entrants: request._replace(entrants=entrants),
    st.one_of(plain_requests, requests_in_tiers),
    entrants,
)
