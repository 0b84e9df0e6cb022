"""The JSON documents of `search --json`, and of a line of `search --format jsonl`."""

from __future__ import annotations

from typing import TypedDict

from heatseek.wire.articles import ArticleDocument, RankedDocument


class CountDocument(TypedDict):
    """A label, or a year, and how many have it."""

    value: str
    """As most articles write it; of a year, its number in UTC as text"""
    count: int
    """How many have it"""


class FragmentDocument(TypedDict):
    """A piece of a text."""

    text: str
    """Text"""
    matched: bool
    """True: the query asked for it"""


class MarksDocument(TypedDict):
    """Title and snippet in pieces, so that what was asked for can be shown."""

    title: list[FragmentDocument]
    """The pieces of the title, in order"""
    snippet: list[FragmentDocument]
    """The pieces of the snippet, in order"""


class WordDocument(TypedDict):
    """The part of a text score that a word, phrase or prefix of the query gave."""

    text: str
    """The word"""
    score: float
    """Its part of the text score"""
    fields: dict[str, float]
    """Its parts by field"""
    exact: bool | None
    """The article has it with the accents that were typed, which decides between equal scores;
    null where there are none"""
    articles: int
    """How many articles have it: the fewer, the more it counts"""
    weight: float
    """That the query gives it, as `^2` does"""
    times: dict[str, int]
    """How often it stands in each of these fields; a pattern or a label counts once"""
    weights: dict[str, float]
    """How much each time counts there"""


class SignalDocument(TypedDict):
    """The value of the article, and how much it can count."""

    value: float | None
    """The number; of `recency` the age in days, 0 for the future; null: unknown"""
    weight: float
    """How much it counts"""
    scale: float
    """The number that earns half of the weight; of `recency` the half-life in days"""


class ArithmeticDocument(TypedDict):
    """The numbers that quality, heat and recency are worked out from."""

    quality: SignalDocument
    """It adds `weight * value / (value + scale)`"""
    heat: SignalDocument
    """Likewise"""
    recency: SignalDocument
    """Of the age: `1 - weight + weight * 2 ** (-value / scale)`"""


class SaturationDocument(TypedDict):
    """Quality and heat before their weights, from 0 to 1."""

    quality: float
    """0 where it is unknown"""
    heat: float
    """Likewise"""


class MeaningDocument(TypedDict):
    """What nearness in meaning adds to a text score: `weight * best * nearness`."""

    effect: float
    """What it adds"""
    nearness: float
    """The cosine of article and query, beside the greatest one of any article"""
    weight: float
    """That of `--meaning`"""
    best: float
    """The text score of the match that is best by words; 1 if there is none"""


class ExplanationDocument(TypedDict):
    """How a score came about: `text * boost`, or `(text + meaning.effect) * boost`."""

    text: float
    """The text score, the sum of the words' scores"""
    quality: float
    """The part that quality adds to the factor: weight times saturation"""
    heat: float
    """The part that heat adds"""
    recency: float
    """The factor for the age"""
    boost: float
    """The whole factor: `(1 + quality + heat) * recency`"""
    saturation: SaturationDocument
    """Of quality and heat"""
    bounds: list[float]
    """The least and the greatest factor under these weights"""
    arithmetic: ArithmeticDocument
    """The numbers that quality, heat and recency are worked out from"""
    meaning: MeaningDocument | None
    """With `--meaning`, of a hit that vectors rank; else null"""
    words: list[WordDocument]
    """The words, phrases and prefixes of the query, and `(all words in the title)` where that
    adds to them"""


class HitDocument(RankedDocument, ArticleDocument):
    """An article in its place of a ranking."""

    snippet: str
    """A passage of the excerpt, or of the body where only that has what was asked for;
    possibly empty"""
    marks: MarksDocument
    """Title and snippet in pieces"""
    score: float
    """The number that hits are ordered by, unless `--sort` says otherwise"""
    words: str | None
    """`all` or `some` of the words of the query: up to three words by relevance, hits with all
    come first; null where that is not told, as with `--similar`"""
    others: list[str]
    """With `--group story`, of a hit that stands for several: the ids of the others about the
    same story, best first; else empty"""
    explanation: ExplanationDocument | None
    """With `--explain`: how the score came about; else null"""


class ResultsDocument(TypedDict):
    """`search --json` (the same as `--format json`): a page of hits."""

    version: int
    """1"""
    query: str
    """The query text as it was given"""
    understood: str | None
    """With `--explain`: the query as it was searched, in the query language; else null"""
    total: int
    """How many articles match, whatever the page shows: of up to three words those that have
    all, unless there is none; with `--new` how many new ones"""
    total_some: int | None
    """How many more have only some of the words, and come after these; null where no others
    follow: with `--all` and `--any`, in other orders, and if no article has all"""
    with_all: int | None
    """How many of `total` have all words of the query, where some are enough; else null"""
    near: int | None
    """With `--meaning`: how many of the matches have none of the words; else null"""
    ages_from: str | None
    """Where the age has a weight: the date of the newest article, from which ages are counted;
    null without such a weight, and with `--now`"""
    stories: int | None
    """With `--group story`: how many hits there are to page through, in the best 1,000 matches,
    or as many as are asked for; else null"""
    took_ms: float
    """Milliseconds in the search itself, without starting up"""
    hits: list[HitDocument]
    """The page: up to `--limit` hits from `--offset` on, best first"""
    facets: dict[str, list[CountDocument]]
    """With `--facet` or `--facets`: counts of all matches, after filters, by `topic`,
    `provider`, `category`, `type`, `year` or a declared facet; the most frequent first, all
    unless `--facet NAME:N`; else empty"""
    suggestion: str | None
    """If nothing matched as typed: `query` without its misspelt words, as it was searched"""
    notices: list[str]
    """Lines for people, as on stderr: how the query was understood, and mistakes in it"""
