"""Files read by other processes: how readings travel, and the process that reads them.

It takes requests on standard input and gives packets on output; it lives as long as its standard
input: however the other process ends, the system closes it. What many articles mention travels
once. Articles go as plain tuples, which are faster to pack and to unpack than objects.
"""

from __future__ import annotations

import os
import pickle
import signal
from array import array
from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any, NamedTuple

from heatseek.article import Article
from heatseek.ingest.discover import ArticleFile
from heatseek.ingest.file_stat import FileStat
from heatseek.ingest.keys import Format
from heatseek.ingest.problem import Problem
from heatseek.ingest.reader import Reading, attempt

MAX_CHARACTERS = 8_000_000
"""Of mentions remembered on each side."""

_values = attrgetter(*(field.name for field in fields(Article)[:-1]))
"""All but `related`, which is the last."""
_Values = tuple[Any, ...]
"""An article without its mentions."""


class PackedReading(NamedTuple):
    """A `Reading`; the file is known where it is unpacked."""

    article: _Values | None
    mentions: array[int]
    """Numbers, in order."""
    problems: tuple[Problem, ...]
    stat: FileStat | None
    digest: bytes
    order: int


class Packet(NamedTuple):
    """Readings as they travel."""

    readings: list[PackedReading]
    mentions: list[_Values]
    """Those that were not sent before; they go on where the numbers stopped."""
    anew: bool
    """True if everything sent before is forgotten first, and numbers begin at 0."""


class Packer:
    """The sending side."""

    def __init__(self, limit: int = MAX_CHARACTERS) -> None:
        self._limit = limit
        self._characters = 0
        self._numbers: dict[int, int] = {}
        self._sent: list[Article] = []  # their ids in memory are the keys of `_numbers`

    def pack(self, readings: Sequence[Reading]) -> Packet:
        """The packet to send; packets must be unpacked in the order in which they were packed."""
        anew = self._characters > self._limit
        if anew:
            self._characters = 0
            self._numbers.clear()
            self._sent.clear()
        known = len(self._sent)
        packed = [self._packed(reading) for reading in readings]
        return Packet(packed, [_values(mention) for mention in self._sent[known:]], anew)

    def _packed(self, reading: Reading) -> PackedReading:
        article = reading.article
        return PackedReading(
            None if article is None else _values(article),
            array("I", map(self._number, article.related if article else ())),
            reading.problems,
            reading.stat,
            reading.digest,
            reading.order,
        )

    def _number(self, mention: Article) -> int:
        number = self._numbers.get(id(mention))
        if number is None:
            number = self._numbers[id(mention)] = len(self._sent)
            self._sent.append(mention)
            self._characters += _size(mention)
        return number


class Mentions:
    """Equal mentions as one object, whichever process read them."""

    def __init__(self, limit: int = MAX_CHARACTERS) -> None:
        self._limit = limit
        self._characters = 0
        self._known: dict[Article, Article] = {}

    def one(self, mention: Article) -> Article:
        """The first of its equals."""
        known = self._known.setdefault(mention, mention)
        if known is mention:
            self._characters += _size(mention)
            if self._characters > self._limit:
                self._known.clear()
                self._characters = 0
        return known


class Unpacker:
    """The receiving side of one `Packer`."""

    def __init__(self, mentions: Mentions) -> None:
        self._mentions = mentions
        self._received: list[Article] = []

    def unpack(self, packet: Packet, files: Sequence[ArticleFile]) -> list[Reading]:
        """The readings of `files`."""
        if packet.anew:
            self._received.clear()
        self._received += (self._mentions.one(Article(*values)) for values in packet.mentions)
        pairs = zip(packet.readings, files, strict=True)
        return [self._reading(packed, file) for packed, file in pairs]

    def _reading(self, packed: PackedReading, file: ArticleFile) -> Reading:
        article = None
        if packed.article is not None:
            related = tuple(map(self._received.__getitem__, packed.mentions))
            article = Article(*(*packed.article, related))
        return Reading(file, article, packed.problems, packed.stat, packed.digest, packed.order)


def _size(mention: Article) -> int:
    """Its characters; the constant stands for the object and its short texts."""
    return 300 + len(mention.title) + len(mention.excerpt) + 2 * len(mention.id)


_Request = tuple[list[ArticleFile], Format]
"""Files, and how to read them."""


def serve() -> None:
    """Answer requests in order, for ever."""
    # The terminal's Ctrl-C is for the process that started this one, and decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests: SimpleQueue[_Request] = SimpleQueue()
    Thread(target=_receive, args=(requests,), daemon=True).start()
    packer = Packer()
    with open(1, "wb", closefd=False) as answers:
        while True:
            files, form = requests.get()
            packet = packer.pack([attempt(file, form) for file in files])
            try:
                pickle.dump(packet, answers, protocol=5)
                answers.flush()
            except BrokenPipeError:
                os._exit(0)  # nobody is there any more; closing `answers` would fail, too


def _receive(requests: SimpleQueue[_Request]) -> None:
    """Take requests at once, so that their sender never waits while an answer waits for it."""
    with open(0, "rb", closefd=False) as source:
        while (request := _next(source)) is not None:
            requests.put(request)
    os._exit(0)


def _next(source: IO[bytes]) -> _Request | None:
    try:
        request: _Request = pickle.load(source)  # noqa: S301 - from the process that started us
    except (EOFError, OSError, pickle.UnpicklingError):
        return None
    return request
