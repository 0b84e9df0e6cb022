"""Notes beside a generation: in pieces, in an index of their own, checked when they are read."""

from __future__ import annotations

import sys
from array import array
from base64 import b64decode, b64encode
from hashlib import blake2b
from typing import TYPE_CHECKING

from heatseek.engines.opensearch.client import path_of
from heatseek.engines.opensearch.faults import check_made
from heatseek.engines.opensearch.generations import KIND, NOTES, TWINS, Seal, notes_of
from heatseek.errors import IndexDamagedError

if TYPE_CHECKING:
    from typing import Any

    from heatseek.engines.opensearch.client import Client
    from heatseek.engines.opensearch.generations import Meta

CHUNK = 4_000_000
"""Bytes of a piece, which takes a third more on its way."""


def read(client: Client, index: str, meta: Meta, name: str) -> bytes:
    """The note by a name beside a generation; empty if there is none.

    Raises:
        IndexDamagedError: it is not as it was written.
        GenerationGoneError: the generation is not there any more.
    """
    return read_sealed(client, index, name, meta.notes.get(name))


def read_sealed(client: Client, index: str, name: str, seal: Seal | None) -> bytes:
    """The same, of a note of which this tells that it is whole."""
    if seal is None:
        return b""
    try:
        data = b"".join(_chunk(client, index, name, place) for place in range(seal.chunks))
    except (ValueError, TypeError, KeyError) as error:
        raise _damaged(index, name) from error
    if (len(data), _digest(data)) != (seal.size, seal.digest):
        raise _damaged(index, name)
    return data


def _chunk(client: Client, index: str, name: str, place: int) -> bytes:
    path = path_of(notes_of(index), "_doc", f"{name}.{place}")
    answer = client.send("GET", path, allow=(404,))
    if "error" in answer:
        client.send("GET", f"{index}/_mapping", query={"filter_path": "*.mappings._meta"})
        raise IndexDamagedError(f"the notes beside {index} are missing")
    return b64decode(answer["_source"]["data"], validate=True)


def _damaged(index: str, name: str) -> IndexDamagedError:
    return IndexDamagedError(f"the note {name} beside {index} is not as it was written")


def with_twins(client: Client, index: str, meta: Meta) -> Meta:
    """A generation with all links that several of its articles have.

    Raises:
        IndexDamagedError: the note of them is not as it was written.
        GenerationGoneError: the generation is not there any more.
    """
    if TWINS not in meta.notes:
        return meta
    twins = array("q")
    data = read(client, index, meta, TWINS)
    twins.frombytes(data[: len(data) // 8 * 8])
    if sys.byteorder == "big":
        twins.byteswap()
    return meta._replace(statistics=meta.statistics._replace(twins=tuple(twins)))


def twins_note(twins: tuple[int, ...]) -> bytes:
    """The note of the links that several articles have."""
    numbers = array("q", twins)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def create(client: Client, index: str, copies: dict[str, Any]) -> None:
    """Make the index for the notes beside a generation, with as many copies.

    Raises:
        IndexWriteError: the cluster makes none.
    """
    body = {
        "settings": {"index": {"number_of_shards": 1, **copies}},
        "mappings": {"_meta": {KIND: NOTES}, "enabled": False},
    }
    answer = client.send("PUT", notes_of(index), body, retry=True, allow=(400,))
    check_made(notes_of(index), answer)


def write(client: Client, index: str, name: str, data: bytes) -> Seal:
    """Write a note beside a generation; give what tells that it is whole."""
    places = range(0, len(data), CHUNK)
    for number, start in enumerate(places):
        body = {"data": b64encode(data[start : start + CHUNK]).decode()}
        client.send("PUT", path_of(notes_of(index), "_doc", f"{name}.{number}"), body, retry=True)
    return Seal(len(data), _digest(data), len(places))


def remove(client: Client, index: str, name: str, seal: Seal) -> None:
    """Remove a note beside a generation."""
    for number in range(seal.chunks):
        path = path_of(notes_of(index), "_doc", f"{name}.{number}")
        client.send("DELETE", path, retry=True, allow=(404,))


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=16).hexdigest()
