"""An archive that is in one of two states, an index of it, and what searches of each give."""

from __future__ import annotations

import hashlib
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from heatseek import indexer
from heatseek.engines import load
from heatseek.engines.whoosh import store
from heatseek.engines.whoosh.mark import MARK
from searches import Asking

if TYPE_CHECKING:
    from heatseek.engines.base import Engine
    from heatseek.indexer import Summary
    from heatseek.ingest.problem import Problem

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BEFORE, AFTER = "before", "after"
WORDS = ("solar", "wind", "tide", "grid", "heat", "storage", "hydrogen", "pylon")
QUERIES = (
    "solar",
    "wind tide",
    '"solar wind"',
    "sol* -grid",
    "topic:heat",
    "quality:>20",
    "has:url",
)
LIMIT = 10_000


class TwoStates:
    """In state `BEFORE` some files are there, or say something, that is otherwise in `AFTER`.

    Args:
        base: a folder for everything.
        files: how many there are at most.
        every: in each of three ways one file of so many differs.

    Attributes:
        archive: the folder of articles.
        index: the folder of their index; in state `BEFORE` at first, as the archive.
        kept: a copy of it.
        known: what `checksum` gives of an index of each state.
    """

    def __init__(self, base: Path, files: int, every: int = 40) -> None:
        self.archive = base / "seeds"
        self.index = base / "index"
        self._files, self._every = files, every
        self.known: dict[str, str] = {}
        for state in (AFTER, BEFORE):
            self.set(state)
            shutil.rmtree(self.index, ignore_errors=True)
            indexer.rebuild(self.archive, self.engine, report=_ignore)
            self.known[state] = checksum(self.engine)
        assert len(set(self.known.values())) == 2
        self.kept = shutil.copytree(self.index, base / "kept")

    def set(self, state: str) -> None:
        """Write and remove what differs; files that are the same are left as they are."""
        for number in range(self._files):
            text = self._text(number, state)
            path = self.archive / f"folder{number % 5}" / f"{number:05}.md"
            if text is None:
                path.unlink(missing_ok=True)
            elif not path.exists() or path.read_text() != text:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)

    def restore(self) -> None:
        """Take the index that is kept."""
        shutil.rmtree(self.index, ignore_errors=True)
        shutil.copytree(self.kept, self.index)

    @property
    def engine(self) -> Engine:
        """Of the index."""
        return load(self.index)

    def update(self) -> Summary:
        """Bring the index to the state of the archive, in this process."""
        return indexer.update(self.archive, self.engine, report=_ignore)

    def indexed(self) -> str:
        """The state that the index is in, as one search process and as a lasting one see it."""
        states = {sum_: state for state, sum_ in self.known.items()}
        seen = {
            states[checksum(self.engine, long_lived=long_lived)] for long_lived in (False, True)
        }
        (state,) = seen
        return state

    def _text(self, number: int, state: str) -> str | None:
        kind = number % self._every
        if (kind, state) in {(0, BEFORE), (1, AFTER)}:
            return None
        version = 1 if kind == 2 and state == AFTER else 0
        words = [WORDS[(number * step + version) % len(WORDS)] for step in (1, 3, 5, 7)]
        return (
            f"---\ntitle: {words[0]} {words[1]} {number}\nexcerpt: {words[2]} {words[3]}\n"
            f"quality: {(number + version) % 60}\ntopics: [{words[3]}]\n"
            f"webUrl: https://example.com/{number}\nrelated:\n- title: {words[1]} mentioned\n"
            f"  webUrl: https://example.org/{number % 90 + version}\n---\n{' '.join(words * 20)}\n"
        )


def checksum(engine: Engine, *, long_lived: bool = False) -> str:
    """Of all hits of all queries: articles, scores, order, totals."""
    digest = hashlib.sha256()
    with engine.open(long_lived=long_lived) as reader:
        searcher = Asking(reader, now=NOW, snippet_length=0)
        for query in QUERIES:
            found = searcher.search(query, limit=LIMIT)
            digest.update(repr((query, found.total, found.notices)).encode())
            for hit in found.hits:
                digest.update(repr((hit.article, hit.score)).encode())
    return digest.hexdigest()


def strays(index: Path) -> set[str]:
    """What is in the folder of an index besides one whole generation."""
    present = {str(path.relative_to(index)) for path in index.rglob("*")}
    name = (index / store.CURRENT).read_text().strip()
    files = store.read_current(str(index), lambda _, manifest: list(manifest.files))
    own = (*files, store.MANIFEST, MARK)
    needed = {store.CURRENT, MARK, name, *(f"{name}/{file}" for file in own)}
    assert needed - {MARK} <= present  # which an update that has nothing to do leaves as it is
    return present - needed - {store.LOCK}


def _ignore(problem: Problem) -> None:
    """Problems are not looked at."""
