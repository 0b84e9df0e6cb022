"""The one document model: what an archive holds and a search returns; as JSON; its links."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from itertools import product

from heatseek.definitions import NamedTuple, dataclass, pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Kind(StrEnum):
    """Where a document comes from."""

    ARTICLE = "article"
    """A file of the archive."""
    RELATED = "related"
    """An entry under `related` that has no file of its own."""


class Provider(NamedTuple):
    """Who published, or wrote, an article. Either of the first two parts may be unknown."""

    name: str | None = None
    domain: str | None = None
    others: tuple[str, ...] = ()
    """Names of further ones."""

    @property
    def names(self) -> tuple[str, ...]:
        """Each of them by one name; a domain for want of another."""
        return tuple(filter(None, (self.name or self.domain, *self.others)))

    @property
    def labels(self) -> tuple[str, ...]:
        """All that it is known by."""
        return tuple(filter(None, (self.name, self.domain, *self.others)))


Value = tuple[str, ...] | str | float | bool | datetime
"""The value of a declared field: keywords, a text, a number, a flag, or an instant."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article, normalised: trimmed text, plain types, no markup, no control characters.

    `None` always means unknown, never zero or false.
    """

    id: str
    """Path relative to the archive, with `/`; of a related article its URL."""
    title: str
    excerpt: str = ""
    body: str = ""
    """Plain text of the Markdown body."""
    topics: tuple[str, ...] = ()
    provider: Provider = Provider()
    category: str | None = None
    type: str | None = None
    published_at: datetime | None = None
    """Aware, in UTC, whole seconds; at midnight it is the whole day, in whatever zone."""
    url: str | None = None
    quality: int | None = None
    """Editorial quality, 0 upwards, not capped."""
    heat: int | None = None
    """Popularity, 0 upwards; the archive's -1 is `None` here."""
    published: bool | None = None
    """False: held back from the site that the archive feeds."""
    image: str | None = None
    kind: Kind = Kind.ARTICLE
    related_to: tuple[str, ...] = ()
    """Of a related article: the ids of the articles that mention it."""
    extra: tuple[tuple[str, Value], ...] = ()
    """Its values of declared fields (`schema.DeclaredField`), by name; without unknown ones."""
    updated_at: datetime | None = None
    """When it was changed last; as `published_at`."""
    aliases: tuple[str, ...] = ()
    """Other titles."""
    related: tuple[Article, ...] = ()
    """The articles that this one mentions; each of kind `related`, its id the URL."""


_KINDS = {str(kind): kind for kind in Kind}
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined] # not in the stubs
_HEAD = 14
"""Values that every article has."""
_URL = 9
"""The place of the link among these."""
_HEADS = frozenset(
    (*[str] * 3, list, *[str] * 4, seconds, str, quality, heat, published, str)
    for seconds, quality, heat, published in product((int, type(None)), repeat=4)
)
"""The types that these have."""
_TEXT = frozenset((str,))
_PROVIDERS = 1_000
"""That are remembered, if their names are short."""
_SHORT = 100
"""Characters."""


class _Body:
    """The attribute `body`: a text, or what gives it when it is asked for first.

    An index keeps bodies apart: few of the articles that a search gives are looked into.

    Args:
        slot: where it is kept.
    """

    def __init__(self, slot: Any) -> None:
        self._slot = slot

    def __get__(self, article: Article | None, _: type[Article]) -> Any:
        if article is None:
            return self
        body = self._slot.__get__(article)
        if type(body) is not str:
            body = body()
            self._slot.__set__(article, body)
        return body

    def __set__(self, article: Article, body: Any) -> None:
        self._slot.__set__(article, body)


setattr(Article, "body", _Body(vars(Article)["body"]))  # noqa: B010 - it stays a text for type checkers


def to_json(article: Article, *, body: str | None = None) -> bytes:
    """One line, without the id, which is known where it is stored, and without `related`.

    Args:
        article: a whole one.
        body: in place of its own, where that is stored apart.
    """
    values = [
        article.title,
        article.excerpt,
        article.body if body is None else body,
        article.topics,
        # Unknown texts are empty ones, flags are 1 or 0: a hundredth of an index, too.
        article.provider.name or "",
        article.provider.domain or "",
        article.category or "",
        article.type or "",
        int(article.published_at.timestamp()) if article.published_at else None,
        article.url or "",
        article.quality,
        article.heat,
        None if article.published is None else int(article.published),
        article.image or "",
        *_tail(article),
    ]
    return _encode(values).encode()


def from_json(data: bytes, article_id: str, *, check: bool = True, body: Any = None) -> Article:
    """The article that `to_json` was given.

    Args:
        data: what it gave.
        article_id: of the article.
        check: whether to look at the types of all values; not needed the second time.
        body: in place of the one in `data`: a text, or what gives it when it is called.

    Raises:
        ValueError, LookupError, TypeError, OverflowError, RecursionError: it is of nothing that
            `to_json` gives.
    """
    text = data.decode()
    values = _decoded(text)
    if check:
        _check(values, text)
    others, *tail = _tail_of(*values[_HEAD:]) if len(values) > _HEAD else ((),)
    title, excerpt, own_body, topics, name, domain, category, type_, seconds, *rest = values[:_HEAD]
    url, quality, heat, published, image = rest
    return Article(
        article_id,
        title,
        excerpt,
        own_body if body is None else body,
        tuple(topics),
        _provider(name, domain)
        if not others and len(name) + len(domain) <= _SHORT
        else Provider(name or None, domain or None, tuple(others)),
        category or None,
        type_ or None,
        None if seconds is None else datetime.fromtimestamp(seconds, UTC),
        url or None,
        quality,
        heat,
        None if published is None else published == 1,
        image or None,
        *tail,
    )


def url_in(data: bytes) -> str:
    """The link of the article that `to_json` was given, empty if it has none.

    It takes a fifth of the time of `from_json`, whose errors it raises; other values may be wrong.
    """
    url = _decoded(data.decode())[_URL]
    if type(url) is not str:
        raise TypeError
    return url


def _decoded(text: str) -> list[Any]:
    """The values of a line, which has no space around them: `json.loads` takes twice the time."""
    try:
        values, end = _scan(text, 0)
    except StopIteration as error:
        raise ValueError from error
    if end != len(text) or type(values) is not list:
        raise ValueError
    return values


@lru_cache(_PROVIDERS)
def _provider(name: str, domain: str) -> Provider:
    """Many articles have the same."""
    return Provider(name or None, domain or None)


def _tail_of(kind: str, related_to: list[str], *rest: Any) -> tuple[Any, ...]:
    """Further names of the provider, and what few articles have, as it is in them."""
    extra, updated, aliases, others = rest or ({}, None, [], [])
    return (
        others,
        _KINDS[kind],
        tuple(related_to),
        _values(extra),
        None if updated is None else datetime.fromtimestamp(updated, UTC),
        tuple(aliases),
    )


def _check(values: list[Any], text: str) -> None:
    """Refuse values of other types than articles have."""
    if (*map(type, values[:_HEAD]),) not in _HEADS or not _TEXT.issuperset(map(type, values[3])):
        raise TypeError("not the values of an article")
    if len(values) > _HEAD:
        _check_tail(*values[_HEAD:])
    # Half a character can be written like this, and can be printed by nobody. Few texts have a
    # backslash at all, and one sign is looked for in less time than two.
    if "\\" in text and "\\u" in text:
        json.dumps(values, ensure_ascii=False).encode()


def _check_tail(kind: Any, related_to: Any, *rest: Any) -> None:
    own, updated, *texts = rest or ({}, None, [], [])
    if type(kind) is not str or type(own) is not dict or type(updated) not in (int, type(None)):
        raise TypeError("not the values of an article")
    if len(texts) != 2 or not all(map(_are_texts, (related_to, *texts))):  # aliases, others
        raise TypeError("not the values of an article")
    if not all(map(_is_plain, own.values())):
        raise TypeError("not the values of declared fields")


def _is_plain(value: Any) -> bool:
    if type(value) is dict:
        return list(value) == ["at"] and type(value["at"]) is int
    return type(value) in (str, int, float, bool) or _are_texts(value)


def _are_texts(values: Any) -> bool:
    return type(values) is list and _TEXT.issuperset(map(type, values))


def _tail(article: Article) -> list[Any]:
    """Values that most articles do not need: a hundredth of an index."""
    head = [article.kind, article.related_to]
    others = article.provider.others
    if article.extra or article.updated_at or article.aliases or others:
        updated = article.updated_at and int(article.updated_at.timestamp())
        return [*head, _plain(article.extra), updated, article.aliases, others]
    return [] if article.kind is Kind.ARTICLE and not article.related_to else head


def _plain(extra: tuple[tuple[str, Value], ...]) -> dict[str, Any]:
    """The values of declared fields; an instant as `{"at": seconds}`."""
    return {
        name: {"at": int(value.timestamp())} if isinstance(value, datetime) else value
        for name, value in extra
    }


def _values(plain: dict[str, Any]) -> tuple[tuple[str, Value], ...]:
    return tuple((name, _value(value)) for name, value in plain.items())


def _value(plain: Any) -> Value:
    if isinstance(plain, dict):
        return datetime.fromtimestamp(plain["at"], UTC)
    return tuple(plain) if isinstance(plain, list) else plain


HTTP = pattern(
    r"""
    (?P<scheme>https?)://
    (?P<user>[^\s/?\#@\\]*+@)?
    (?P<host>\[[0-9a-f:.]++\]|[^\s/?\#@:\\\[\]<>"]++)
    (?::(?P<port>[0-9]{0,5}))?
    (?P<rest>[/?][^\#]*+)?
    (?:\#.*)?
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
"""An http(s) link, in its parts."""
_CANONICAL = pattern(r"https?://[a-z0-9.-]++(?:[/?][^#]*+)?", re.DOTALL)
"""Most links are as they are compared."""
_DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical(url: str) -> str:
    """The form in which equal links are equal text; `url` is an http(s) link.

    Scheme and host in lower case, default port and fragment dropped; nothing more, because
    case, slashes and parameters can make a difference to the server.
    """
    if _CANONICAL.fullmatch(url):
        return url
    match = HTTP.fullmatch(url)
    if match is None:
        return url
    scheme, host = match["scheme"].lower(), match["host"].lower()
    port = int(match["port"] or _DEFAULT_PORTS[scheme])
    suffix = "" if port == _DEFAULT_PORTS[scheme] else f":{port}"
    return f"{scheme}://{match['user'] or ''}{host}{suffix}{match['rest'] or ''}"
