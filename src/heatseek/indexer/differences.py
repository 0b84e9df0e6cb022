"""What an update would find, without making it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from heatseek.errors import ArticleError
from heatseek.indexer.ledger import Ledger
from heatseek.indexer.scanning import scan
from heatseek.ingest.file_stat import digest_file

if TYPE_CHECKING:
    from pathlib import Path

    from heatseek.engines.base import Reader
    from heatseek.ingest.discover import ArticleFile
    from heatseek.ingest.problem import Problem


class Differences(NamedTuple):
    """Files of the archive that are not as the index has them; a renamed one is new and gone."""

    new: int
    changed: int
    gone: int

    @property
    def total(self) -> int:
        """How many there are."""
        return self.new + self.changed + self.gone


def differences(archive: Path, reader: Reader) -> Differences | None:
    """Compare an archive with an open index; nothing is written and no lock taken.

    Gives None if the index does not say what it was made of.

    Raises:
        ArchiveError: the archive is no readable folder.
        IndexDamagedError: the index is not as it was written.
    """
    ledger = Ledger.load(reader.note)
    if ledger is None:
        return None
    found = scan(archive, ledger, _ignore)
    new = sum(file.id not in ledger.files for file in found.unread)
    changed = sum(_has_changed(file, ledger) for file in found.unread)
    return Differences(new, changed, len(found.gone))


def _has_changed(file: ArticleFile, ledger: Ledger) -> bool:
    entry = ledger.files.get(file.id)
    if entry is None:
        return False
    if entry.digest:
        return True
    # It could not be read then, and is listed as unread for as long as that lasts.
    try:
        digest_file(file.path)
    except ArticleError:
        return False
    return True


def _ignore(problem: Problem) -> None:
    """Told by updates."""
