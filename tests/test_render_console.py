from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from heatseek.cli.render.console import LEAST, cell, printed, render, table
from heatseek.cli.render.escapes import ASCII, Style
from render_samples import wild

UNSAFE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
PAGE = """\
# A title

A *paragraph* with `code`, a [link](x.md)
and a line break.

## A list

- one
- two of `them`

1. first
2. second

```ebnf
left = "out" ;
```

```
code   as it is, however long the line may be

and on
```

<!-- a remark -->

| typed | means | tree |
|---|---|---|
| `a \\| b` | either `a` or `b` | `any(a, b)` |
| `something that is too long for a column` | the other | `x` |
"""

SHOWN = """\
A TITLE

A paragraph with `code`, a link and a
line break.

A LIST

 * one
 * two of `them`

 1 first
 2 second

    code   as it is, however long the line may be

    and on

 typed                means
 --------------------------------------
 `a | b`              either `a` or `b`
 `something that is   the other
 too long for a
 column`
"""


def test_a_page_in_forty_columns() -> None:
    assert render(PAGE, Style(width=40, glyphs=ASCII)) == SHOWN


def test_colours_tell_code_from_text() -> None:
    shown = render("Some `code`.\n", Style(width=40, color=True))

    assert shown == "Some \x1b[1mcode\x1b[0m.\n"


def test_nothing_is_nothing() -> None:
    assert render("", Style()) == ""


def test_colours_change_no_line() -> None:
    page = PAGE.replace("`", "")

    shown = render(page, Style(width=40, color=True, glyphs=ASCII))

    assert re.sub(r"\x1b\[[0-9;]*m", "", shown) != shown
    lines = [line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", shown).splitlines()]
    assert lines == render(page, Style(width=40, glyphs=ASCII)).splitlines()


def test_words_that_are_too_long_for_their_column_are_broken_and_whole() -> None:
    table = f"| a | b |\n|---|---|\n| one | {'x' * 60} |\n"

    shown = render(table, Style(width=30))

    assert shown.count("x") == 60
    assert max(map(len, shown.splitlines())) <= 30


def test_cells_say_what_they_hold() -> None:
    rows = table("", "", fold=[1])
    rows.add_row(cell("[bold]no markup[/]"), cell(":smile: 12 'a' \x1b[31mred\x07 True", "dim"))

    assert printed(rows, Style()) == "[bold]no markup[/]  :smile: 12 'a' [31mred True\n"
    assert printed(rows, Style(color=True)).rstrip() == (
        "[bold]no markup[/]  \x1b[2m:smile: 12 'a' [31mred True\x1b[0m"
    )


@given(st.lists(st.tuples(wild, wild), min_size=1, max_size=4), st.integers(10, 60))
def test_whatever_cells_hold_is_harmless_and_keeps_the_width(
    texts: list[tuple[str, str]], width: int
) -> None:
    rows = table("", "", fold=[0, 1])
    for pair in texts:
        rows.add_row(*map(cell, pair))

    shown = printed(rows, Style(width=width))

    assert UNSAFE.findall(shown) == []
    assert max(map(cell_len, shown.splitlines()), default=0) <= max(width, 2 * LEAST + 4)


def test_names_and_numbers_are_never_cut() -> None:
    rows = table("name", "text", "count", right=[2], fold=[1])
    rows.add_row("a-name-of-twenty-five-chars", cell("some words to be broken"), "1,234")

    shown = printed(rows, Style(width=30))

    assert "a-name-of-twenty-five-chars" in shown
    assert "1,234" in shown
    assert " ".join(shown.split()).count("…") == 0


def test_other_encodings_than_unicode_get_signs_that_they_have() -> None:
    page = "- one\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"

    assert render(page, Style(glyphs=ASCII)).isascii()
    assert not render(page, Style()).isascii()
