"""Front matter parsed piece by piece is what it is parsed as a whole."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from heatseek.errors import ArticleError
from heatseek.ingest import abridgement, yaml_pieces
from heatseek.ingest.abridgement import Abridger
from heatseek.ingest.discover import ArticleFile
from heatseek.ingest.problem import FormatError
from heatseek.ingest.reader import attempt, read_file
from heatseek.ingest.yaml_lines import read_lines
from heatseek.ingest.yaml_pieces import PieceLoader
from heatseek.ingest.yaml_tree import MAX_DEPTH, load_yaml
from timing import check_time

if TYPE_CHECKING:
    from pathlib import Path

HEADER = """
title: "A title"
topics:
  - one
  - two

related:
  - title: "First"
    webUrl: "http://x.y?a=1&b=2"
    images:
      - url: z
        width: 1
  - title: Second
    excerpt: "5 * 3"

secured: "abc=="
"""
TOP = [
    *("title: T", 'title: "T"', 'b: "open', 'b: closed"', "c: 'open", "c: it''s'", "null: 1"),
    *("d: |", "d: |+", "d: >-", "d: |2", "e: [a,", "e: b]", "f: {x: 1,", "f: y}", "g: a: b"),
    *("related:", "related: []", "related: |", 'related: "', "related: # c", '"related": x'),
    *("a: &x 1", "a: *x", "a: !!str 1", "a: !t 1", "<<: {related: [x]}", "<<: *x", "[k]: v", "h:"),
    *(
        "? k",
        ": v",
        "# comment",
        "%TAG !! x:",
        "--- #",
        "--- {a: b}",
        "... #",
        "- flush",
        "-",
        "---",
    ),
    *('a: "x": y', 'a: "x" # c', "a: x #c", "a: x#c", "a: x: y", "a: x:", "a: 'x'y", "a: x  y "),
    *("Null: x", "a: NULL", "a: 'null'", 'a: "\\u00e9"', "a: \u00e9\u2014", "a:  /b:c", "a: x\ty"),
    *("text", "{a: b}", "\ufeffk: v", "k:\x85l: m", "k: \u2028related:", "k:\tv", "\tk: v", "'"),
]
INDENTED = [
    *(
        "- title: R",
        '- title: "R',
        "- 'it''s'",
        "- |",
        "- |+",
        "- >",
        "- - n",
        "-",
        "- ",
        "- {a: b",
    ),
    *("- ? k", "- &x r", "- *x", "- !!map {a: b}", "- # c", "- a: &x 1", "- [a, b", "-\tx", "- &y"),
    *(
        "webUrl: http://x.y",
        "excerpt: |+",
        "excerpt: >-",
        'excerpt: "a',
        'b"',
        "more text",
        "c: |1",
    ),
    *(
        "related:",
        "- related:",
        "<<: {a: b}",
        "a: b: c",
        "# c",
        "}",
        "]",
        "*x",
        "'",
        "a: >+",
        "? k",
    ),
    *(
        "- x\x85  - y",
        "- x\u2028related:\u2028  - y",
        "\ufeff- x",
        "- a: 1",
        "a: 2",
        "--- #",
        "k: *x",
    ),
]
BODIES = [
    "",
    "Body\n",
    "- a\n\nrelated:\n  - title: B\n    webUrl: http://b.c\nx\n",
    "\r\n  - x\x00",
    "\nb: *x\n---\n",
]
indents = st.sampled_from(["  ", "  ", "    ", "    ", "", " ", "   ", "      ", "\t", "  \t"])
lines = st.one_of(
    st.sampled_from(TOP),
    st.sampled_from(INDENTED).flatmap(lambda line: indents.map(lambda spaces: spaces + line)),
    st.sampled_from(["", "", " ", "  ", "    ", "\t", "      text"]),
)
entries = st.sampled_from(INDENTED).map(lambda line: f"  - {line.removeprefix('- ')}")
lists = st.lists(entries | lines, min_size=1, max_size=6).map(lambda more: ["related:", *more])
built = st.lists(lists | lines.map(lambda line: [line]), max_size=6).map(
    lambda groups: "\n" + "\n".join(line for group in groups for line in group) + "\n"
)
SIGNS = [*"\"'|>&*!?:-#{}[],%@`\n \t~", "\n  - ", "\nrelated:\n  - ", "\n---", "\ufeff", "\x85"]


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A header as they really are, in which something was inserted or cut out."""
    text = HEADER
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 8)))
        text = text[:start] + draw(st.sampled_from(["", *SIGNS])) + text[end:]
    return text


def outcome(load: Any, text: str) -> tuple[object, ...]:
    """The value, in which the order of keys counts, or all that an error says."""
    try:
        return ("value", repr(load(text)))
    except FormatError as error:
        return ("error", error.reason, error.index, error.kind)


@settings(max_examples=400)
@given(st.lists(built | damaged(), min_size=1, max_size=3))
@example(["\nrelated:\n  - a\n# c\n  - b\n"])
@example(["\nrelated:\n  - &x a\nb: &x c\n"])
@example(["\na: &x 1\nrelated:\n  - &x 2\nb: *x\n"])
@example(['\na: "x\nb: y\nb: "\n'])
@example(["\nrelated:\n  - x\x85related:\x85  - y\n"])
@example(["\nrelated:\n  - a: |+\n      x\n\n\nb: c\n", "\nrelated:\n  - a: |+\n      x\n  - b\n"])
def test_pieces_give_what_the_whole_gives(texts: list[str]) -> None:
    loader = PieceLoader()
    for text in texts + texts:
        assert outcome(load_yaml, text) == outcome(loader.load, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "x",
        "a: b",
        "\n# c\na: b\n",
        "\na: 1\nrelated: x\nrelated:\n  - y\na: 2\nrelated:\n  - z\n",
        "\n<<: {related: [x], b: c}\nrelated:\n  - y\n",
        "\nrelated:\n  - a\n  - \n  - null\n  - [b]\n  -\n",
        "\nrelated:\n- a\n- b: c\n  d: e\nf: g\n",
        "\nrelated:\n      - a\n      - b\n",
        "\nnull: a\nNull: b\n",
        "\nrelated:\n  - a: " + "[" * (MAX_DEPTH - 3) + "]" * (MAX_DEPTH - 3) + "\n",
        "\nrelated:\n  - a: " + "[" * (MAX_DEPTH - 2) + "]" * (MAX_DEPTH - 2) + "\n",
        "\n" + "".join(f"k{n}: {n}\n" for n in range(3_000)),
        "\nrelated:\n" + "  - a\n" * 3_000,
    ],
)
def test_odd_texts_give_what_the_whole_gives(text: str) -> None:
    assert outcome(load_yaml, text) == outcome(PieceLoader().load, text)


KEYS = ["title", "a", "b-c", "_", "null", "Null", "related", "x" * 99, "x" * 100, "x" * 1025, "1"]
VALUES = [
    *(
        "T",
        "a b  c",
        "2020-01-02T03:04:05Z",
        "http://x.y/?a=1&b#c",
        "/a/b",
        "-1",
        "-a",
        "a: b",
        "a:",
    ),
    *("a #b", "a# b", "a ", "'a'", "'it''s'", "'a' b", "'", '"', '""', "''", '"a"', '"a", b', '"a'),
    *(
        '"a \\" \\\\ b"',
        '"\\u00e9"',
        '"\\/"',
        '"a\\"',
        "null",
        "~",
        "NULL",
        "NULL x",
        "[a]",
        "*a",
        "&a b",
    ),
    *(
        "|",
        ">",
        "- a",
        "-",
        "--- a",
        "?",
        "? a",
        ":a",
        "a :b",
        "\xa0a",
        "a\xa0",
        "\u202f",
        "\U0001f600 b",
    ),
    *('"\ufeff"', '"\x85"', "a\u2028b", '"\ud800"', "a\tb", "%a", "@a", "`a", "a,b", "a]", "a}"),
]
depths = st.sampled_from([0, 0, 0, 2, 2, 2, 4, 4, 1, 3, 6, 41])
line_shapes = st.one_of(
    st.sampled_from(KEYS).flatmap(
        lambda key: st.sampled_from([f"{key}:", f"{key}: ", f"- {key}:"])
    ),
    st.tuples(st.sampled_from(KEYS), st.sampled_from(VALUES)).map(": ".join),
    st.tuples(st.sampled_from(KEYS), st.sampled_from(VALUES)).map(
        lambda pair: f"- {': '.join(pair)}"
    ),
    st.sampled_from(VALUES).map(lambda value: f"- {value}"),
    st.sampled_from(["- ", "-  - a", "", "- - a: b", "a", "# c", "a:b", "-   a: b"]),
)
shaped = st.lists(st.tuples(depths, line_shapes), min_size=1, max_size=7).map(
    lambda lines: "".join(f"\n{' ' * depth}{line}" for depth, line in lines)
)
as_usual = st.lists(
    st.sampled_from(
        [
            *("\na: b", '\nc: "d"', "\ne:\n  f: g\n  h: 'i'", "\nj:\n  - k\n  - 'l'", "\nm:\n- n"),
            *("\no:\n  - p: q\n    r:\n      s: t\n  - u: v", "\nw:", "\nx:\n  y:\n    - z", "\n"),
        ]
    ),
    min_size=1,
    max_size=6,
).map("".join)


@settings(max_examples=250)
@given(as_usual, shaped | st.just(""), as_usual | st.just(""))
def test_what_is_read_by_lines_is_what_the_parser_reads(first: str, odd: str, last: str) -> None:
    for text in (odd, f"{first}{odd}{last}"):
        data = read_lines(text)
        if data is not None:
            assert ("value", repr(data)) == outcome(load_yaml, text)


def test_lines_as_they_are_in_archives_need_no_parser() -> None:
    assert read_lines(HEADER) == load_yaml(HEADER)
    assert read_lines("\na: \"b \\\"c\\\" \\\\\"\nd: 'it''s'\ne: -1\n") == {
        "a": 'b "c" \\',
        "d": "it's",
        "e": "-1",
    }


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(built | damaged() | shaped, min_size=1, max_size=3), st.sampled_from(BODIES))
@example(["\ntitle: T\n"], BODIES[2])
@example([f"{HEADER}related: x\n"], "")
def test_a_file_in_short_is_what_the_whole_file_is(
    tmp_path: Path, headers: list[str], body: str
) -> None:
    for header in (*headers, *headers, HEADER):
        data = f"---{header}---\n{body}".encode(errors="surrogatepass")
        (tmp_path / "a.md").write_bytes(data)
        try:
            whole = read_file(tmp_path / "a.md", "a.md")
        except ArticleError:
            continue
        reading = attempt(ArticleFile("a.md", tmp_path))
        assert (reading.article, reading.problems) == whole


KEYS_OF_LISTS = [f"\nk{number}:" + "\n- a" * 450 for number in range(400)]
LISTS_OF_LISTS = ["\nrelated:", *("\n- - a" + "\n  - a" * 130 for _ in range(900))]


@pytest.mark.parametrize("pieces", [KEYS_OF_LISTS, LISTS_OF_LISTS])
def test_pieces_together_are_held_to_the_bound_of_a_whole_text(pieces: list[str]) -> None:
    with pytest.raises(FormatError, match="front matter of more than 200,000 values"):
        PieceLoader().load("".join((*pieces, "\n")))


def test_many_small_entries_are_read_as_one_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    monkeypatch.setattr(abridgement, "new_entry", lambda _, entry: read.append(entry) or entry)
    entries = "".join(f"- a{number}\n" for number in range(3_000))
    (tmp_path / "a.md").write_text(f"---\ntitle: T\nrelated:\n{entries}---\n")
    article = attempt(ArticleFile("a.md", tmp_path)).article
    assert article is not None
    assert (article.title, len(read)) == ("T", yaml_pieces.MAX_PIECES + 1)


@pytest.mark.parametrize(("indent", "is_short"), [(0, True), (40, True), (41, False)])
def test_files_in_short_are_of_few_depths(indent: int, *, is_short: bool) -> None:
    # What is remembered of each depth is kept, so there must not be one for each file.
    data = f"---\nrelated:\n{' ' * indent}- title: a\n---\n".encode()
    assert (Abridger().abridged(data) is not None) == is_short


def test_threads_make_files_short_at_the_same_time() -> None:
    files = [f"---\nrelated:\n{' ' * depth}- title: a\n---\n".encode() for depth in range(40)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            for _ in range(60):
                abridger = Abridger()
                parts = [files[start::4] + files for start in range(4)]
                done = pool.map(lambda part, each=abridger: [*map(each.abridged, part)], parts)
                assert all(short for part in done for short in part)
    finally:
        sys.setswitchinterval(interval)


def test_equal_entries_are_one_object() -> None:
    loader = PieceLoader()
    first, second = loader.load(HEADER)["related"]
    swapped = f'\nother: x\nrelated:\n  - title: Second\n    excerpt: "5 * 3"\n{ENTRY}\n'
    again = loader.load(swapped)["related"]
    assert (again[0] is second, again[1] is first) == (True, True)


ENTRY = HEADER[HEADER.index('  - title: "First') : HEADER.index("\n  - title: Second")]


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_pieces, "MAX_ENTRIES", 30)
    monkeypatch.setattr(yaml_pieces, "MAX_KEYS", 30)
    loader = PieceLoader()
    for number in range(20):
        text = f"\na: b\nc: {number}\nrelated:\n  - x: 1\n  - x: {number}\n  - x: 1\n"
        assert loader.load(text) == load_yaml(text)


def test_texts_on_their_line_need_no_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_pieces, "load_yaml", None)
    text = "\na: \"b: #'\"\nc: 'd \\ \"'\n\ne: 2020-01-02T03:04:05Z\nf: http://x.y/?a=1&b#c\n"
    texts = {"a": "b: #'", "c": 'd \\ "', "e": "2020-01-02T03:04:05Z", "f": "http://x.y/?a=1&b#c"}
    assert PieceLoader().load(text) == texts


@pytest.mark.parametrize("piece", ["a:\n", "related:\n  - a\n", "related:\n - \n", "k: '\n"])
def test_many_small_pieces_take_no_longer(piece: str) -> None:
    text = "\n" + piece * (200_000 // len(piece))
    check_time(lambda: outcome(PieceLoader().load, text), 5)
