"""The engine over a folder: what `engines.base` asks for."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from heatseek.engines.base import Generation, Match, Page, Request
from heatseek.engines.whoosh.filtering import filtered
from heatseek.engines.whoosh.layout import COLUMNS
from heatseek.engines.whoosh.matching import Matcher
from heatseek.engines.whoosh.order import Columns, best, contenders
from heatseek.engines.whoosh.plan import Compiler, Everything, Leaf, leaves
from heatseek.engines.whoosh.scoring import Scorer, joined
from heatseek.engines.whoosh.segment import Segment
from heatseek.engines.whoosh.store import Manifest, read_current
from heatseek.errors import IndexDamagedError
from heatseek.ranking import explain
from heatseek.results import Sort

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from heatseek.article import Article


class WhooshEngine:
    """An index folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def open(self) -> WhooshReader:
        """Open the newest generation; see `Engine.open`."""
        return read_current(os.fspath(self._root), WhooshReader)

    def replace(self, articles: Iterable[Article], *, archive: str) -> Generation:
        """Write a new generation; see `Engine.replace`."""
        # Whoosh is needed for writing only; importing it takes longer than a search.
        from heatseek.engines.whoosh.writer import write  # noqa: PLC0415

        return _generation(write(self._root, articles, archive))


class WhooshReader:
    """One generation, open. Files, columns and compiled words are kept from search to search."""

    def __init__(self, folder: str, manifest: Manifest) -> None:
        _check_sizes(folder, manifest)
        self.generation = _generation(manifest)
        self._segments = [
            Segment(os.path.join(folder, name), size)  # noqa: PTH118 - pathlib is not imported in a one-shot search
            for name, size in manifest.segments
        ]
        self._columns: dict[str, Sequence[int]] = {}
        self._compiler = Compiler()

    def search(self, request: Request) -> Page:
        """Answer a request; see `Reader.search`."""
        plan = self._compiler.compile(request.query)
        matcher = Matcher(self._segments)
        documents = filtered(matcher.documents(plan), request.filters, matcher, self._column)
        scorer = Scorer(matcher)
        asked = list(leaves(plan))
        page = self._page(request, scorer, asked, documents)
        matches = (self._match(request, scorer, asked, *scored) for scored in page)
        return Page(len(documents), tuple(matches))

    def close(self) -> None:
        """Release the files."""
        self._columns.clear()
        for segment in self._segments:
            segment.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _page(
        self, request: Request, scorer: Scorer, asked: list[Leaf | Everything], documents: set[int]
    ) -> list[tuple[int, float]]:
        """The documents on the page and their text scores."""
        window = slice(request.offset, request.offset + request.limit)
        dates = self._column("published_at")
        if request.sort is Sort.RELEVANCE:
            texts = scorer.scores(asked, documents)
            now = request.now.timestamp()
            ranked = self._ranking_columns()
            scores = {
                document: texts[document] * ranked.boost(document, now, request.boosts)
                for document in contenders(texts, window.stop, request.boosts.bounds)
            }
            return [(d, texts[d]) for d in best(scores, dates, self._id, window)]
        column = self._column("published_at" if request.sort is Sort.DATE else request.sort.value)
        values = {document: column[document] for document in documents}
        page = best(values, dates, self._id, window)
        texts = scorer.scores(asked, set(page))
        return [(document, texts[document]) for document in page]

    def _match(
        self,
        request: Request,
        scorer: Scorer,
        asked: list[Leaf | Everything],
        document: int,
        text: float,
    ) -> Match:
        article = self._article(document)
        boost = self._ranking_columns().boost(document, request.now.timestamp(), request.boosts)
        if not request.explain:
            return Match(article, text * boost)
        words = scorer.words(asked, document)
        return Match(
            article, text * boost, explain(text, words, article, request.now, request.boosts)
        )

    def _ranking_columns(self) -> Columns:
        return Columns(*map(self._column, ("published_at", "quality", "heat")))

    def _column(self, name: str) -> Sequence[int]:
        column = self._columns.get(name)
        if column is None:
            parts = [segment.column(name) for segment in self._segments]
            column = self._columns[name] = joined(parts, COLUMNS[name])
        return column

    def _locate(self, document: int) -> tuple[Segment, int]:
        for segment in self._segments:
            if document < segment.size:
                return segment, document
            document -= segment.size
        raise IndexError(document)

    def _article(self, document: int) -> Article:
        segment, local = self._locate(document)
        return segment.article(local)

    def _id(self, document: int) -> str:
        segment, local = self._locate(document)
        return segment.id(local)


def _generation(manifest: Manifest) -> Generation:
    return Generation(
        number=manifest.number,
        archive=manifest.archive,
        created_at=datetime.fromtimestamp(manifest.created_at, UTC),
        documents=manifest.documents,
        bytes=manifest.bytes,
    )


def _check_sizes(folder: str, manifest: Manifest) -> None:
    for name, (size, _) in manifest.files.items():
        path = os.path.join(folder, name)  # noqa: PTH118
        if os.stat(path).st_size != size:  # noqa: PTH116
            raise IndexDamagedError(
                f"the index is damaged: {path} has another size than when it was written; "
                "`heatseek rebuild` makes it anew"
            )
