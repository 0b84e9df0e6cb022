"""Crafted indexes: sizes, offsets, names, JSON and records changed, and the checksums right."""

from __future__ import annotations

import json
import struct
import zlib
from functools import cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from heatseek.engines.whoosh import sections, store
from heatseek.engines.whoosh.coding import number
from heatseek.engines.whoosh.columns import forms
from heatseek.engines.whoosh.encoding import encoded
from heatseek.engines.whoosh.manifest import NOTE_FILE
from heatseek.engines.whoosh.sections import SectionWriter
from heatseek.engines.whoosh.segment import ID_OFFSETS, IDS
from heatseek.engines.whoosh.stored import BLOCKS, DICTIONARIES, OFFSETS, RECORDS
from heatseek.engines.whoosh.stored import RAW as STREAM
from heatseek.engines.whoosh.vocabulary import ROW

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

BOMB = 150_000_000
"""Bytes that a few hundred thousand compressed ones become."""
NUMBERS = (0, 1, 2, 3, 7, 100, 2**15, 2**16, 2**31 - 1, 2**31, 2**32 - 1, 2**63, 10**30)
ODD = (
    *(None, True, -1, 0, 1.5, 10**400, float("nan"), float("inf"), "", "x", "\ud800", [], {}),
    *("javascript:alert(1)", "file:///etc/passwd"),
    *([None], [[]], {"at": None}, {"at": 10**18}, "../../etc/passwd", "a" * 100_000, [1, "a"]),
)
"""Values of JSON in place of others."""
RAW = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b"[" * 100_000,
    b"\xff\xfe",
    b'{"a": [1, 2]}',
    b"1" * 5_000,
    b'"\\ud800"',
    b"[" + b"[]," * 100_000 + b"[]]",
)
"""Texts in place of JSON."""


@cache
def bomb() -> bytes:
    return zlib.compress(bytes(BOMB), 1)


@cache
def bombs() -> tuple[bytes, bytes]:
    """Zeros, and lists, as records have them."""
    return deflated(bytes(BOMB)), deflated(b"[" + b"[]," * (BOMB // 30) + b"[]]")


def deflated(data: bytes, dictionary: bytes = b"") -> bytes:
    stream = zlib.compressobj(1, wbits=STREAM, zdict=dictionary)
    return stream.compress(data) + stream.flush()


class Mutation(NamedTuple):
    """A change to one file."""

    file: str
    what: str
    is_value: bool = False
    """Another index may have been written so: other answers are right."""


def mutate(index: Path, chance: Random) -> Mutation:
    """Change one thing, and put the checksums right again."""
    folder = index / (index / store.CURRENT).read_text().strip()
    manifest = json.loads((folder / store.MANIFEST).read_text())
    name = chance.choice([*manifest["files"], store.MANIFEST])
    if name == store.MANIFEST:
        mutation = Mutation(name, *_mutate_manifest(manifest, chance))
    else:
        path = folder / name
        data, mutation = _mutated(name, path.read_bytes(), chance)
        _put(path, data, manifest)
    _seal(folder, manifest)
    return mutation


def put(index: Path, name: str, data: bytes) -> None:
    """Other bytes for a file, with the right checksums."""
    folder = index / (index / store.CURRENT).read_text().strip()
    manifest = json.loads((folder / store.MANIFEST).read_text())
    _put(folder / name, data, manifest)
    _seal(folder, manifest)


def _put(path: Path, data: bytes, manifest: dict[str, Any]) -> None:
    path.unlink()  # other generations may have it by another link
    path.write_bytes(data)
    manifest["files"][path.name] = len(data), zlib.crc32(data)


def _seal(folder: Path, manifest: dict[str, Any]) -> None:
    manifest.pop("checksum", None)
    checksum = zlib.crc32(json.dumps(manifest, sort_keys=True).encode())
    (folder / store.MANIFEST).write_text(json.dumps(manifest | {"checksum": checksum}))


def _mutate_manifest(manifest: dict[str, Any], chance: Random) -> tuple[str, bool]:
    segment = chance.choice(manifest["segments"])
    match chance.randrange(6):
        case 0:
            segment[1] = chance.choice([*NUMBERS, segment[1] + 1, segment[1] - 1, -1])
        case 1:
            segment[2] = chance.choice([*NUMBERS, segment[2] + 1, -1])
        case 2:
            manifest["duplicates"] = chance.choice(
                [[[0, number]] for number in NUMBERS] + [[[-1, -5]], [[]], [[1, 1]], [[0], [1]]]
            )
        case 3:
            manifest["segments"].append(list(segment))
        case 4:
            name = chance.choice(sorted(manifest["files"]))
            file = manifest["files"].pop(name)
            manifest["files"] |= chance.choice([{}, {name: file[:1]}, {f"../{name}": file}])
            return f"files without {name}", True
        case _:
            key = chance.choice(sorted(manifest))
            manifest[key] = value = chance.choice([*ODD, *NUMBERS])
            return f"{key} is {value!r:.40}", True
    return f"segments {manifest['segments']}, duplicates {manifest['duplicates']}", False


def _mutated(name: str, data: bytes, chance: Random) -> tuple[bytes, Mutation]:
    if name.endswith(NOTE_FILE):
        return _mutated_note(name, data, chance)
    directory, parts = _read(data)
    if chance.random() < 0.15:
        changed, what = _mutated_directory(directory, chance)
        body = data[: _trailer(data)[0]]
        return _completed(body, changed), Mutation(name, f"directory: {what}")
    section = chance.choice(sorted(parts))
    changed, what, is_value = _mutated_section(section, dict(parts), chance)
    return _written(parts | changed), Mutation(name, f"{section}: {what}", is_value)


def _trailer(data: bytes) -> tuple[int, int, int, bytes]:
    return sections._TRAILER.unpack(data[-sections._TRAILER.size :])


def _read(data: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    start, length, _, _ = _trailer(data)
    directory = json.loads(data[start : start + length])
    return directory, {n: data[at : at + size] for n, (at, size, _) in directory.items()}


def _completed(body: bytes, directory: bytes) -> bytes:
    checksum = zlib.crc32(directory)
    return (
        body
        + directory
        + sections._TRAILER.pack(len(body), len(directory), checksum, sections.MAGIC)
    )


class _Kept(bytearray):
    """A file that is written to memory, and stays when it is closed."""

    def write(self, data: bytes) -> None:
        self.extend(data)

    def close(self) -> None:
        pass


def _written(parts: dict[str, bytes]) -> bytes:
    file = _Kept()
    out = SectionWriter(file)  # type: ignore[arg-type]
    for name, data in parts.items():
        out.add(name, data)
    out.close()
    return bytes(file)


def _mutated_directory(directory: dict[str, Any], chance: Random) -> tuple[bytes, str]:
    name = chance.choice(sorted(directory))
    match chance.randrange(5):
        case 0:
            directory[name][chance.randrange(3)] = value = chance.choice([*NUMBERS, *ODD])
            what = f"{name} {value!r:.40}"
        case 1:
            directory[name] = value = chance.choice(ODD)
            what = f"{name} is {value!r:.40}"
        case 2:
            directory[name + "x"] = directory.pop(name)
            what = f"{name} renamed"
        case 3:
            other = chance.choice(sorted(directory))
            directory[name], directory[other] = directory[other], directory[name]
            what = f"{name} and {other} exchanged"
        case _:
            raw = chance.choice(RAW)
            return raw, f"{raw[:20]!r}"
    return json.dumps(directory).encode("utf-8", "surrogatepass"), what


def _mutated_section(  # noqa: PLR0911 - one for each kind of section
    name: str, parts: dict[str, bytes], chance: Random
) -> tuple[dict[str, bytes], str, bool]:
    """The sections that change, how, and whether another index may have been written so."""
    data = parts[name]
    if chance.random() < 0.1:
        cut = chance.choice([0, 1, len(data) // 2, max(len(data) - 4, 0), max(len(data) - 1, 0)])
        longer = chance.choice([b"", b"\0", bytes(4), bytes(1000)])
        if chance.random() < 0.6:
            return {name: data[:cut]}, f"cut to {cut}", False
        return {name: data + longer}, f"longer by {len(longer)}", False
    if name == RECORDS:
        return _mutated_records(parts, chance)
    if name.endswith("/postings"):
        return _mutated_postings(name, parts, chance)
    if name == DICTIONARIES:
        new = chance.choice([*bombs(), deflated(b""), deflated(b"x" * 40_000), b"", b"x"])
        return {name: _checked(new)}, f"a dictionary {new[:20]!r}", True
    if name == IDS:
        text, what = _mutated_text(data, chance)
        return {name: text}, what, True
    if name == "statistics":
        changed, what = _mutated_json(data, chance)
        return {name: changed}, what, False
    if name.endswith("/terms"):
        changed, what = _mutated_text(data, chance)
        return {name: changed}, what, True
    # Terms and ids may begin elsewhere in the same text; terms then still be in order.
    is_value = name.startswith("column/") or name.endswith("/blocks") or name == ID_OFFSETS
    changed, what = _mutated_numbers(data, _code(name, parts), chance)
    return {name: changed}, what, is_value


def _checked(data: bytes) -> bytes:
    return struct.pack("=I", zlib.crc32(data)) + data


def _code(name: str, parts: dict[str, bytes]) -> str:
    """The typecode of the numbers of a section."""
    if name.startswith("column/"):
        documents = len(parts[OFFSETS]) // 4
        return forms(name.removeprefix("column/"))[len(parts[name]) // documents]
    return "Q" if name.endswith("/blocks") else "I"


def _mutated_numbers(data: bytes, code: str, chance: Random) -> tuple[bytes, str]:
    size = struct.calcsize(code)
    count = len(data) // size
    if not count:
        return bytes(size), "one more"
    at = chance.randrange(count)
    if chance.random() < 0.3:
        other = chance.randrange(count)
        numbers = list(struct.unpack(f"={count}{code}", data))
        numbers[at], numbers[other] = numbers[other], numbers[at]
        return struct.pack(f"={count}{code}", *numbers), f"{at} and {other} exchanged"
    value = chance.choice(NUMBERS)
    raw = value.to_bytes(16, "little")[:size]
    if code == "d":
        raw = struct.pack("=d", chance.choice([float("nan"), float("inf"), -1e300, 5e-324]))
    return data[: at * size] + raw + data[(at + 1) * size :], f"{at} is {raw.hex()}"


def _mutated_text(data: bytes, chance: Random) -> tuple[bytes, str]:
    if not data:
        return b"x", "x"
    at = chance.randrange(len(data))
    new = chance.choice([b"\xff", b"\0", b"\xf4\x8f\xbf\xbf", b"/../", b"~", b"A", b"\xed\xa0\x80"])
    return data[:at] + new + data[at + len(new) :], f"{new!r} at {at}"


def _mutated_json(data: bytes, chance: Random) -> tuple[bytes, str]:
    if chance.random() < 0.2:
        raw = chance.choice(RAW)
        return raw, f"is {raw[:20]!r}"
    values = json.loads(data)
    holder, key = values, None
    while isinstance(holder, dict | list) and holder:
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        parent, key = holder, chance.choice(list(keys))
        holder = parent[key]
        if chance.random() < 0.4:
            break
    if key is None:
        return b"[]", "is []"
    parent[key] = value = chance.choice([*ODD, *NUMBERS])
    return json.dumps(values).encode("utf-8", "surrogatepass"), f"{key!r:.40} is {value!r:.40}"


def _mutated_records(parts: dict[str, bytes], chance: Random) -> tuple[dict[str, bytes], str, bool]:
    data = parts[RECORDS]
    offsets = struct.unpack(f"={len(parts[OFFSETS]) // 4}I", parts[OFFSETS])
    records = [data[start:end] for start, end in pairwise([*offsets, len(data)])]
    dictionary = zlib.decompressobj(STREAM).decompress(parts[DICTIONARIES][4:])
    at = chance.randrange(len(records))
    length, start = number(memoryview(records[at]), 4)
    values, body = records[at][start : start + length], records[at][start + length :]
    plain = zlib.decompressobj(STREAM, zdict=dictionary).decompress(values)
    odd = [*bombs(), *(deflated(raw, dictionary) for raw in RAW), b"", b"\xff"]
    match chance.randrange(8):
        case 0:
            values = chance.choice(odd)
            what = f"values {values[:20]!r}"
        case 1:
            values, what = values[: chance.randrange(40)], "values cut short"
        case 2:
            new = chance.choice(odd)
            body, what = _checked(new), f"body {new[:20]!r}"
        case 3:
            body = chance.choice([b"x", body[:-1], _checked(body[4:-1])])
            what = "body cut short"
        case 4:
            length += chance.choice([-1, 1, 100, 2**20, 2**31])
            what = f"length {length}"
        case _:
            changed, what = _mutated_json(plain, chance)
            values = deflated(changed, dictionary)
    if what[:6] != "length":
        length = len(values)
    records[at] = _checked(encoded(max(length, 0)) + values) + body
    *starts, end = accumulate(map(len, records), initial=0)
    first, last = parts[BLOCKS][:24], struct.unpack("=3Q", parts[BLOCKS][24:])
    changes = {
        RECORDS: b"".join(records),
        OFFSETS: struct.pack(f"={len(starts)}I", *starts),
        BLOCKS: first + struct.pack("=3Q", last[0], end, last[2]),
    }
    return changes, f"{at} {what}", True


def _mutated_postings(
    name: str, parts: dict[str, bytes], chance: Random
) -> tuple[dict[str, bytes], str, bool]:
    """A byte of the records of a block, or of its positions: mostly one of the first."""
    rows_name = name.removesuffix("postings") + "blocks"
    rows = list(struct.unpack(f"={len(parts[rows_name]) // 8}Q", parts[rows_name]))
    data = bytearray(parts[name])
    row = ROW * chance.randrange(len(rows) // ROW - 1)
    part = chance.choice([1, 2])
    start = rows[row + part]
    end = rows[row + 2] if part == 1 else rows[row + ROW + 1]
    if start == end:
        return {}, "nothing", False
    at = min(chance.randrange(start, end), start + chance.choice([0, 1, 2, 4, 2**32]))
    data[at] = value = chance.choice([0, 1, 3, 15, 16, 32, 223, 224, 254, 255])
    rows[row + part + 2] = zlib.crc32(data[start:end])
    changes = {name: bytes(data), rows_name: struct.pack(f"={len(rows)}Q", *rows)}
    return changes, f"byte {at} is {value}", True


def _mutated_note(name: str, data: bytes, chance: Random) -> tuple[bytes, Mutation]:
    if data.startswith(b"["):  # sizes of streams, and these
        new, what = _mutated_text(data, chance)
        return new, Mutation(name, what, is_value=True)
    head, _, rest = (zlib.decompress(data) if data else b"").partition(b"\n")
    match chance.randrange(6):
        case 0:
            new, what = bomb(), "a bomb"
        case 1:
            new = chance.choice([*RAW, *map(zlib.compress, RAW)])
            return new, Mutation(name, "something else", is_value=not new)
        case 2:
            whole = rest[: len(rest) // 4 * 4]
            new = zlib.compress(head + b"\n" + _mutated_numbers(whole, "I", chance)[0])
            return new, Mutation(name, "another number", is_value=True)
        case _:
            is_json = head.startswith((b"{", b"["))
            changed, what = (_mutated_json if is_json else _mutated_text)(head, chance)
            new = zlib.compress(changed + b"\n" + rest)
            return new, Mutation(name, what, is_value=True)
    return new, Mutation(name, what)
