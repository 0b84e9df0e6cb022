"""The JSON documents of an archive: labels, `heatseek stats --json`, `heatseek doctor --json`."""

from __future__ import annotations

from typing import TypedDict

from heatseek.wire.search import CountDocument


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
