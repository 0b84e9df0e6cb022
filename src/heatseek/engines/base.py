"""The contract: all that the indexer and the searcher need from an engine, and no more.

Imported for types only, but for `require`: the values that go to and fro are in `model.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol, Self

from heatseek.article import Article
from heatseek.conventions import NO_CONVENTIONS, Conventions
from heatseek.engines.model import (
    Budget,
    Capability,
    Count,
    Generation,
    LabelSummary,
    Lease,
    Origin,
    Page,
    Removal,
    Request,
    Slice,
)
from heatseek.errors import CapabilityError
from heatseek.schema import DeclaredField
from heatseek.text.languages import ENGLISH, Language


class Reader(Protocol):
    """One generation, open for searching, also by several threads. Later writes don't change it.

    Every method but `close` raises IndexClosedError once it is closed, and may raise
    EngineUnreachableError, EngineRefusedError, or GenerationGoneError: writers remove old
    generations, and an engine need not keep one for as long as somebody reads it.
    """

    @property
    def generation(self) -> Generation:
        """The generation that this reader answers from."""

    def search(self, request: Request) -> Page:
        """Answer exactly: filters first, then the full score over all matches.

        Order: the sort value, best first (or, `ascending`, least first) and unknown last; then
        newer date; then id.

        One hit per link: of matches whose links are canonically the same (`links.canonical`) the
        one that comes first in this order stands for all. The others are no matches: `total`
        counts such a link once, facets count the values of the one that stands for it, and no
        page has another. So which article that is may depend on order and boosts, and with it a
        facet; totals do not. Articles that `filters` leave out stand for nothing, and `excluded`
        leaves out every article with the link of one it names. Scores and statistics are those of
        all articles.

        `Request.entrants` match besides; `Page.entrants` has them with their scores, wherever in
        the order they stand.

        Two tiers: by `Tiers.BOTH` whatever matches `all_words`, links included, comes before all
        else that matches `query`; `Tiers.FIRST` gives the first of these tiers that has a match.
        Where there are none, all matches are told which match `all_words`; if that takes more than
        COUNT_STEPS, none.

        Raises:
            QueryError: a limit of the engine, or the budget, is passed.
            IndexDamagedError: what is read is not what was written.
        """

    def count(
        self, queries: Iterable[Count], budget: Budget | None = None
    ) -> tuple[int | None, ...]:
        """How many matches each of some queries has: the totals that `search` gives, in one call.

        A link counts once, as in `search`.

        Args:
            queries: as many as there are; an engine may answer them together.
            budget: shared by all. None: each has COUNT_STEPS of its own, and where these do not
                do the count is None.

        Raises:
            QueryError: a limit of the engine, or the budget, is passed.
            IndexDamagedError: what is read is not what was written.
        """

    def suggest(self, word: str) -> tuple[str, ...]:
        """Words of articles that begin with this one or are written almost like it.

        The likeliest come first.

        Raises:
            CapabilityError: the engine cannot.
        """

    def labels(self, facet: str) -> tuple[LabelSummary, ...]:
        """All labels of a facet that counts labels, the most frequent first, then by letters."""

    def newest(self, until: datetime) -> datetime | None:
        """When the newest article was published that is not newer than this; None if none was.

        Raises:
            IndexDamagedError: what is read is not what was written.
        """

    def note(self, name: str) -> bytes:
        """The note that its writer left by this name; empty if there is none.

        Raises:
            IndexDamagedError: it is not as it was written.
        """

    def view(self, name: str) -> memoryview:
        """The note that its writer left by this name, as `note` gives it, without a copy.

        An engine over files maps it. The same object each time, for as long as it is whole.

        Raises:
            IndexDamagedError: it is not as it was written.
        """

    def mentioned_by(self, article_ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The ids of the articles that mention each of some articles with a file, sorted.

        What nobody mentions is left out; of stories without a file `related_to` tells.

        Raises:
            IndexDamagedError: what is read is not what was written.
        """

    def get(self, article_id: str) -> Article | None:
        """The article with this id, if there is one."""

    def articles(self) -> Iterator[Article]:
        """All articles, in no particular order."""

    def close(self) -> None:
        """Release files; the reader must not be used again."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...


class Part(Protocol):
    """Articles in the form in which an engine takes them fastest; it can be pickled."""

    @property
    def ids(self) -> Sequence[str]:
        """Of the articles, which are in their order."""


class PartMaker(Protocol):
    """Makes parts of articles. Before it has taken one it can be pickled for another process.

    Nothing is written: what comes of an article is in the part.
    """

    def add(self, article: Article) -> Part | None:
        """Take an article; give the part of all that wait, if that is large enough by now."""

    def finish(self) -> Part | None:
        """The part of the articles that wait; None if none do."""


class Draft(Protocol):
    """A generation with all its articles, which nobody sees before it is committed.

    Where its context ends without that, it is as if it had never been.
    """

    def commit(
        self,
        *,
        notes: Mapping[str, bytes | None],
        mentions: Mapping[str, Collection[str]] | None,
    ) -> Generation:
        """Switch to it, with all that stands beside its articles; once.

        Args:
            notes: by name; for the next change, in place of all notes before. They are one state
                with the articles: whoever opens the generation finds these. None in a draft of
                changes: the note of the generation before, as it is.
            mentions: of articles with a file, by their ids: the ids of the articles that mention
                each, in place of all before. `related:` finds by them as by `related_to`, which
                stories without a file have, as what mentions these changes with them alone. None
                in a draft of changes: those of the generation before.

        Raises:
            LeaseLostError: another writer may be at work.
            IndexWriteError: it cannot be written.
        """


class Writer(Protocol):
    """Makes the next generation. Whatever fails, readers keep the one before."""

    @property
    def lease(self) -> Lease:
        """By which it writes."""

    @property
    def generation(self) -> Generation:
        """The newest whole generation.

        Raises:
            IndexMissingError, IndexOutdatedError, IndexDamagedError.
        """

    def note(self, name: str) -> bytes:
        """The note by this name beside the newest generation; empty if there is none."""

    def part_maker(self, fields: tuple[DeclaredField, ...], language: Language) -> PartMaker | None:
        """A maker of parts for `replace` and `change`, for these fields and this language.

        None if the engine has no form that could be made in another process: it takes articles.
        """

    def replace(
        self,
        articles: Iterable[Article | Part],
        *,
        archive: str,
        fields: tuple[DeclaredField, ...] = (),
        language: Language = ENGLISH,
        conventions: Conventions = NO_CONVENTIONS,
    ) -> AbstractContextManager[Draft]:
        """Make a generation of just these articles; they are taken when the context begins.

        Args:
            articles: with distinct ids, and parts of such. What is found, in which order and how
                well it scores does not depend on what came in which part.
            archive: the absolute path of their folder.
            fields: what the articles may have under `extra`; kept, and held by later changes.
            language: how words are analysed; kept, and held by later changes.
            conventions: how the files were read; kept for whoever reads them next.

        Raises:
            CapabilityError: the engine has no declared fields.
            IndexWriteError, and whatever `articles` raises.
        """

    def change(self, changes: Iterable[Article | Part | Removal]) -> AbstractContextManager[Draft]:
        """Make a generation of the last one's articles with changes, taken as the context begins.

        Args:
            changes: in any order. An article, also of a part, comes in place of the one with its
                id, if the last generation has one; a removal takes one from it, if it has it.

        Raises:
            IndexMissingError, IndexOutdatedError, IndexDamagedError: there is none to change.
            IndexWriteError, and whatever `changes` raises.
        """


class SliceWriter(Protocol):
    """Makes one slice of the next generation, of which others make the rest, also elsewhere.

    Nobody sees the generation before all slices have reported and one of their writers completes
    it. A slice may be made again.
    """

    @property
    def left(self) -> tuple[int, ...]:
        """The numbers of the slices that have not reported.

        Not this one: it was made before, and need not be written again. None: the generation is
        to be completed, as whoever was to do so has not.
        """

    def part_maker(self, fields: tuple[DeclaredField, ...], language: Language) -> PartMaker | None:
        """See `Writer.part_maker`."""

    def take(self, articles: Iterable[Article | Part]) -> None:
        """Write the articles of the slice, in place of what an earlier try at it wrote.

        Raises:
            LeaseLostError: another writer may be at this slice.
            IndexWriteError, and whatever `articles` raises.
        """

    def report(self, notes: Mapping[str, bytes]) -> tuple[int, ...]:
        """Say that the slice is written.

        Args:
            notes: by name; kept for who completes the generation.

        Returns:
            The numbers of the slices that have not reported. None has not: it is for this writer,
            and for no other, to complete the generation.
        """

    def note(self, number: int, name: str) -> bytes:
        """The note by this name of a slice that has reported; empty if there is none."""

    def complete(self, articles: Iterable[Article | Part]) -> AbstractContextManager[Draft]:
        """The generation of all slices and some more articles; committed as that of a rebuild.

        Raises:
            IndexWriteError, and whatever `articles` raises.
        """


class Engine(Protocol):
    """An index somewhere: a folder, later a cluster; `engines.load` gives it.

    Nothing is read or written, nor a server asked, before a method is called.
    """

    @property
    def name(self) -> str:
        """The name of the kind of engine, for people."""

    @property
    def capabilities(self) -> frozenset[Capability]:
        """Its capabilities; the same for as long as it lives."""

    def open(self, *, long_lived: bool = False) -> Reader:
        """The newest whole generation.

        Args:
            long_lived: many searches are to come, so that preparing for them pays.

        Raises:
            IndexMissingError, IndexForeignError, IndexOutdatedError, IndexDamagedError.
            EngineUnreachableError, EngineRefusedError: the place where it is does not answer, or
                does not let us in.
            GenerationGoneError: generations come and go too fast to open one.
        """

    def origin(self) -> Origin | None:
        """The origin of the index, also if it is damaged; None if nothing tells."""

    def writing(
        self,
        *,
        archive: Path | None = None,
        timeout: float = 0.0,
        tell: Callable[[str], None] = ...,
    ) -> AbstractContextManager[Writer]:
        """The index's one writer, which has the lease on it for as long as the context lasts.

        Args:
            archive: the folder of the articles that it is to write: never a place for an index.
            timeout: seconds to wait for another writer's lease to end.
            tell: called with a line, before waiting, on who that is; and on what is to be known
                of a change beside that it is made.

        Raises:
            IndexForeignError: what is there is no index, and is left as it is.
            IndexLockedError, IndexWriteError.
        """

    def slicing(
        self,
        part: Slice,
        origin: Origin,
        *,
        timeout: float = 0.0,
        tell: Callable[[str], None] = ...,
    ) -> AbstractContextManager[SliceWriter]:
        """The one writer of a slice of the next generation.

        The first of all slices begins the generation, for which no other writer is at work until
        it is committed, or nobody has been at work on it for as long as a lease takes to lapse.

        Args:
            part: which slice.
            origin: of the generation; the same for all of its slices.
            timeout: as in `writing`.
            tell: as in `writing`.

        Raises:
            CapabilityError: the engine cannot.
            IndexLockedError: another writer is at work, at this slice or at the whole; or the
                slices of another division, or of another origin, are being made.
            IndexForeignError, IndexWriteError.
        """

    def check(self) -> Iterator[str]:
        """The damage of the stored index, in words; reads all of it.

        Raises:
            CapabilityError: the engine cannot.
            IndexMissingError, IndexOutdatedError: there is nothing to check.
        """


def require(engine: Engine, capability: Capability) -> None:
    """See that an engine can do something.

    Raises:
        CapabilityError: it does not declare that.
    """
    if capability not in engine.capabilities:
        raise CapabilityError(engine.name, capability)
