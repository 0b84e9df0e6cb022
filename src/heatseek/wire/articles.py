"""The JSON documents of articles: the parts of a hit, and `heatseek show --json`."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict


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
