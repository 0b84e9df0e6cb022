"""The keys of front matter: which there are, and which are written wrong."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from heatseek.ingest.text import one_line
from heatseek.lint.checks import Finding, Kind, Level
from heatseek.text.edit_distance import closest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from heatseek.ingest.front_matter import FrontMatter

READ = (
    *("title", "name", "excerpt", "description", "bio", "topics", "provider", "category", "type"),
    *("publishedDateTime", "webUrl", "originalUrl", "quality", "heat", "published", "related"),
    "images",
)
"""Keys that searches use."""
OTHERS = (
    *("secured", "price", "length", "levels", "ratings", "featuredContent", "items", "actions"),
    *("ampWebUrl", "cdnAmpWebUrl", "startDateTime", "endDateTime", "location", "affiliation"),
    *("members", "twitter", "linkedin", "website", "removed"),
)
"""Other keys that archives of this format have for other programs."""
_OTHER_NAMES = {
    **dict.fromkeys(("tags", "tag", "keywords", "labels"), "topics"),
    **dict.fromkeys(("date", "pubDate", "publishedAt", "datePublished"), "publishedDateTime"),
    **dict.fromkeys(("url", "link", "canonicalUrl", "permalink"), "webUrl"),
    **dict.fromkeys(("summary", "abstract", "subtitle"), "excerpt"),
    **dict.fromkeys(("source", "publisher", "site"), "provider"),
    **dict.fromkeys(("image", "thumbnail", "cover"), "images"),
    **dict.fromkeys(("categories", "section"), "category"),
}
"""Names of other programs for them."""
_NEAR = 0.8
_MAX_NAME = 40
"""Characters of a key that are shown."""
MOST_KEYS = 100
"""Unknown ones of a file that are told; repeated ones, too."""
MOST_SEARCHED = 10_000_000
"""Characters of a file's front matter, counted anew for each key that is told."""
_TOP_LEVEL = re.compile(r"\n([A-Za-z_][\w-]*):(?=[ \n])", re.ASCII)

_bare = str.maketrans("", "", "_- ")
_BY_SPELLING = {name.lower().translate(_bare): name for name in (*_OTHER_NAMES, *READ)}


class KeyCheck:
    """Looks at the keys of files; remembers the correction of each unknown key.

    Args:
        declared: keys that the configuration makes fields of.
    """

    def __init__(self, declared: Collection[str] = ()) -> None:
        self._known = {*READ, *OTHERS, *declared}
        self._corrections: dict[str, str | None] = {}

    def __call__(self, path: str, front: FrontMatter) -> Iterator[Finding]:
        """The findings about the keys of a file."""
        unknown = [key for key in front.metadata if key not in self._known]
        most = _most(front)
        yield from (self._unknown(path, key, front) for key in unknown[:most])
        if len(unknown) > most:
            reason = f"{len(unknown) - most:,} more keys are not used"
            yield _finding(path, front, "", (Level.NOTE, Kind.UNKNOWN_KEY), reason)
        yield from _repeated(path, front, most)

    def _unknown(self, path: str, key: Any, front: FrontMatter) -> Finding:
        name = key if isinstance(key, str) else ""
        if name not in self._corrections:
            self._corrections[name] = _correction(name) if len(name) <= _MAX_NAME else None
        correction = self._corrections[name]
        text = one_line(name[: 10 * _MAX_NAME])[:_MAX_NAME] or "an empty key"
        if correction is None or correction in front.metadata:
            reason = f"{text} is not used: no search knows this key"
            return _finding(path, front, name, (Level.NOTE, Kind.UNKNOWN_KEY), reason)
        reason = f"{text} is not used: did you mean {correction}?"
        return _finding(path, front, name, (Level.WARNING, Kind.WRONG_KEY), reason)


def _correction(name: str) -> str | None:
    """The key that is probably right: in another spelling, by another name, or nearly."""
    bare = name.lower().translate(_bare)
    spelt = _BY_SPELLING.get(bare)
    if spelt is None:
        near = closest(bare, _BY_SPELLING, likeness=_NEAR)
        spelt = near and _BY_SPELLING[near]
    return spelt and _OTHER_NAMES.get(spelt, spelt)


def _most(front: FrontMatter) -> int:
    """The most keys of a file to report: for the line of each its front matter is searched."""
    return max(1, min(MOST_KEYS, MOST_SEARCHED // (len(front.header) + 1)))


def _repeated(path: str, front: FrontMatter, most: int) -> Iterator[Finding]:
    """Keys that stand there twice; the parsers of other formats than YAML refuse them."""
    counts = Counter(_TOP_LEVEL.findall(f"\n{front.header}"))
    if counts.total() <= len(front.metadata):
        return
    names = sorted({name for name, count in counts.items() if count > 1} & front.metadata.keys())
    for name in names[:most]:
        reason = f"{name[:_MAX_NAME]} is there more than once: only this one counts"
        yield _finding(path, front, name, (Level.WARNING, Kind.DUPLICATE_KEY), reason)
    if len(names) > most:
        reason = f"{len(names) - most:,} more keys are there more than once"
        yield _finding(path, front, "", (Level.WARNING, Kind.DUPLICATE_KEY), reason)


def _finding(
    path: str, front: FrontMatter, name: str, what: tuple[Level, Kind], message: str
) -> Finding:
    line = front.line_of(name) if name else front.header_line
    return Finding(path, line, None, *what, message)
