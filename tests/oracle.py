"""A second engine, kept as simple as can be: it reads every article for every query.

It shares the analysis, the pure formulas and the query tree with the real ones, and nothing
of how they store, look up, combine, select or sort.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from heatseek.article import canonical
from heatseek.engines.model import Tiers
from heatseek.query import tree
from heatseek.ranking import multiplier
from heatseek.ranking.bm25 import K1, idf
from heatseek.results import Sort
from heatseek.schema import LABEL_FIELDS, TEXT_FIELDS
from heatseek.text.languages import ENGLISH, Analyzer, Language
from heatseek.text.tokens import fold, forms, label, runs, spellings, tokenize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from heatseek.article import Article
    from heatseek.engines.model import Request
    from heatseek.query.filters import Filters

SPOKEN = [Analyzer()]
"""The language of the archive; an oracle speaks the one that it is made with."""
TEXT = {spec.name: spec for spec in TEXT_FIELDS}
LABELS = {spec.name: spec for spec in LABEL_FIELDS}


def stem(word: str) -> str:
    return SPOKEN[0].stem(word)


class Value:
    """One text of one field: its words in order, each with all the terms it is found by."""

    def __init__(self, text: str) -> None:
        self.words: list[tuple[str, set[str], set[str]]] = []
        self.accented: set[str] = set()
        self.length = 0  # function words make no field long
        for token in tokenize(text):
            extra = set(token.forms.variants)
            self.accented.update(token.forms.accented)
            for part in token.forms.parts:
                written = {part} | extra
                self.words.append((stem(part), {stem(word) for word in written}, written))
                self.length += not SPOKEN[0].is_stopword(part)
                extra = set()

    def count(self, terms: list[str]) -> int:
        if len(terms) == 1:
            return sum(terms[0] in found for _, found, _ in self.words)
        places = range(len(self.words) - len(terms) + 1)
        return sum(
            all(term in self.words[at + i][1] for i, term in enumerate(terms)) for at in places
        )

    def count_near(self, terms: list[str], slop: int) -> int:
        """How many of the words stand first among as many as hold all of them."""
        found = [each for _, each, _ in self.words]
        windows = [found[at : at + len(terms) + slop] for at in range(len(found))]
        return sum(
            not window[0].isdisjoint(terms)
            and all(
                sum(term in each for each in window) >= terms.count(term) for term in set(terms)
            )
            for window in windows
        )

    def has(self, test: Callable[[str], bool]) -> bool:
        return any(test(word) for _, terms, written in self.words for word in terms | written)


class Document:
    def __init__(self, article: Article) -> None:
        self.article = article
        self.values = {
            name: [Value(text) for text in spec.values(article)] for name, spec in TEXT.items()
        }
        self.labels = {
            name: [label(text) for text in spec.values(article)] for name, spec in LABELS.items()
        }

    def length(self, field: str) -> int:
        values = self.values[field]
        # Titles are alternatives: of two the longer one is the length.
        total = max if field == "title" else sum
        least = any(value.words for value in values)
        return max(total(value.length for value in values), least) if values else 0


class Word:
    """A leaf of the query: its spellings, each a list of terms, or a test of what is written."""

    def __init__(
        self,
        fields: list[str],
        spellings: list[list[str]],
        test: Callable[[str], bool] | None = None,
        slop: int | None = None,
        accented: tuple[str, ...] = (),
    ) -> None:
        self.text = ""
        self.having: int | None = None  # documents, once they are counted
        self.fields = fields
        self.spellings = spellings
        self.test = test
        self.slop = slop
        self.accented = accented  # as typed, where folding changed more than case

    @property
    def key(self) -> tuple[object, ...]:
        """The same for words that are written in small letters and in capitals."""
        spellings = tuple(map(tuple, self.spellings))
        return spellings, tuple(self.fields), self.slop, self.accented

    def frequency(self, document: Document, field: str) -> int:
        if field in LABELS:
            test = self.test or self.spellings[0][0].__eq__
            return int(any(map(test, document.labels[field])))
        values = document.values[field]
        if self.test:
            return int(any(value.has(self.test) for value in values))
        if self.slop is not None:
            return sum(value.count_near(self.spellings[0], self.slop) for value in values)
        return max(sum(value.count(terms) for value in values) for terms in self.spellings)

    def matches(self, document: Document) -> bool:
        return any(self.frequency(document, field) for field in self.fields)

    def exact(self, document: Document) -> bool | None:
        """Whether a document has its accents; None if it has none."""
        if not self.accented or self.fields[0] in LABELS:
            return None
        values = [value for field in self.fields for value in document.values[field]]
        return self.matches(document) and all(
            any(word in value.accented for value in values) for word in self.accented
        )


class Oracle:
    def __init__(self, articles: Iterable[Article], language: Language = ENGLISH) -> None:
        SPOKEN[0] = Analyzer(language)
        self.documents = [Document(article) for article in articles]

    @cached_property
    def averages(self) -> dict[str, float]:
        lengths = {name: [d.length(name) for d in self.documents] for name in TEXT}
        return {n: sum(found) / (sum(map(bool, found)) or 1) for n, found in lengths.items()}

    def search(self, request: Request) -> tuple[int, list[tuple[str, float]]]:
        """The total, and id and score of each hit on the page."""
        hits, scores = self.hits(request)
        page = hits[request.offset : request.offset + request.limit]
        return len(hits), [(d.article.id, scores[d.article.id]) for d in page]

    def entered(self, request: Request) -> dict[str, float]:
        """The entrants that are hits, wherever, with their scores."""
        hits, scores = self.hits(request)
        named = request.entrants.ids
        return {d.article.id: scores[d.article.id] for d in hits if d.article.id in named}

    def hits(self, request: Request) -> tuple[list[Document], dict[str, float]]:
        """All hits in order, one for each link, and the score of each match, by id."""
        found, scores = self.found(request)
        asked = {word.key: word for word, _ in scored(request.query)}.values()
        typed = {d.article.id: sum(bool(word.exact(d)) for word in asked) for d in found}
        in_tiers = request.tiers is not Tiers.NONE
        ranked = sorted(
            found,
            key=lambda d: (
                in_tiers and not self.has_all(request, d),
                order_key(
                    *(d.article, request.sort, scores[d.article.id], typed[d.article.id]),
                    least_first=request.ascending,
                ),
            ),
        )
        if request.tiers is Tiers.FIRST:
            first = [d for d in ranked if self.has_all(request, d)]
            ranked = first or ranked
        first: dict[str, Document] = {}
        for document in ranked:
            first.setdefault(link(document.article), document)
        return list(first.values()), scores

    def has_all(self, request: Request, document: Document) -> bool | None:
        """Whether a match has all words; None if nobody asks."""
        query = request.all_words
        return query and has_word(query) and self.matches(query, document)

    def marked(self, request: Request, id_: str) -> bool | None:
        """The same for an article, by its id."""
        (document,) = (each for each in self.documents if each.article.id == id_)
        return self.has_all(request, document)

    def with_all(self, request: Request) -> int | None:
        """How many links have all words, if somebody asks."""
        if request.all_words is None:
            return None
        found, _ = self.found(request)
        return len({link(d.article) for d in found if self.has_all(request, d)})

    def found(self, request: Request) -> tuple[list[Document], dict[str, float]]:
        """All that match, and the score of each, by id."""
        excluded = {
            link(d.article) for d in self.documents if d.article.id in request.filters.excluded
        }
        found = [
            document
            for document in self.documents
            if self.is_wanted(request, document)
            and passes(request.filters, document)
            and all(self.matches(condition, document) for condition in request.filters.where)
            and link(document.article) not in excluded
        ]
        asked = list(scored(request.query))
        title = request.boosts.title
        scores = {
            d.article.id: self.text(asked, d, title) * boost(d.article, request) for d in found
        }
        return found, scores

    def is_wanted(self, request: Request, document: Document) -> bool:
        """It matches the query, or is let in without."""
        by_words = has_word(request.query) and self.matches(request.query, document)
        ids, condition = request.entrants
        is_named = document.article.id in ids and has_word(condition)
        return by_words or (is_named and self.matches(condition, document))

    def matches(self, query: tree.Query, document: Document) -> bool:
        match query:
            case tree.Words(children) | tree.All(children):
                wanted = [c for c in children if has_word(c)]
                return all(self.matches(child, document) for child in wanted)
            case tree.Any(children):
                return any(self.matches(c, document) for c in children if has_word(c))
            case tree.Not(child):
                return not (has_word(child) and self.matches(child, document))
            case tree.Boosted(child):
                return has_word(child) and self.matches(child, document)
            case tree.Range() | tree.Path():
                return is_chosen(query, document.article)
        return query == tree.Everything() or has_leaf(query, document)

    def text(self, asked: list[tuple[Word, float]], document: Document, title: float) -> float:
        if not asked:
            return 1.0
        words = sum(weight * self.word(word, document) for word, weight in asked)
        return words * (1.0 + title * self.title(asked, document))

    def title(self, asked: list[tuple[Word, float]], document: Document) -> float:
        """How much of a title is asked for: 0 to 1; 0 if it lacks any of the words."""
        words = {word.key: word for word, _ in asked}.values()
        if any(word.test or len(word.fields) < len(TEXT) for word in words):
            return 0.0
        if not all(word.frequency(document, "title") for word in words):
            return 0.0
        size = sum(max(map(len, word.spellings)) for word in words)
        share = min(size / document.length("title"), 1.0)
        return share if size > 1 or share == 1.0 else 0.0

    def word(self, word: Word, document: Document) -> float:
        x = sum(self.parts(word, document).values())
        if word.having is None:
            word.having = sum(word.matches(each) for each in self.documents)
        return idf(len(self.documents), word.having) * x / (K1 + x)

    def parts(self, word: Word, document: Document) -> dict[str, float]:
        """The weighted frequency in each field that has the word."""
        found: dict[str, float] = {}
        for field in word.fields:
            frequency = word.frequency(document, field)
            if field in LABELS:
                found[field] = frequency
            elif frequency:
                spec = TEXT[field]
                relative = document.length(field) / (self.averages[field] or 1)
                found[field] = spec.weight * frequency / (1 - spec.b + spec.b * relative)
        return {field: part for field, part in found.items() if part}

    def stories(self, ids: Iterable[str]) -> list[list[str]]:
        """Hits by story, the best of each first; `ids` are theirs, the best first."""
        articles = {document.article.id: document.article for document in self.documents}
        found: list[list[str]] = []
        for id_ in ids:
            homes = (s for s in found if self.is_one_story(articles[s[0]], articles[id_]))
            home = next(homes, None)
            if home is None:
                found.append([id_])
            else:
                home.append(id_)
        return found

    def is_one_story(self, one: Article, other: Article) -> bool:
        if not one.published_at or not other.published_at:
            return False
        if abs(one.published_at - other.published_at) >= timedelta(days=7):
            return False
        first, second = (
            {term for term, _, _ in Value(article.title).words if not is_function_word(term)}
            for article in (one, other)
        )
        if all(any(map(str.isdecimal, words)) for words in (first - second, second - first)):
            return False
        part, cosine = 0.35, 0.55
        if other.id in one.related_to or one.id in other.related_to:
            part, cosine = 0.2, 0.4
        if publisher(one) == publisher(other):
            part, cosine = 0.6, 0.85
        if not first & second or len(first & second) < part * len(first | second):
            return False
        both, a, b = (
            math.fsum(self.weight(word) ** 2 for word in words)
            for words in (first & second, first, second)
        )
        return both / math.sqrt(a * b) >= cosine

    def weight(self, term: str) -> float:
        """Greater for a word that few articles have."""
        having = {
            link(document.article)
            for document in self.documents
            if any(value.count([term]) for values in document.values.values() for value in values)
        }
        return math.log(1 + len(self.documents) / len(having))


def is_function_word(term: str) -> bool:
    return SPOKEN[0].is_stopword(term)


def publisher(article: Article) -> str:
    return (article.provider.domain or article.provider.name or "").casefold()


def link(article: Article) -> str:
    """What an article has in common with those that lead to the same place."""
    return canonical(article.url) if article.url else article.id


def scored(query: tree.Query, weight: float = 1.0) -> Iterable[tuple[Word, float]]:
    """The words that are asked for, in order, and what each counts."""
    match query:
        case tree.Words(children) | tree.All(children) | tree.Any(children):
            for child in children:
                yield from scored(child, weight)
        case tree.Boosted(child, factor):
            yield from scored(child, weight * factor)
        case tree.Not() | tree.Range() | tree.Path() | tree.Everything():
            return
        case _:
            for word in leaf_words(query):
                word.text = as_named(query)
                yield word, weight


def as_named(leaf: tree.Leaf) -> str:
    """A word of the query as explanations name it."""
    match leaf:
        case tree.Phrase():
            return f'"{leaf.text}"'
        case tree.Near():
            return f'"{leaf.text}"~{leaf.slop}'
        case tree.Prefix():
            return f"{leaf.text}*"
        case tree.Fuzzy():
            return f"{leaf.text}~{leaf.distance}"
    return leaf.text


def has_word(query: tree.Query) -> bool:
    """Whether the query means anything; text without a letter or digit does not."""
    match query:
        case tree.Words(children) | tree.All(children) | tree.Any(children):
            return any(map(has_word, children))
        case tree.Not(child) | tree.Boosted(child):
            return has_word(child)
        case tree.Range() | tree.Path() | tree.Everything():
            return True
    return bool(leaf_words(query))


def has_leaf(leaf: tree.Leaf, document: Document) -> bool:
    words = leaf_words(leaf)
    return bool(words) and all(word.matches(document) for word in words)


def is_chosen(query: tree.Choice, article: Article) -> bool:
    if isinstance(query, tree.Range):
        return in_range(query, article)
    return article.kind == "article" and has_path(article.id, query.text)


def in_range(asked: tree.Range, article: Article) -> bool:
    states = {
        "published": article.published is not False,
        "related": article.kind == "related",
        "image": article.image is not None,
        "url": article.url is not None,
        "excerpt": article.excerpt != "",
        "body": article.body != "",
        "topics": article.topics != (),
        "provider": any(article.provider),
    }
    if asked.field in states:
        return states[asked.field] == (asked.low != 0)
    dates = {"date": article.published_at, "updated": article.updated_at}
    value = {
        "quality": article.quality,
        "heat": article.heat,
        **{name: None if date is None else int(date.timestamp()) for name, date in dates.items()},
    }[asked.field]
    if value is None:
        return False
    if asked.zone and value % 86_400:
        moment = datetime.fromtimestamp(value, asked.zone).replace(tzinfo=UTC)
        value = int(moment.timestamp())
    return (asked.low is None or asked.low <= value) and (asked.high is None or value <= asked.high)


def leaf_words(query: tree.Leaf) -> list[Word]:
    field, text = query.field, query.text
    if field in LABELS:
        return label_words(query, field)
    fields = [field] if field else list(TEXT)
    tokens = tokenize(text)
    match query:
        case tree.Wildcard() | tree.Fuzzy():
            test = pattern_test(query, without_connectors(fold(text)))
            return [Word(fields, [], test)] if test else []
        case tree.Phrase() | tree.Near():
            terms = [stem(part) for token in tokens for part in token.forms.parts]
            slop = query.slop if isinstance(query, tree.Near) else None
            accented = tuple(word for token in tokens for word in token.forms.accented)
            return [Word(fields, [terms], slop=slop, accented=accented)] if terms else []
        case tree.Synonyms(texts):
            spellings = [terms for text in texts for terms in name_spellings(text)]
            return [Word(fields, spellings)] if spellings else []
    words = [run_word(fields, run) for run in runs(tokens)]
    if isinstance(query, tree.Prefix) and words:
        words = [run_word(fields, run) for run in runs(tokens[:-1])]
        last = forms(text[tokens[-1].start : tokens[-1].end])
        words.append(Word(fields, [], pattern_test(query, (last.variants or last.parts)[0])))
    return words


def without_connectors(text: str) -> str:
    """Letters, digits and stars side by side; a point stays where it stands between two digits."""
    kept = []
    for at, sign in enumerate(text):
        is_decimal = sign == "." and text[:at][-1:].isdecimal() and text[at + 1 :][:1].isdecimal()
        if is_decimal or (sign not in "-'&._\u2010\u2011\u2019" and not sign.isspace()):
            kept.append(sign)
    return "".join(kept)


def label_words(query: tree.Leaf, field: str) -> list[Word]:
    if field == "url":
        return link_words(query)
    folded = label(query.text)
    if isinstance(query, tree.Prefix | tree.Wildcard | tree.Fuzzy):
        test = pattern_test(query, folded)
        return [Word([field], [], test)] if test else []
    return [Word([field], [[folded]])] if folded else []


def link_words(query: tree.Leaf) -> list[Word]:
    """Words of a link side by side: found in it with a slash on each side."""
    kept = "*?" if isinstance(query, tree.Wildcard) else ""
    text = fold(query.text).strip()
    if not kept:
        text = text.removeprefix("http://").removeprefix("https://").removeprefix("www.")
    parts = "".join(c if c.isalnum() or c in kept else " " for c in text).split()
    if not any(map(str.isalnum, "".join(parts))):
        return []
    end = "" if isinstance(query, tree.Prefix) else "/"
    shape = f"*/{'/'.join(parts)}{end}*"
    return [Word(["url"], [], lambda words: has_form(words, shape))]


def pattern_test(query: tree.Leaf, text: str) -> Callable[[str], bool] | None:
    if not any(map(str.isalnum, text)):
        return None
    match query:
        case tree.Wildcard():
            return lambda word: has_form(word, text)
        case tree.Fuzzy(distance=distance):
            return lambda word: edits(word, text) <= distance
    return lambda word: word.startswith(text)


def has_form(word: str, pattern: str) -> bool:
    """Whether `*` and `?` of the pattern can stand for what the word has there."""
    reached = {0}
    for sign in pattern:
        if sign == "*":
            reached = set(range(min(reached, default=len(word) + 1), len(word) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(word) and sign in ("?", word[at])}
    return len(word) in reached


def has_path(id_: str, path: str) -> bool:
    """Whether a file is this one, or in this folder."""
    return has_form(fold(id_), fold(path)) or has_form(fold(id_), f"{fold(path)}/*")


def edits(one: str, other: str) -> int:
    """Levenshtein's distance."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        diagonal, row[0] = row[0], at
        for column, expected in enumerate(other, start=1):
            replaced = diagonal + (letter != expected)
            diagonal = row[column]
            row[column] = min(replaced, row[column] + 1, row[column - 1] + 1)
    return row[-1]


def run_word(fields: list[str], run: list) -> Word:
    ways = [[stem(part) for token in run for part in token.forms.parts]]
    if len(run) == 1:
        ways = [list(map(stem, words)) for words in spellings(run[0].forms)]
    accented = tuple(word for token in run for word in token.forms.accented)
    return Word(fields, ways, accented=accented)


def name_spellings(text: str) -> list[list[str]]:
    """A word in all its spellings, or a phrase."""
    tokens = tokenize(text)
    if len(tokens) == 1:
        return run_word([], tokens).spellings
    terms = [stem(part) for token in tokens for part in token.forms.parts]
    return [terms] if terms else []


def passes(filters: Filters, document: Document) -> bool:
    article = document.article
    labels = {
        "topic_label": filters.topics,
        "provider_label": filters.providers,
        "category": filters.categories,
        "type": filters.types,
    }
    for field, wanted in labels.items():
        if wanted and not set(map(label, wanted)) & set(document.labels[field]):
            return False
    date = article.published_at
    if filters.after and (date is None or shown(date, filters.after) < clock(filters.after)):
        return False
    if filters.before and (date is None or shown(date, filters.before) >= clock(filters.before)):
        return False
    if filters.published is not None and (article.published is not False) != filters.published:
        return False
    return filters.related is None or (article.kind == "related") == filters.related


def clock(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def shown(date: datetime, like: datetime) -> datetime:
    """The time by the clocks of another's zone; midnight in UTC is a day, the same in every one."""
    is_day = not date.timestamp() % 86_400
    return clock(date if is_day else date.astimezone(like.tzinfo))


def boost(article: Article, request: Request) -> float:
    date = article.published_at.timestamp() if article.published_at else None
    now = request.now.timestamp()
    return multiplier(article.quality, article.heat, date, now, request.boosts)


def order_key(
    article: Article, sort: Sort, score: float, typed: int, *, least_first: bool
) -> tuple[object, ...]:
    date, updated = (
        each.timestamp() if each else None for each in (article.published_at, article.updated_at)
    )
    known = {
        Sort.QUALITY: article.quality,
        Sort.HEAT: article.heat,
        Sort.DATE: date,
        Sort.UPDATED: updated,
    }
    value = score if sort is Sort.RELEVANCE else known[sort]
    signed = value if value is None or (least_first and sort is not Sort.RELEVANCE) else -value
    exact = typed if sort is Sort.RELEVANCE else 0
    newest = (date is None, -(date or 0))
    return (value is None, signed or 0, -exact, *newest, article.id)
