from __future__ import annotations

from heatseek.cli.render.escapes import ASCII, Style
from heatseek.cli.render.markdown import render

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


def test_words_that_are_too_long_for_their_column_are_broken_and_whole() -> None:
    table = f"| a | b |\n|---|---|\n| one | {'x' * 60} |\n"

    shown = render(table, Style(width=30))

    assert shown.count("x") == 60
    assert max(map(len, shown.splitlines())) <= 30
