"""Front matter parsed piece by piece is what it is parsed as a whole."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from heatseek.ingest import yaml_pieces
from heatseek.ingest.problem import FormatError
from heatseek.ingest.yaml_pieces import PieceLoader
from heatseek.ingest.yaml_tree import MAX_DEPTH, load_yaml
from timing import check_time

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
