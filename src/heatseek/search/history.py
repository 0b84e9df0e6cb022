"""Earlier searches: the last of a terminal, and the matches of saved ones.

So `show 3` and `open 3` know what 3 was, and `--new` what was there before. Small files in the
user's XDG state folder: one for each terminal, and one of hashes for each saved search. No search
fails because of them: what cannot be read is as if it had never been, what cannot be kept is said.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from heatseek.config.places import location_of, user_folder
from heatseek.engines.model import IndexUrl

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from heatseek.config.places import Location
    from heatseek.engines.model import Generation
    from heatseek.results import Hit, Results


def state_folder(name: str, environ: Mapping[str, str]) -> Path | None:
    """Heatseek's folder of this name; None if the environment names no place for it."""
    base = user_folder("XDG_STATE_HOME", ".local/state", environ)
    return Path(base, "heatseek", name) if base else None


def keep(path: Path, data: bytes, most: int) -> None:
    """Replace a file in one step; only its owner may read it.

    Args:
        path: of the file; its folder is made.
        data: what it is to hold.
        most: files that the folder may have; the oldest go, and drafts of the dead.

    Raises:
        OSError: the file cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(path, data)
    with suppress(OSError):
        _tidy(path.parent, most)


def _write(path: Path, data: bytes) -> None:
    draft = path.with_suffix(f".{os.getpid()}.new")
    try:
        # O_EXCL: a link that waits under this name is not followed.
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink()
        raise


def _tidy(place: Path, most: int) -> None:
    with os.scandir(place) as scan:
        entries = list(scan)
    if len(entries) > most:
        for entry in sorted(entries, key=lambda e: e.stat().st_mtime_ns)[:-most]:
            with suppress(OSError):
                Path(entry.path).unlink()


_SEARCHES = "searches"
MAX_TERMINALS = 20
"""Terminals that are remembered; the oldest are forgotten."""
MAX_SHOWN = 1_000
MAX_BYTES = 4_000_000
VERSION = 1


class LastSearch(NamedTuple):
    """The hits that a search showed."""

    location: Location
    """Of the index."""
    generation: str
    """Which state of the index answered; another one may rank otherwise."""
    first: int
    """The rank of the first hit shown."""
    ids: tuple[str, ...]
    others: tuple[tuple[str, ...], ...] = ()
    """Where hits were grouped: of each the ids of the others about its story."""

    def others_at(self, rank: int) -> tuple[str, ...]:
        """The ids of those that the hit with a rank stood for, too."""
        place = rank - self.first
        return self.others[place] if 0 <= place < len(self.others) else ()

    def id_at(self, rank: int) -> str | None:
        """The id of the article that had a rank, if it was shown."""
        place = rank - self.first
        return self.ids[place] if 0 <= place < len(self.ids) else None


def stamp(generation: Generation) -> str:
    """A generation as it is remembered; the number alone starts anew with a new folder."""
    return f"{generation.number} {generation.created_at.isoformat()}"


def remember_search(last: LastSearch, environ: Mapping[str, str]) -> None:
    """Keep what was shown on this terminal; in silence nothing if that cannot be."""
    values = {
        "version": VERSION,
        "index": str(last.location),
        "generation": last.generation,
        "first": last.first,
        "ids": last.ids[:MAX_SHOWN],
        "others": last.others[:MAX_SHOWN],
    }
    folder = state_folder(_SEARCHES, environ)
    if folder is None:
        return
    with suppress(OSError, ValueError):
        keep(folder / f"{_terminal()}.json", json.dumps(values).encode(), MAX_TERMINALS)


def recall_search(environ: Mapping[str, str]) -> LastSearch | None:
    """The last search of this terminal, or else of the user; None if none is known."""
    folder = state_folder(_SEARCHES, environ)
    if folder is None:
        return None
    with suppress(OSError):
        for path in [folder / f"{_terminal()}.json", *_newest_first(folder)]:
            with suppress(OSError, ValueError, KeyError, TypeError):
                return _read_search(path)
    return None


def _terminal() -> str:
    """A name for this terminal: that of its device, with the session that it belongs to."""
    session = os.getsid(0) if hasattr(os, "getsid") else os.getppid()
    for descriptor in (0, 1, 2):
        with suppress(OSError, AttributeError):
            return f"{os.ttyname(descriptor).strip('/').replace('/', '-')}-{session}"
    return f"none-{session}"


def _read_search(path: Path) -> LastSearch:
    with path.open("rb") as file:
        values: Any = json.loads(file.read(MAX_BYTES))
    if values["version"] != VERSION or not all(isinstance(name, str) for name in values["ids"]):
        raise ValueError("written by another version")
    return LastSearch(
        location_of(str(values["index"]), "index"),
        str(values["generation"]),
        int(values["first"]),
        tuple(values["ids"]),
        tuple(tuple(map(str, ids)) for ids in values.get("others", ())),
    )


def _newest_first(folder: Path) -> Sequence[Path]:
    found = [(entry.stat().st_mtime_ns, entry.path) for entry in os.scandir(folder)]
    return [Path(path) for _, path in sorted(found, reverse=True) if path.endswith(".json")]


_SEEN = "seen"
MAX_SAVED_SEARCHES = 200
"""Saved searches that are remembered; those that ran longest ago are forgotten."""
MAX_MATCHES = 1_000_000
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
        return replace(results, total=len(new), hits=hits, stories=None, with_all=None)

    def remarks(self, results: Results, *, kept: bool | None, watched: bool) -> Iterator[str]:
        """The remarks to make beside the new hits.

        Args:
            results: the new hits.
            kept: whether the search remembers them from now on; None: nobody asked it to.
            watched: somebody waits for an answer; cron would send mail for each word.
        """
        if kept is False:
            yield f"cannot remember what @{self.name} found: all of it will be new again"
        elif results.total and self.ids is None:
            yield f"@{self.name} is asked for new hits for the first time: all are new"
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
        hashes = sorted(map(_hash, islice(ids, MAX_MATCHES)))
        try:
            keep(self.path, _HEAD + b"".join(hashes), MAX_SAVED_SEARCHES)
        except OSError:
            return False
        return True


def recall_hits(
    name: str, arguments: Mapping[str, object], index: Location, environ: Mapping[str, str]
) -> NewHits:
    """The matches that a saved search had in an index.

    Args:
        name: of the search. What it asks for may change: what it found before stays known.
        arguments: of the request, as given; with another query or other filters it is another
            search.
        index: that is searched.
        environ: names the state folder.
    """
    folder = state_folder(_SEEN, environ)
    if folder is None:
        return NewHits(name, None, None)
    choosing = sorted((key, value) for key, value in arguments.items() if key not in _ORDERING)
    place = index.shown if isinstance(index, IndexUrl) else str(index.resolve())
    whole = "\0".join([place, name, *map(repr, choosing)])
    key = hashlib.blake2b(whole.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
    path = folder / f"{key}.ids"
    return NewHits(name, path, _read_hits(path))


def _ids(hit: Hit) -> tuple[str, ...]:
    """Of all articles that the hit stands for."""
    return (hit.article.id, *hit.others)


def _hash(article_id: str) -> bytes:
    # Ids are paths: bytes that are no UTF-8 come as half characters.
    data = article_id.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=_HASH).digest()


def _read_hits(path: Path) -> frozenset[bytes] | None:
    try:
        with path.open("rb") as file:
            data = file.read(len(_HEAD) + MAX_MATCHES * _HASH)
    except OSError:
        return None
    if not data.startswith(_HEAD) or (len(data) - len(_HEAD)) % _HASH:
        return None
    starts: Sequence[int] = range(len(_HEAD), len(data), _HASH)
    return frozenset(data[start : start + _HASH] for start in starts)
