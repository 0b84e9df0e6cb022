"""The next generation: of other articles, or of the last one's with changes."""

from __future__ import annotations

from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, cast

from heatseek.article import Article
from heatseek.conventions import NO_CONVENTIONS
from heatseek.engines.model import Removal
from heatseek.engines.opensearch import notes as stored_notes
from heatseek.engines.opensearch.administration import AdministrationClient
from heatseek.engines.opensearch.bulk import Bulk
from heatseek.engines.opensearch.drafts import Drafts, OpenSearchDraft, UnplacedError
from heatseek.engines.opensearch.faults import removed
from heatseek.engines.opensearch.generations import (
    Meta,
    check_server,
    filling,
    named,
    read_current,
)
from heatseek.engines.opensearch.lease import HeldLease, LeaseDocument, leased
from heatseek.engines.opensearch.parts import Part, PartMaker
from heatseek.engines.opensearch.stored import document_id
from heatseek.engines.opensearch.succession import Generations
from heatseek.errors import GenerationGoneError, HeatseekError, StoreError
from heatseek.text.languages import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from heatseek.conventions import Conventions
    from heatseek.engines import base
    from heatseek.engines.model import Generation, Lease
    from heatseek.engines.opensearch.location import Location
    from heatseek.engines.opensearch.settings import Settings
    from heatseek.schema import DeclaredField
    from heatseek.text.languages import Language

    Fields = tuple[DeclaredField, ...]


@contextmanager
def writing(
    location: Location, settings: Settings, timeout: float, tell: Callable[[str], None]
) -> Iterator[OpenSearchWriter]:
    """The writer of an index, while it holds the lease; see `Engine.writing`."""
    with closing(AdministrationClient(location, settings)) as client:
        check_server(client, location)
        named(client, location)
        drafts = Drafts(client, location, settings)
        document = LeaseDocument(client, location)
        document.prepare(drafts.copies)
        with leased(HeldLease(document, location), location, timeout, tell) as lease:
            writer = OpenSearchWriter(client, location, settings, lease, tell)
            writer.collect_garbage()
            yield writer


class GenerationWriter:
    """Fills generations, and has readers open them.

    Args:
        client: to write by.
        location: of the index.
        settings: of connections and copies.
        lease: which is seen to be held still before readers get anything new.
        tell: called with what is to be known beside that.
    """

    def __init__(
        self,
        client: AdministrationClient,
        location: Location,
        settings: Settings,
        lease: HeldLease,
        tell: Callable[[str], None],
    ) -> None:
        self._client = client
        self._location = location
        self._settings = settings
        self._lease = lease
        self._tell = tell
        self._generations = Generations(client, location)
        self._drafts = Drafts(client, location, settings)
        self._before: list[str] = []
        """What readers opened when the next generation was begun."""
        self._last: tuple[str, Meta] | None = None
        """The newest generation, once it was read: under the lease nobody else makes one."""

    def _begin(self) -> None:
        """See that it is for us to take the place of what readers open, and note that."""
        self._before = named(self._client, self._location)
        self._lease.verify()

    def _fill(
        self, meta: Meta, articles: Iterable[Article | base.Part], target: str, part: int = 0
    ) -> int:
        """Write articles; how many.

        Args:
            meta: of the generation.
            articles: with distinct ids, of which none is kept here: there may be very many.
            target: the alias of the generation.
            part: the slice that they are of; 0 where there are none.
        """
        maker = PartMaker(meta.fields, meta.language, part)
        count = 0
        with self._bulk(target) as bulk:
            for each in articles:
                made: Part | None
                if isinstance(each, Article):
                    count += 1
                    made = maker.add(each)
                else:
                    count += len(each.ids)
                    made = cast("Part", each)  # what `part_maker` makes
                if made:
                    bulk.add(made.body)
            if made := maker.finish():
                bulk.add(made.body)
        return count

    def _remove(self, ids: Collection[str], target: str) -> None:
        """Remove documents, by the alias of their generation."""
        if ids:
            with self._bulk(target) as bulk:
                bulk.remove(ids)

    @contextmanager
    def _bulk(self, target: str) -> Iterator[Bulk]:
        clients = [
            AdministrationClient(self._location, self._settings, first=place)
            for place in range(self._settings.connections)
        ]
        bulk = Bulk(clients, target, str(self._location))
        try:
            yield bulk
            bulk.finish()
        finally:
            bulk.abort()
            for client in clients:
                client.close()

    def _finish(
        self,
        index: str,
        made: Meta,
        count: int | None,
        notes: Mapping[str, bytes | None],
    ) -> Generation:
        self._lease.verify()
        try:
            meta = self._sealed(index, made, count, notes)
        except GenerationGoneError as error:
            raise removed(str(self._location)) from error
        self._lease.verify()
        self._last = None
        self._generations.switch(index, self._before)
        self._settle(index, meta)
        return meta.generation

    def _sealed(
        self,
        index: str,
        made: Meta,
        count: int | None,
        notes: Mapping[str, bytes | None],
    ) -> Meta:
        """Complete a generation, with what is to stand beside it."""
        meta = self._drafts.complete(index, made, count)
        kept = {name: data for name, data in notes.items() if data is not None}
        for name in notes.keys() - kept.keys():
            if note := stored_notes.read(self._client, *self._current(), name):
                kept[name] = note
        return self._drafts.seal(index, meta, kept)

    def _settle(self, index: str, meta: Meta) -> None:
        """After a switch: remove what it replaces, as far as that goes; tell of missing copies."""
        # What cannot be done the next writer does.
        with suppress(HeatseekError):
            self._generations.collect_garbage([index], self._settings.grace, meta.created_at)
            if self._settings.replicas and not self._drafts.is_green(index):
                self._tell(
                    f"{self._location}: the new index is in place, but the cluster has no nodes"
                    " for all its copies now: if one is lost, so may be the index"
                )

    def _current(self) -> tuple[str, Meta]:
        if self._last is None:
            self._last = read_current(self._client, self._location)
        return self._last


class OpenSearchWriter(GenerationWriter):
    """See `engines.base.Writer`."""

    @property
    def lease(self) -> Lease:
        """See `Writer.lease`."""
        return self._lease.lease

    @property
    def generation(self) -> Generation:
        """See `Writer.generation`."""
        return self._current()[1].generation

    def note(self, name: str) -> bytes:
        """See `Writer.note`."""
        return stored_notes.read(self._client, *self._current(), name)

    def part_maker(self, fields: Fields, language: Language) -> PartMaker:
        """See `Writer.part_maker`."""
        return PartMaker(fields, language)

    @contextmanager
    def replace(
        self,
        articles: Iterable[Article | base.Part],
        *,
        archive: str,
        fields: Fields = (),
        language: Language = ENGLISH,
        conventions: Conventions = NO_CONVENTIONS,
    ) -> Iterator[OpenSearchDraft]:
        """See `Writer.replace`."""
        made = Meta(0, archive, 0, 0, 0, language, fields, conventions)
        with self._next_generation(lambda index: self._drafts.create(index, made)) as index:
            count = self._fill(made, articles, filling(index))
            yield OpenSearchDraft(self._finish, index, made, count)

    @contextmanager
    def change(self, changes: Iterable[Article | base.Part | Removal]) -> Iterator[OpenSearchDraft]:
        """See `Writer.change`."""
        before, meta = self._current()
        with self._next_generation(lambda index: self._drafts.clone(before, index)) as index:
            difference = _Difference(changes)
            self._fill(meta, difference.articles(), filling(index))
            self._remove(difference.removed(), filling(index))
            yield OpenSearchDraft(self._finish, index, meta, None)

    def collect_garbage(self) -> None:
        """Remove what nobody reads: of dead writers, and what has had its time of grace."""
        try:
            current, since = [self._current()[0]], self._current()[1].created_at
        except StoreError:
            current, since = named(self._client, self._location), None
        self._generations.collect_garbage(current, self._settings.grace, since)

    @contextmanager
    def _next_generation(self, make: Callable[[str], None]) -> Iterator[str]:
        """The name of a new one, which goes again unless it becomes the current one."""
        self._begin()
        index = self._generations.next_name()
        try:
            try:
                make(index)
            except UnplacedError:
                # A node has just gone, and the others take it.
                self._generations.remove(index)
                index = self._generations.next_name()
                make(index)
            yield index
        finally:
            # Ctrl-C may come when it is switched to already. If that cannot be told, or it cannot
            # be removed, the next writer sees to it.
            with suppress(HeatseekError):
                if index not in named(self._client, self._location):
                    self._generations.remove(index)


class _Difference:
    """Changes, articles apart from removals: an article counts more, whichever comes first."""

    def __init__(self, changes: Iterable[Article | base.Part | Removal]) -> None:
        self._changes = changes
        self._gone: set[str] = set()
        self._new: set[str] = set()

    def articles(self) -> Iterator[Article | base.Part]:
        """Those that are to be written, as they come."""
        for change in self._changes:
            if isinstance(change, Removal):
                self._gone.add(change.id)
                continue
            self._new.update((change.id,) if isinstance(change, Article) else change.ids)
            yield change

    def removed(self) -> list[str]:
        """The ids of the documents that go, once all articles have come."""
        return list(map(document_id, self._gone - self._new))
