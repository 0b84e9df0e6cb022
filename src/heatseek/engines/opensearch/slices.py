"""A generation that several machines fill, each a slice of it.

For each try at a slice the generation has another alias to be filled by, which goes with the next
try: so nobody writes to a slice that another one has taken over.
"""

from __future__ import annotations

from contextlib import closing, contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from heatseek.engines.opensearch import notes as stored_notes
from heatseek.engines.opensearch.administration import AdministrationClient
from heatseek.engines.opensearch.drafts import Drafts, OpenSearchDraft
from heatseek.engines.opensearch.generations import Meta, check_server, named
from heatseek.engines.opensearch.lease import LeaseDocument, leased
from heatseek.engines.opensearch.parts import PartMaker
from heatseek.engines.opensearch.slice_lease import SliceLease
from heatseek.engines.opensearch.succession import Generations
from heatseek.engines.opensearch.writer import GenerationWriter
from heatseek.errors import HeatseekError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from heatseek.article import Article
    from heatseek.engines.base import Part
    from heatseek.engines.model import Generation, Origin, Slice
    from heatseek.engines.opensearch.location import Location
    from heatseek.engines.opensearch.settings import Settings
    from heatseek.schema import DeclaredField
    from heatseek.text.languages import Language


@contextmanager
def slicing(  # noqa: PLR0913 - those of the contract
    location: Location,
    settings: Settings,
    part: Slice,
    origin: Origin,
    timeout: float,
    tell: Callable[[str], None],
) -> Iterator[SliceWriter]:
    """The writer of a slice, while it holds the lease on it; see `Engine.slicing`."""
    with closing(AdministrationClient(location, settings)) as client:
        check_server(client, location)
        current = partial(named, client, location)
        current()  # that it is no other application's
        drafts = Drafts(client, location, settings)
        document = LeaseDocument(client, location)
        document.prepare(drafts.copies)
        index = Generations(client, location).next_name()
        held = SliceLease(document, location, part, origin, index, current)
        with leased(held, location, timeout, tell) as lease:
            made = Meta(0, origin.archive, 0, 0, 0, *origin[1:])
            drafts.create(lease.index, made)
            yield SliceWriter(client, location, settings, lease, tell, made)


class SliceWriter(GenerationWriter):
    """See `engines.base.SliceWriter`."""

    def __init__(  # noqa: PLR0913 - those of every writer, and one
        self,
        client: AdministrationClient,
        location: Location,
        settings: Settings,
        lease: SliceLease,
        tell: Callable[[str], None],
        made: Meta,
    ) -> None:
        super().__init__(client, location, settings, lease, tell)
        self._slice = lease
        self._made = made
        self._count = 0

    @property
    def left(self) -> tuple[int, ...]:
        """See `engines.base.SliceWriter.left`."""
        return self._slice.left

    def part_maker(self, fields: tuple[DeclaredField, ...], language: Language) -> PartMaker:
        """See `engines.base.SliceWriter.part_maker`."""
        return PartMaker(fields, language, self._place)

    def take(self, articles: Iterable[Article | Part]) -> None:
        """See `engines.base.SliceWriter.take`."""
        self._count = self._write(articles)

    def report(self, notes: Mapping[str, bytes]) -> tuple[int, ...]:
        """See `engines.base.SliceWriter.report`."""
        index = self._slice.index
        self._slice.verify()
        stored_notes.create(self._client, index, self._drafts.copies)
        seals = {
            name: stored_notes.write(self._client, index, _beside(self._slice.number, name), data)
            for name, data in notes.items()
        }
        self._slice.report(self._count, seals)
        return self.left

    def note(self, number: int, name: str) -> bytes:
        """See `engines.base.SliceWriter.note`."""
        seal = self._slice.seals(number).get(name)
        index = self._slice.index
        return stored_notes.read_sealed(self._client, index, _beside(number, name), seal)

    @contextmanager
    def complete(self, articles: Iterable[Article | Part]) -> Iterator[OpenSearchDraft]:
        """See `engines.base.SliceWriter.complete`."""
        self._begin()
        count = self._slice.count + self._write(articles)
        yield OpenSearchDraft(self._finish, self._slice.index, self._made, count)

    def _finish(
        self, index: str, made: Meta, count: int | None, notes: Mapping[str, bytes | None]
    ) -> Generation:
        generation = super()._finish(index, made, count, notes)
        self._slice.done()
        for number in range(1, self._slice.of + 1):
            for name, seal in self._slice.seals(number).items():
                with suppress(HeatseekError):
                    stored_notes.remove(self._client, index, _beside(number, name), seal)
        return generation

    def _write(self, articles: Iterable[Article | Part]) -> int:
        """Write articles in place of what an earlier try has written; how many."""
        self._slice.verify()
        index, place = self._slice.index, self._place
        target = self._drafts.fence(index, place, self._slice.tries)
        if self._slice.tries > 1:
            # By the alias of this try: a later one is not to lose what it writes.
            while ids := self._drafts.leftovers(index, place):
                self._remove(ids, target)
        return self._fill(self._made, articles, target, place)

    @property
    def _place(self) -> int:
        """The number by which documents are known that are written now."""
        return self._slice.number if self._slice.left else self._slice.of + 1


def _beside(number: int, name: str) -> str:
    """The name of a slice's note beside the generation."""
    return f"slice-{number}/{name}"
