"""The JSON documents of `heatseek config --json`, `heatseek mcp` and `heatseek serve`."""

from __future__ import annotations

from typing import Any, TypedDict

from heatseek.wire.archive import DifferencesDocument, LanguageDocument
from heatseek.wire.articles import StoryDocument
from heatseek.wire.search import CountDocument


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
