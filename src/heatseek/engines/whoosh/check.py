"""A check of an index: its structures held against each other, whatever checksums say.

A search looks at the little that it reads, and this at everything: what is sound here ends no
search in an error. What an index says of its articles is believed where it can be so.
"""

from __future__ import annotations

from contextlib import closing
from functools import partial
from itertools import accumulate
from operator import lt
from pathlib import Path
from typing import TYPE_CHECKING

from heatseek.engines.shared.analysis import column_values
from heatseek.engines.shared.fields import (
    ACCENTED,
    REFERENCES,
    TERMS,
    UNKNOWN,
    WORDS,
    WRITTEN,
    length_column,
    own,
    own_words,
)
from heatseek.engines.shared.references import CrossReferences
from heatseek.engines.whoosh.columns import unknown_in
from heatseek.engines.whoosh.files import seal
from heatseek.engines.whoosh.generations import is_current
from heatseek.engines.whoosh.mark import diagnosis, flaw
from heatseek.engines.whoosh.segment import ID_OFFSETS, IDS
from heatseek.engines.whoosh.segments import Segments
from heatseek.engines.whoosh.store import Note, read_current, unreadable
from heatseek.engines.whoosh.stored import BLOCKS, DICTIONARIES, OFFSETS, RECORDS
from heatseek.errors import SURPRISES, IndexDamagedError, IndexMissingError, reason
from heatseek.schema import LABEL_FIELDS, TEXT_FIELDS, FieldKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from heatseek.article import Article
    from heatseek.engines.whoosh.manifest import Manifest
    from heatseek.engines.whoosh.postings import FieldPostings, Postings
    from heatseek.engines.whoosh.sections import SectionFile
    from heatseek.engines.whoosh.segment import Segment
    from heatseek.schema import DeclaredField


_OF_DOCUMENTS = (
    *(IDS, ID_OFFSETS),
    *(RECORDS, OFFSETS, DICTIONARIES, BLOCKS),
    "statistics",
)
_OF_TERMS = ("terms", "blocks", "postings")
"""Sections of each inverted field."""
_FIELDS_MASK = (1 << len(TEXT_FIELDS)) - 1


class _UnsoundError(ValueError):
    """Something does not go together; the message says what, as the end of a sentence."""


def check_generation(folder: str, manifest: Manifest) -> Iterator[str]:
    """Contradictions in the files of a generation, in words.

    Raises:
        OSError: one cannot be read.
    """
    try:
        with (
            closing(Segments(folder, manifest.segments)) as segments,
            closing(Note(folder, manifest, REFERENCES)) as note,
        ):
            yield from inconsistencies(segments, manifest, note)
    except IndexDamagedError as error:
        yield error.what


def inconsistencies(segments: Segments, manifest: Manifest, references: Note) -> Iterator[str]:
    """Contradictions in an open generation, in words; one of each structure.

    Args:
        segments: all of them.
        manifest: what it says of them.
        references: the note of what mentions each article.
    """
    for _, segment in segments:
        documents, terms, *_ = segment.files
        yield from _flaws(documents, _documents(segment, manifest.fields))
        yield from _flaws(terms, _terms(segment, manifest.fields))
    yield from _flaws(None, _generation(segments, manifest, references))


Check = tuple[str, "Callable[[], object]"]
"""A structure, by name, and the function that looks at it."""


def _flaws(file: SectionFile | None, checks: Iterable[Check]) -> Iterator[str]:
    for name, check in checks:
        try:
            check()
        except IndexDamagedError as error:
            yield error.what
        except _UnsoundError as error:
            yield _sentence(file, name, str(error))
        except SURPRISES:
            yield _sentence(file, name, "of another form than is written")


def _sentence(file: SectionFile | None, name: str, flaw: str) -> str:
    return f"{file.path} has {name} {flaw}" if file else f"the manifest has {name} {flaw}"


def _generation(segments: Segments, manifest: Manifest, note: Note) -> Iterator[Check]:
    yield "deletions", segments.deleted
    yield "links", lambda: _check_links(segments, manifest)
    yield "ids", lambda: _check_ids(segments)
    yield f"a note {REFERENCES}", lambda: _check_references(note)


def _check_references(note: Note) -> None:
    references = CrossReferences(note.read())
    for place in range(len(references)):
        references.id(place)


def _check_links(segments: Segments, manifest: Manifest) -> None:
    expected = {frozenset(group) for group in segments.duplicate_links()}
    if {frozenset(group) for group in manifest.duplicates} != expected:
        raise _UnsoundError("that are not those of the articles")


def _check_ids(segments: Segments) -> None:
    ids = [id_ for id_, _ in segments.ids()]
    if len(set(ids)) != len(ids):
        raise _UnsoundError("of which two are the same")


def _documents(segment: Segment, fields: tuple[DeclaredField, ...]) -> Iterator[Check]:
    file = segment.files[0]
    values = column_values(fields)
    names = [*values, *(length_column(spec.name) for spec in TEXT_FIELDS)]
    yield "sections", lambda: _check_names(file, {*_OF_DOCUMENTS, *(f"column/{n}" for n in names)})
    yield "records", segment.check_offsets
    for document in range(segment.size):
        yield f"a record {document}", partial(_check_article, segment, document, values)
    for spec in TEXT_FIELDS:
        yield f"lengths of {spec.name}", partial(_check_statistics, segment, spec.name)


def _check_names(file: SectionFile, expected: set[str]) -> None:
    if set(file) != expected:
        raise _UnsoundError("that no index has, or lacks some")


def _check_article(
    segment: Segment, document: int, values: Mapping[str, Callable[[Article], float]]
) -> None:
    """See that columns say of an article what its record says."""
    article = segment.article(document)
    for name, value in values.items():
        column = segment.column(name)
        expected = value(article)
        if column[document] != (unknown_in(column) if expected == UNKNOWN else expected):
            raise _UnsoundError(f"that the column {name} does not know")


def _check_statistics(segment: Segment, name: str) -> None:
    lengths = segment.lengths(name).tolist()
    lost = [lengths[document] for document in segment.deleted]
    expected = sum(lengths) - sum(lost), sum(map(bool, lengths)) - sum(map(bool, lost))
    if tuple(segment.statistics()[name]) != expected:
        raise _UnsoundError("that the statistics do not know")


def _terms(segment: Segment, fields: tuple[DeclaredField, ...]) -> Iterator[Check]:
    file = segment.files[1]
    inverted = {name.removesuffix("/terms") for name in file if name.endswith("/terms")}
    known = {TERMS, WORDS, ACCENTED, *(spec.name for spec in LABEL_FIELDS)}
    for field in fields:
        known |= {own(field), own_words(own(field))} if not field.kind.is_ordered else set()
    yield (
        "sections",
        lambda: _check_names(
            file, {f"{field}/{part}" for field in inverted & known for part in _OF_TERMS}
        ),
    )
    if any(any(segment.lengths(spec.name)) for spec in TEXT_FIELDS):
        yield "words", lambda: _check_present(inverted)
    for name in sorted(inverted & known):
        yield f"terms of {name}", partial(_check_field, segment, name)


def _check_present(inverted: set[str]) -> None:
    if TERMS not in inverted:
        raise _UnsoundError("nowhere")


def _check_field(segment: Segment, field: str) -> None:
    vocabulary = segment.vocabulary(field)
    if vocabulary is None:
        return
    vocabulary.check_order()
    kind = field.partition(".")[0]
    for place in range(len(vocabulary)):
        postings = vocabulary.postings(place)
        _check_documents(postings)
        if field == TERMS or kind == FieldKind.TEXT:
            _check_positions(postings)
        elif field == ACCENTED or WORDS in (field, kind):
            _check_masks(postings)


def _check_documents(postings: Postings) -> None:
    ids = postings.ids
    if len(ids) > 1 and not all(map(lt, ids, ids[1:])):
        raise _UnsoundError("with documents that are not in order")


def _check_masks(postings: Postings) -> None:
    if len(postings.masks) != len(postings) or 0 in bytes(postings.masks):
        raise _UnsoundError("without fields")


def _check_positions(postings: Postings) -> None:
    """Each document has positions in each field that its mask has, and they ascend."""
    _check_masks(postings)
    together = end = 0
    for mask in set(postings.masks):
        together |= mask & ~(1 << WRITTEN)
    if together & ~_FIELDS_MASK or not together:
        raise _UnsoundError("of fields that there are not")
    for field in range(len(TEXT_FIELDS)):
        in_field = postings.in_field(field)
        if bool(in_field) != bool(together >> field & 1):
            raise _UnsoundError("without positions")
        if in_field:
            _check_field_positions(in_field)
            end = in_field.positions.end
    if postings.positions is None or end != len(postings.positions()):
        raise _UnsoundError("with more positions than they count")


def _check_field_positions(postings: FieldPostings) -> None:
    counts, gaps = postings.counts, postings.positions.gaps()
    if 0 in counts:
        raise _UnsoundError("with another number of positions")
    starts = accumulate(counts[:-1], initial=0)
    if gaps.count(0) != sum(not gaps[start] for start in starts):
        raise _UnsoundError("with positions that are not in order")


def check(root: Path) -> Iterator[str]:
    """The damage of each file, or else of what they hold; nothing if the index is whole.

    Reads every byte. A generation that a writer removes meanwhile is left for the newer one.

    Raises:
        IndexMissingError, IndexOutdatedError: there is nothing to check.
    """
    try:
        yield from read_current(str(root), _generation_flaws)
    except (IndexMissingError, IndexDamagedError) as error:
        fault = diagnosis(str(root), error)
        if not isinstance(fault, IndexDamagedError):
            raise fault from error
        yield fault.what


def _generation_flaws(folder: str, manifest: Manifest) -> list[str]:
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
            fault = unreadable(error, folder)
            unread = f"{path} cannot be read: {reason(error)}"
            flaws.append(fault.what if isinstance(fault, IndexDamagedError) else unread)
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
