"""Whether the files of the newest generation are as they were written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from heatseek.engines.whoosh.consistency import check_generation
from heatseek.engines.whoosh.files import seal
from heatseek.engines.whoosh.generations import is_current
from heatseek.engines.whoosh.mark import diagnosis, flaw
from heatseek.engines.whoosh.store import read_current, unreadable
from heatseek.errors import IndexDamagedError, IndexMissingError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek.engines.whoosh.manifest import Manifest


def check(root: Path) -> Iterator[str]:
    """What is wrong with each file, or else with what they hold; nothing if the index is whole.

    Reads every byte. A generation that a writer removes meanwhile is left for the newer one.

    Raises:
        IndexMissingError, IndexOutdatedError: there is nothing to check.
    """
    try:
        yield from read_current(str(root), _flaws)
    except (IndexMissingError, IndexDamagedError) as error:
        told = diagnosis(str(root), error)
        if not isinstance(told, IndexDamagedError):
            raise told from error
        yield told.what


def _flaws(folder: str, manifest: Manifest) -> list[str]:
    flaws = []
    for name, (size, crc) in manifest.files.items():
        path = Path(folder, name)
        try:
            found, found_crc = seal(path)
        except FileNotFoundError:
            if not is_current(Path(folder)):
                raise  # removed by a writer: to be looked for again
            flaws.append(f"{path} is missing")
            continue
        except IndexDamagedError as error:
            flaws.append(error.what)
            continue
        except OSError as error:
            told = unreadable(error, folder)
            why = (error.strerror or "unknown error").lower()
            unread = f"{path} cannot be read: {why}"
            flaws.append(told.what if isinstance(told, IndexDamagedError) else unread)
            continue
        if found != size:
            flaws.append(f"{path} has {found:,} bytes instead of {size:,}")
        elif found_crc != crc:
            flaws.append(f"{path} is not as it was written: its checksum differs")
    marks = [flaw(place, manifest.id) for place in (str(Path(folder).parent), folder)]
    if any(marks) and not is_current(Path(folder)):
        raise FileNotFoundError(None, "", folder)  # as above
    flaws += filter(None, marks)
    return flaws or list(check_generation(folder, manifest))
