"""The hits of a saved search that were not there when it last ran with `--new`.

A small file for each saved search, of hashes of the ids of all matches. No
search fails because of it: what cannot be read was never found, and what cannot be kept is said.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from heatseek.search import state

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from heatseek.results import Hit, Results

_NAME = "seen"
MAX_FILES = 200
"""Saved searches that are remembered; those that ran longest ago are forgotten."""
MAX_IDS = 1_000_000
"""As many as a search gives at most."""
_HASH = 8
"""Bytes: among 100,000 ids two are equal once in four billion times."""
_ORDERING = frozenset(("sort", "rank", "boosts", "half_life", "now"))
"""Arguments that leave it the same search."""
_HEAD = b"heatseek seen 1\n"


class NewHits(NamedTuple):
    """The matches of a saved search that are not new."""

    name: str
    path: Path | None
    """Where they are kept; None: nowhere."""
    ids: frozenset[bytes] | None
    """Their hashes; None: the search has not run with `--new` before."""

    def only_new(self, results: Results, limit: int | None, offset: int) -> Results:
        """Of results with all hits those that are new, ranked anew, and of them one page.

        Args:
            results: what the search finds now, from the first hit to the last.
            limit: how many of the new hits to give at most; None: all.
            offset: how many of the best of them to leave out.
        """
        known = self.ids or frozenset()
        new = [hit for hit in results if not known.issuperset(map(_hash, _ids(hit)))]
        end = None if limit is None else offset + limit
        page = enumerate(new[offset:end], start=offset + 1)
        hits = tuple(replace(hit, rank=rank) for rank, hit in page)
        return replace(results, total=len(new), hits=hits, stories=None)

    def remarks(self, results: Results, *, kept: bool | None, watched: bool) -> Iterator[str]:
        """What should be known beside the new hits.

        Args:
            results: the new hits.
            kept: whether the search remembers them from now on; None: nobody asked it to.
            watched: somebody waits for an answer; cron would send mail for each word.
        """
        if kept is False:
            yield f"cannot remember what @{self.name} found: all of it will be new again"
        elif results.total and self.ids is None:
            yield f"@{self.name} runs with --new for the first time: all that it finds is new"
        if not results.total and watched:
            yield f"nothing new for @{self.name}"
        left = results.total - len(results.hits)
        if left and kept is not None:
            lost = ", and will not be new again" if kept else ""
            yield f"{left:,} more new ones are not shown{lost}"

    def remember(self, results: Results) -> bool:
        """Keep what the search finds now in place of what it found before.

        Returns:
            Whether that could be done.
        """
        if self.path is None:
            return False
        ids = (id_ for hit in results for id_ in _ids(hit))
        hashes = sorted(map(_hash, islice(ids, MAX_IDS)))
        try:
            state.keep(self.path, _HEAD + b"".join(hashes), MAX_FILES)
        except OSError:
            return False
        return True


def recall(
    name: str, arguments: Mapping[str, object], index: Path, environ: Mapping[str, str]
) -> NewHits:
    """What a saved search had found in an index.

    Args:
        name: of the search. What it asks for may change: what it found before stays known.
        arguments: of the request, as given; with another query or other filters it is another
            search.
        index: the folder that is searched.
        environ: names the state folder.
    """
    folder = state.folder(_NAME, environ)
    if folder is None:
        return NewHits(name, None, None)
    choosing = sorted((key, value) for key, value in arguments.items() if key not in _ORDERING)
    whole = "\0".join([str(index.resolve()), name, *map(repr, choosing)])
    key = hashlib.blake2b(whole.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
    path = folder / f"{key}.ids"
    return NewHits(name, path, _read(path))


def _ids(hit: Hit) -> tuple[str, ...]:
    """Of all articles that the hit stands for."""
    return (hit.article.id, *hit.others)


def _hash(article_id: str) -> bytes:
    # Ids are paths: bytes that are no UTF-8 come as half characters.
    data = article_id.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=_HASH).digest()


def _read(path: Path) -> frozenset[bytes] | None:
    try:
        with path.open("rb") as file:
            data = file.read(len(_HEAD) + MAX_IDS * _HASH)
    except OSError:
        return None
    if not data.startswith(_HEAD) or (len(data) - len(_HEAD)) % _HASH:
        return None
    starts: Sequence[int] = range(len(_HEAD), len(data), _HASH)
    return frozenset(data[start : start + _HASH] for start in starts)
