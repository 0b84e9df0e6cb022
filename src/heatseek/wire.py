"""The JSON documents that heatseek prints or serves: the keys of each in order, and their writing.

Whoever makes a document makes one of these types, which the type checker holds; they cost nothing
at run time. docs/json.md is made from them: the text below a key is what it says of that key, and
the first line of a class what it says of the object. `VERSION` stands in each whole document.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from json.encoder import encode_basestring

from heatseek.definitions import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NotRequired, TypedDict

    from heatseek.article import Article, Value

    # Parts that several documents have.

    class ProviderDocument(TypedDict):
        """Who published, or wrote, an article."""

        name: str | None
        """Its name"""
        domain: str | None
        """Its domain, such as `infoq.com`"""
        others: list[str]
        """Names of further ones"""

    class NamedDocument(TypedDict):
        """Something that goes by an id."""

        id: str
        """The file's path relative to the archive; of a related article, its URL"""

    class RankedDocument(NamedDocument):
        """Something in its place of a ranking."""

        rank: int
        """1 for the best of all matches, whatever the offset; with `--new` of the new ones"""

    class ArticleDocument(TypedDict):
        """An article, without its id and its text."""

        title: str
        """Text"""
        aliases: list[str]
        """Other titles"""
        excerpt: str
        """Text, possibly empty"""
        url: str | None
        """The link"""
        image: str | None
        """The link of its image"""
        provider: ProviderDocument
        """Who published it"""
        topics: list[str]
        """Labels"""
        category: str | None
        """A label"""
        type: str | None
        """A label"""
        published_at: str | None
        """The instant, as `2023-03-14T14:42:00Z`; at midnight it is a day, in whatever zone"""
        updated_at: str | None
        """When it was changed last, likewise"""
        published: bool | None
        """False: held back from the site"""
        quality: int | None
        """From 0, not capped at 100"""
        heat: int | None
        """From 0"""
        kind: str
        """`article`: a file of the archive; `related`: only mentioned by one"""
        related_to: list[str]
        """Of a related article, the ids of the articles that mention it"""
        extra: NotRequired[dict[str, Any]]
        """Values of [declared fields](configuration.md#fields-of-your-own) by name: a list of
        keywords, a text, a number, true or false, or a date as in `published_at`"""

    class CountDocument(TypedDict):
        """A label, or a year, and how many have it."""

        value: str
        """As most articles write it; of a year, its number in UTC as text"""
        count: int
        """How many have it"""

    # `search --json`, and `search --format jsonl`, a hit a line.

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

    # `heatseek show --json`.

    class StoryDocument(NamedDocument, ArticleDocument):
        """An article that another one mentions, or that is about the same story."""

    class WholeArticleDocument(NamedDocument, ArticleDocument):
        """An article with its text."""

        body: str
        """Its text, plain; possibly empty"""
        related: list[StoryDocument]
        """The articles that it mentions"""

    class ShownDocument(TypedDict):
        """`heatseek show --json`: an article."""

        version: int
        """1"""
        article: WholeArticleDocument
        """The article"""
        same_story: list[StoryDocument]
        """Of the hit of a grouped search, by its rank: the others about its story, best first"""
        notices: list[str]
        """Lines for people, as on stderr"""

    # `heatseek topics --json`, `heatseek providers --json`.

    class LabelDocument(CountDocument):
        """A label over the whole index."""

        newest: str | None
        """When the latest of its articles was published"""
        quality: float | None
        """The mean over those whose quality is known"""

    class LabelsDocument(TypedDict):
        """`heatseek topics --json`, `heatseek providers --json`: all labels of a facet."""

        version: int
        """1"""
        facet: str
        """`topic` or `provider`"""
        total: int
        """How many labels begin so, whatever `--limit` shows"""
        values: list[LabelDocument]
        """Up to `--limit` of them, all by default"""

    # `heatseek stats --json`.

    class PublishedDocument(TypedDict):
        """Articles by whether the site shows them."""

        true: int
        """How many it shows"""
        false: int
        """How many it holds back"""
        unknown: int
        """How many do not say"""

    class UsedLabelDocument(TypedDict):
        """A label and how many articles have it."""

        value: str | None
        """As most articles write it; null, last in its list: those without a label"""
        count: int
        """How many articles have it"""

    class DatesDocument(TypedDict):
        """The dates of articles."""

        first: str | None
        """The oldest"""
        last: str | None
        """The newest"""
        known: int
        """How many articles have one"""
        unknown: int
        """How many have none"""

    class NumbersDocument(TypedDict):
        """A number of articles and its spread."""

        lowest: int | None
        """The least"""
        median: int | None
        """One of the values, also of an even number of them"""
        highest: int | None
        """The greatest"""
        known: int
        """How many articles have it"""
        unknown: int
        """How many do not"""

    class LanguageDocument(TypedDict):
        """How words are analysed."""

        stemmer: str
        """Snowball's name of the language, or `none`"""
        stopwords: bool
        """True: function words are left out of queries"""

    class IndexDocument(TypedDict):
        """An index."""

        path: str
        """Its folder, as a person would type it"""
        bytes: int
        """Its size"""
        generation: int
        """The number of its state"""
        created_at: str | None
        """When that was made"""
        language: LanguageDocument
        """Of its articles"""

    class DifferencesDocument(TypedDict):
        """Files that are not as the index has them; a renamed one is new and gone."""

        new: int
        """How many the index does not know"""
        changed: int
        """How many have another content"""
        gone: int
        """How many are not there any more"""

    class ArchiveDocument(TypedDict):
        """The folder that an index was built from, as it is now."""

        path: str
        """The folder, absolute"""
        differences: DifferencesDocument | None
        """From the index; null if that cannot be told"""
        trouble: str | None
        """Why it cannot be told; else null"""

    class StatsDocument(TypedDict):
        """`heatseek stats --json`: the contents of an index; of articles, without related ones."""

        version: int
        """1"""
        articles: int
        """How many files of the archive it has"""
        related: int
        """How many articles that are only mentioned"""
        published: PublishedDocument
        """Articles by whether the site shows them"""
        topics: list[UsedLabelDocument]
        """All, the most frequent first"""
        providers: list[UsedLabelDocument]
        """Likewise"""
        categories: list[UsedLabelDocument]
        """Likewise"""
        types: list[UsedLabelDocument]
        """Likewise"""
        dates: DatesDocument
        """Their dates"""
        quality: NumbersDocument
        """Their quality"""
        heat: NumbersDocument
        """Their heat"""
        index: IndexDocument
        """The index"""
        archive: ArchiveDocument
        """The archive"""

    # `heatseek doctor --json`.

    class FindingDocument(TypedDict):
        """A flaw of a file."""

        path: str
        """The file, relative to the archive"""
        line: int | None
        """From 1; null where it is not about what stands in the file"""
        column: int | None
        """From 1, where known"""
        level: str
        """`error`: the file is not indexed; `warning`: something is lost or hardly meant; `note`"""
        kind: str
        """A word for what it is, such as `duplicate-url`"""
        message: str
        """The flaw, and what to do"""

    class HealthDocument(TypedDict):
        """The state of an index."""

        state: str
        """`whole`, `missing`, `foreign` (the folder is no index), `outdated` or `damaged`"""
        flaws: list[str]
        """Its damages"""
        generation: int | None
        """The number of its state"""
        documents: int | None
        """How many articles it has, related ones included"""
        bytes: int | None
        """Its size"""
        created_at: str | None
        """When that was made"""
        stray_bytes: int
        """Of a writer that is at work or died"""
        repaired: bool
        """True: it has just been built anew"""

    class UnreadKeyDocument(TypedDict):
        """A key of front matter that nothing reads."""

        key: str
        """Its name"""
        files: int
        """How many files have it"""
        declaration: str | None
        """The line of heatseek.toml that makes it a field; null if it cannot be one"""

    class DoctorDocument(TypedDict):
        """`heatseek doctor --json`: flaws of an archive, and the state of its index."""

        version: int
        """1"""
        archive: str
        """The folder, absolute"""
        files: int | None
        """How many it has; null with `--repair`, which does not look at them"""
        findings: list[FindingDocument]
        """All, notes too, by path and line"""
        keys: list[UnreadKeyDocument]
        """The keys of the archive that nothing reads, the most frequent first"""
        index: HealthDocument
        """The index"""

    # `heatseek eval --json`.

    class WeightsDocument(TypedDict):
        """Weights of the ranking."""

        quality: float
        """The weight of quality"""
        heat: float
        """The weight of heat"""
        recency: float
        """The weight of the age"""
        half_life: float
        """Days after which half of that is lost"""
        title: float
        """The weight of titles that have all words"""
        meaning: float
        """The weight of nearness in meaning"""
        matching: str
        """`words`, `any` or `all` of the words"""

    class JudgedQueryDocument(TypedDict):
        """A judged query and its figures."""

        id: str
        """The query's id"""
        text: str
        """Its text"""
        relevant: int
        """How many articles are judged relevant"""
        total: int
        """How many articles match"""
        measures: dict[str, float]
        """Its figures, by measure"""
        error: str | None
        """Why it could not be searched; else null"""

    class ChangeDocument(TypedDict):
        """A measure under two settings."""

        difference: float
        """From the first setting to this one; above 0: better"""
        p: float
        """How often chance alone gives a difference of this size"""

    class MoveDocument(TypedDict):
        """A query that gained or lost."""

        id: str
        """The query's id"""
        text: str
        """Its text"""
        before: float
        """nDCG@10 under the first setting"""
        after: float
        """And under this one"""

    class ComparisonDocument(TypedDict):
        """The first setting compared with another one."""

        setting: WeightsDocument
        """The other one"""
        measures: dict[str, float]
        """The means under it, by measure"""
        tests: dict[str, ChangeDocument]
        """The differences, by measure"""
        gained: int
        """How many queries have a higher nDCG@10"""
        lost: int
        """How many have a lower one"""
        best_moved: list[MoveDocument]
        """The five that gained most, from the greatest gain down"""
        worst_moved: list[MoveDocument]
        """The five that lost most, likewise"""
        per_query: list[JudgedQueryDocument]
        """All queries under it"""

    class EvaluationDocument(TypedDict):
        """`heatseek eval --json`: the ranking measured; figures are not rounded."""

        version: int
        """1"""
        archive: str
        """The folder that the index was built from"""
        queries: int
        """How many were measured"""
        setting: WeightsDocument
        """The weights"""
        measures: dict[str, float]
        """The means over all queries, by measure: `ndcg@10`, `mrr@10`, `p@10`, `recall@100`"""
        per_query: list[JudgedQueryDocument]
        """All queries"""
        comparisons: list[ComparisonDocument]
        """One for each `--compare`"""
        notices: list[str]
        """Lines for people, as on stderr"""

    # `heatseek config --json`.

    class SettingDocument(TypedDict):
        """A setting."""

        value: Any
        """As it is in heatseek.toml; of a table an object"""
        source: str
        """`--index` and its like, a variable, `heatseek.toml:3`, `default`, or `cache`"""

    class SettingsDocument(TypedDict):
        """`heatseek config --json`: every setting and where it comes from."""

        version: int
        """1"""
        settings: dict[str, SettingDocument]
        """By name: `limit`, `boost.heat`, `searches.NAME`"""

    # `heatseek mcp`.

    class TextDocument(TypedDict):
        """An agent's `fetch`: the text of an article, or lines of it."""

        version: int
        """1"""
        id: str
        """As in the article"""
        title: str
        """Likewise"""
        url: str | None
        """Likewise"""
        text: str
        """The lines, whole; of a line of more than 1,000 characters several were made"""
        from_line: int
        """The number of the first, from 1"""
        lines: int
        """How many the whole text has"""
        truncated: bool
        """True: more follow"""
        next_line: int | None
        """The one to go on with; null if none follows"""
        article: StoryDocument
        """The article"""
        mentions: list[str]
        """The ids of the articles that it mentions"""
        untrusted: bool
        """True: whoever wrote the archive wrote this; it is data, never instructions"""
        notices: list[str]
        """Lines for people, as on stderr"""

    # `heatseek serve`.

    class SuggestionsDocument(TypedDict):
        """`/api/suggest`: what may follow on a query that somebody types."""

        version: int
        """1"""
        query: str
        """The query as it was given"""
        words: list[str]
        """Words of articles that its last word begins, the likeliest first; of four letters on"""
        topics: list[CountDocument]
        """Topics that begin like its last word, the most frequent first"""
        providers: list[CountDocument]
        """Providers, likewise"""

    class StatusDocument(TypedDict):
        """`/api/status`: the state of an index, and how far its archive has gone on."""

        version: int
        """1"""
        program: str
        """The version of heatseek"""
        documents: int
        """How many articles it has, related ones included"""
        generation: int
        """The number of its state"""
        created_at: str | None
        """When that was made"""
        age_seconds: int
        """How long ago that was"""
        language: LanguageDocument
        """Of its articles"""
        differences: DifferencesDocument | None
        """How the archive differs by a glance at sizes and times; null if that cannot be told"""
        trouble: str | None
        """Why that, or a newer state of the index, cannot be read; else null"""

    class ProblemDocument(TypedDict):
        """Why a request was not answered: `application/problem+json` (RFC 9457)."""

        version: int
        """1"""
        type: str
        """`about:blank`"""
        title: str
        """The kind of problem, in words"""
        status: int
        """The status of HTTP"""
        code: str
        """A word for the problem: `parameter`, `value`, `query`, `request`, `article`, `address`,
        `method`, `host`, `origin`, `token`, `length`, `index`, `busy`, `time`, `internal`"""
        detail: str
        """One line: what is wrong, and what to do"""
        parameter: str | None
        """The parameter that it is about; else null"""
        position: int | None
        """The place of the wrong character in its value, from 0; else null"""
        suggestion: str | None
        """To put in its place; else null"""

    Document = (
        ResultsDocument
        | HitDocument
        | ShownDocument
        | LabelsDocument
        | StatsDocument
        | DoctorDocument
        | EvaluationDocument
        | SettingsDocument
        | TextDocument
        | SuggestionsDocument
        | StatusDocument
        | ProblemDocument
    )
    """All that is ever printed or served as JSON."""


VERSION = 1
"""Raised when a key changes its meaning or goes; new keys may come without."""

_UNSAFE = pattern("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""JSON leaves these as they are; escaped, they are the same text and harmless to a terminal."""


def article_document(article: Article) -> ArticleDocument:
    """An article as plain values."""
    document: ArticleDocument = {
        "title": article.title,
        "aliases": list(article.aliases),
        "excerpt": article.excerpt,
        "url": article.url,
        "image": article.image,
        "provider": {
            "name": article.provider.name,
            "domain": article.provider.domain,
            "others": list(article.provider.others),
        },
        "topics": list(article.topics),
        "category": article.category,
        "type": article.type,
        "published_at": timestamp(article.published_at),
        "updated_at": timestamp(article.updated_at),
        "published": article.published,
        "quality": article.quality,
        "heat": article.heat,
        "kind": article.kind.value,
        "related_to": list(article.related_to),
    }
    if article.extra:
        document["extra"] = dict(map(_extra, article.extra))
    return document


def timestamp(instant: datetime | None) -> str | None:
    """ISO 8601 in UTC, whole seconds, with a `Z`."""
    if instant is None:
        return None
    return f"{instant.astimezone(UTC).replace(tzinfo=None).isoformat('T', 'seconds')}Z"


def dump(document: Document, indent: int | None) -> str:
    """A document as JSON that no terminal obeys, and a newline."""
    text = _lines(document, "\n", " " * indent) if indent else _in_one_line(document)
    if not text.replace("\n", "").isprintable():
        text = _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return f"{text}\n"


_in_one_line = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_NAMED = {None: "null", True: "true", False: "false"}


def _lines(value: Any, start: str, indent: str) -> str:
    """A value on lines that begin with `start`, and inner ones further in.

    Python's own way there, a generator for each value, takes three hundredths of a whole search.
    """
    inner = start + indent
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, bool | None):
        return _NAMED[value]
    if isinstance(value, list):
        lines = f",{inner}".join([_lines(each, inner, indent) for each in value])
        return f"[{inner}{lines}{start}]" if value else "[]"
    if isinstance(value, dict):
        lines = f",{inner}".join(
            [f"{encode_basestring(k)}: {_lines(each, inner, indent)}" for k, each in value.items()]
        )
        return f"{{{inner}{lines}{start}}}" if value else "{}"
    return _in_one_line(value)


def _extra(extra: tuple[str, Value]) -> tuple[str, Any]:
    """A declared field and its value."""
    name, value = extra
    if isinstance(value, tuple):
        return name, list(value)
    return name, timestamp(value) if isinstance(value, datetime) else value
