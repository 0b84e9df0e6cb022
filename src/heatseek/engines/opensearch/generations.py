"""The generations of an index on a cluster: an index of the cluster's each, named by an alias.

    news                       the alias: the generation that readers open
    news-g00000012-9f3a51c0         a generation, with what is to be known of it in `_meta`
    news-g00000012-9f3a51c0-notes   the notes beside it
    news-g00000012-9f3a51c0-fill    an alias of it, for as long as it is filled
    news-lease                 who writes
    news-lease-held            the alias by which that is written

What is written goes by such aliases, and by no other way: so nobody who has lost his lease writes
to a generation that is in use, or makes an index anew that was removed.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from types import MappingProxyType

from heatseek.conventions import KEYS, Conventions
from heatseek.definitions import NamedTuple, pattern
from heatseek.engines.model import Generation, Origin
from heatseek.engines.opensearch.faults import server_of, wrong_server
from heatseek.engines.opensearch.mapping import FORMAT
from heatseek.engines.opensearch.statistics import Statistics
from heatseek.errors import (
    IndexDamagedError,
    IndexForeignError,
    IndexMissingError,
    IndexOutdatedError,
    Remedy,
    UsageError,
)
from heatseek.schema import LABEL_FIELDS, TEXT_FIELDS, DeclaredField, FieldKind, check_declared
from heatseek.text.languages import ENGLISH, Language
from heatseek.text.tokens import VERSION as ANALYSIS_VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from heatseek.engines.opensearch.client import Client
    from heatseek.engines.opensearch.location import Location

KIND = "heatseek"
"""The key of `_meta` that says of what kind an index of ours is."""
GENERATION, NOTES, LEASE = "generation", "notes", "lease"
"""Its values."""
TWINS = "twins"
"""The links that several articles have: beside the rest, or, if they are many, a note."""
MOST_TWINS = 1_000
"""That stand beside the rest: every node keeps that in memory."""
_FORM = pattern(r"(.+)-g([0-9]{8,18})-[0-9a-f]{8}(-notes)?\Z")
_LAST_SECOND = 253_402_300_799
"""Of the year 9999."""
_MALFORMED = (*(ValueError, TypeError, KeyError, AttributeError, OverflowError), UsageError)
DESCRIPTION = {"filter_path": "*.aliases,*.mappings._meta,*.settings.index.uuid,error,status"}
"""Of an index no more than what we wrote beside it; of somebody else's, that it is there."""


class Seal(NamedTuple):
    """Of a note, what tells that it is whole."""

    size: int
    """Bytes."""
    digest: str
    chunks: int


NO_STATISTICS = Statistics(0, {})
NO_NOTES: Mapping[str, Seal] = MappingProxyType({})


class Meta(NamedTuple):
    """A generation, as the cluster keeps it beside the mapping."""

    number: int
    archive: str
    created_at: int
    """Seconds since 1970."""
    documents: int = 0
    bytes: int = 0
    """Of all shards, without their copies."""
    language: Language = ENGLISH
    fields: tuple[DeclaredField, ...] = ()
    conventions: Conventions = Conventions()
    statistics: Statistics = NO_STATISTICS
    notes: Mapping[str, Seal] = NO_NOTES

    @property
    def generation(self) -> Generation:
        """As the rest of heatseek knows it."""
        return Generation(
            number=self.number,
            archive=self.archive,
            created_at=datetime.fromtimestamp(self.created_at, UTC),
            documents=self.documents,
            bytes=self.bytes,
            language=self.language,
            fields=self.fields,
            conventions=self.conventions,
        )

    def dump(self) -> dict[str, Any]:
        """As it is written."""
        head = {KIND: GENERATION, "format": FORMAT, "fingerprint": fingerprint()}
        few = [] if TWINS in self.notes else self.statistics.twins
        own = {"statistics": self.statistics.to_json(), "notes": dict(self.notes), TWINS: few}
        return head | self._asdict() | own


def fingerprint() -> str:
    """Fields and analysis that an index was written by, besides the format."""
    text = ",".join(spec.name for spec in TEXT_FIELDS)
    labels = ",".join(spec.name for spec in LABEL_FIELDS)
    return f"text={text} labels={labels} analysis={ANALYSIS_VERSION}"


def load(values: Any, index: str) -> Meta:
    """The generation that was dumped beside an index of the cluster's.

    Raises:
        IndexOutdatedError: by another version.
        IndexDamagedError: it is not as it was written.
    """
    try:
        if (values["format"], values["fingerprint"]) != (FORMAT, fingerprint()):
            archive = values["archive"]
            raise IndexOutdatedError(
                "the index was made by another version of heatseek",
                archive if isinstance(archive, str) else "",
            )
        return _checked(values)
    except _MALFORMED as error:
        raise IndexDamagedError(f"the description beside {index} is overwritten") from error


def _origin(values: dict[str, Any]) -> Origin:
    fields = tuple(DeclaredField(str(n), FieldKind(k), bool(f)) for n, k, f in values["fields"])
    check_declared(fields)
    stemmer, stopwords = values["language"]
    keys, zone = values["conventions"]
    read = None if keys is None else tuple((str(f), tuple(map(str, names))) for f, names in keys)
    if not {field for field, _ in read or ()} <= KEYS.keys():
        raise ValueError
    archive = str(values["archive"])
    if "\0" in archive or os.fsencode(archive) == b"":
        raise ValueError
    conventions = Conventions(read, zone if zone is None else str(zone))
    return Origin(archive, Language(str(stemmer), bool(stopwords)), fields, conventions)


def _checked(values: dict[str, Any]) -> Meta:
    origin = _origin(values)
    if not 0 <= values["created_at"] <= _LAST_SECOND:
        raise ValueError
    notes = {str(name): Seal(int(s), str(d), int(c)) for name, (s, d, c) in values["notes"].items()}
    return Meta(
        number=int(values["number"]),
        archive=origin.archive,
        created_at=int(values["created_at"]),
        documents=int(values["documents"]),
        bytes=int(values["bytes"]),
        language=origin.language,
        fields=origin.fields,
        conventions=origin.conventions,
        statistics=Statistics.from_json(values["statistics"], tuple(map(int, values[TWINS]))),
        notes=notes,
    )


def described(found: Any) -> dict[str, Any]:
    """What we wrote beside an index, as the cluster gives it; nothing beside somebody else's."""
    values = found.get("mappings", {}).get("_meta") if isinstance(found, dict) else None
    return values if isinstance(values, dict) else {}


def origin_of(values: Any) -> Origin | None:
    """The origin in what is known of a generation, also if another version wrote that."""
    try:
        return _origin(values)
    except _MALFORMED:
        return None


def read_current(client: Client, location: Location) -> tuple[str, Meta]:
    """The generation that readers open: the name of its index, and what is known of it.

    One request, where nothing is wrong.

    Raises:
        IndexMissingError, IndexForeignError, IndexOutdatedError, IndexDamagedError.
    """
    name = location.name
    answer = client.send("GET", name, query=DESCRIPTION, allow=(404,))
    if len(answer) == 1 and "error" not in answer:
        ((index, found),) = answer.items()
        values = described(found)
        if is_generation(index, name) and KIND in values:
            return index, load(values, index)
    raise _diagnosis(client, location)


def _diagnosis(client: Client, location: Location) -> IndexMissingError | IndexDamagedError:
    """The error that explains why no generation was found."""
    check_server(client, location)
    names = named(client, location)
    if not names:
        return IndexMissingError(f"no index at {location}")
    if len(names) > 1:
        return IndexDamagedError(f"the alias {location} points at {' and '.join(names)}")
    return IndexDamagedError(f"there is no description beside {names[0]}")


def named(client: Client, location: Location) -> list[str]:
    """The indexes of the cluster that the alias names.

    One; none where there is no index yet; several only if somebody else has changed it.

    Raises:
        IndexForeignError: it is no alias of ours.
    """
    answer = client.send("GET", f"{location.name}/_alias", allow=(404,))
    if "error" in answer:
        return []
    names = sorted(answer)
    for index in names:
        if index == location.name:
            raise _foreign(f"{location} is an index of somebody else's")
        if not is_generation(index, location.name):
            raise _foreign(f"the alias {location} points at {index}, which is somebody else's")
    return names


def _foreign(what: str) -> IndexForeignError:
    error = IndexForeignError(f"{what}, and nothing in it is changed")
    error.remedy = Remedy.OTHER_PLACE
    return error


def check_server(client: Client, location: Location) -> None:
    """See that what answers is an OpenSearch that we can do with.

    Raises:
        EngineRefusedError: it is another server, or version.
    """
    name, version = server_of(client.send("GET", "/"))
    if name != "OpenSearch" or version.partition(".")[0] != "3":
        raise wrong_server(str(location), f"{name} {version}".strip())


def is_generation(index: str, name: str) -> bool:
    """True if an index of the cluster's is named as a generation of the index `name` is."""
    form = _FORM.match(index)
    return bool(form and form[1] == name and not form[3])


def is_notes(index: str, name: str) -> bool:
    """True if one is named as the notes beside such a generation are."""
    form = _FORM.match(index)
    return bool(form and form[1] == name and form[3])


def notes_of(index: str) -> str:
    """The name of the index for the notes beside a generation."""
    return f"{index}-notes"


def filling(index: str) -> str:
    """The alias by which a generation is filled."""
    return f"{index}-fill"


def lease_of(name: str) -> str:
    """The name of the index that says who writes."""
    return f"{name}-lease"


def holding(name: str) -> str:
    """The alias by which it is written to."""
    return f"{lease_of(name)}-held"


def number_of(index: str) -> int:
    """The number of a generation."""
    form = _FORM.match(index)
    return int(form[2]) if form else 0
