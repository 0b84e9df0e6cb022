"""Bodies and lines without markup; those of other programs are in cases/markup.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heatseek.ingest import html, markup
from heatseek.ingest.markup import (
    MAX_MARKDOWN,
    PIECE,
    body_text,
    html_to_text,
    markdown_to_text,
    plain_line,
)
from timing import check_time

CASES = tomllib.loads((Path(__file__).parent / "cases/markup.toml").read_text())["case"]


@pytest.mark.parametrize(
    ("case", "ending"),
    [
        pytest.param(case, ending, id=f"{case['name']}, {ending}")
        for case in CASES
        for ending in case.get("files", ["md"])
    ],
)
def test_markup_of_other_programs_goes_and_words_stay(case: dict[str, str], ending: str) -> None:
    assert body_text(case["source"], f"a.{ending}") == (case["text"].strip(), "")


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("We&#8217;ve got Q&amp;A", "We\u2019ve got Q&A"),
        ("&amp;quot;custom&amp;quot; --&amp;gt;", '"custom" -->'),
        ("apps&nbsp;and\n more", "apps and more"),
        ("Microsoft Corp <MSFT.O> unveiled", "Microsoft Corp <MSFT.O> unveiled"),
        ("List<T> and a < b > c", "List<T> and a < b > c"),
        ("<p>One</p><p>T<b>w</b>o<br/>three</p>", "One Two three"),
        ("<a href=\"x>y\" title='b'>link</a>", "link"),
        ("a<!-- gone -->b", "a b"),
        ("x <script>alert('<b>')</script> y", "x y"),
        ("How <script > tags work", "How <script > tags work"),
        ("<form>", "<form>"),
        ("<br>: the line break", "<br>: the line break"),
        ("one<br>two <img src=x alt='a &amp; b'> three", "one two a & b three"),
        ("<i>: and <b>bold</b> text", "<i>: and bold text"),
        ("Vec<u8> and Option<a> explained", "Vec<u8> and Option<a> explained"),
        ("Basics (e.g. <div>)", "Basics (e.g. <div>)"),
        ("<!doctype html> and </body>", "<!doctype html> and </body>"),
        ("Using &lt;div&gt;", "Using <div>"),
        ("?a=1&copy=2 AT&T R&D", "?a=1&copy=2 AT&T R&D"),
        ("see <https://x.y/z> or <me@x.y>", "see <https://x.y/z> or <me@x.y>"),
        ("<o:p></o:p><my-tag>a</my-tag> <svg width=1>b</svg>", "a b"),
        ("a&#8238;b&#27;[31mc", "ab[31mc"),
        ("\x1b[31mred\x1b[0m\x00 \ud800x", "red x"),
    ],
)
def test_lines_lose_markup_and_nothing_else(typed: str, text: str) -> None:
    assert plain_line(typed) == text


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("# Head\n\nSome *very* **bold** text\nin lines.", "Head\nSome very bold text in lines."),
        ("A [link](http://x.y/z 'title') and <https://a.b>", "A link and https://a.b"),
        ("[ref][1]\n\n[1]: http://x.y", "ref"),
        ('![A "fine" map](m.png) after', 'A "fine" map after'),
        ("- one\n- two\n\n> said", "one\ntwo\nsaid"),
        ("Run `a<b> && c` or\n\n```py\nif x:\n    y()\n```", "Run a<b> && c or\nif x:\ny()"),
        ("|a|b|\n|-|-|\n|1|2|", "a\nb\n1\n2"),
        ("5 &lt; 6 &amp; 7", "5 < 6 & 7"),
        ("<div>\n\n    <p>indented</p>\n\n</div>", "indented"),
        ("\t\t\t\n\t\t\t\t<p>deep</p>\n\t<b>er</b>\n\n    still", "deep\ner\nstill"),
        ("<style>\np {}\n</style>\n\nText", "Text"),
        ("snake_case_name 2*3*4", "snake_case_name 234"),
        ("a\x1b]0;t\x07b\u202ec", "abc"),
    ],
)
def test_bodies_lose_markdown(markdown: str, text: str) -> None:
    assert markdown_to_text(markdown) == text


PAGE = """<!DOCTYPE html>
<html><head><title>No</title><style>p { x: y }</style></head>
<body onload="a > b">
    <h1>News&nbsp;letter</h1>
    <table><tr><td>one</td><td>tw<i>o</i></td></tr></table>

    <p>Some
       lines</p><script>var x = "<p>";</script>
    <img src="x" alt="A &amp; B"><img src=y alt=>
    <pre>a
b</pre>
</body></html>"""


@pytest.mark.parametrize("convert", [html_to_text, markdown_to_text])
def test_pages_lose_head_tags_and_scripts(convert: object) -> None:
    expected = "News letter\none\ntwo\nSome lines\nA & B\na\nb"
    assert convert(PAGE) == expected  # type: ignore[operator]


@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_large_bodies_are_read_as_small_ones(gap: str) -> None:
    line = "some *words* of a [link](http://x)"
    text = gap.join([line] * (2 * PIECE // len(line)))
    assert (
        markdown_to_text(text).split()
        == text.replace("](http://x)", "").replace("*", "").replace("[", "").split()
    )


def test_markdown_beyond_measure_keeps_its_words_and_loses_its_tags() -> None:
    text = "*plain*\n\n" * (MAX_MARKDOWN // 8)
    shown = markdown_to_text(f"{text}<p>*last*</p>")
    assert shown.startswith("plain\nplain\n")
    assert shown.endswith("*plain*\n*last*")
    assert len(shown.split()) == len(text.split()) + 1


def test_a_line_beyond_measure_keeps_its_words() -> None:
    text = "word " * PIECE
    assert markdown_to_text(f"# Head\n\n{text}<b>en</b>d\n\n*tail*") == f"Head\n{text}end\n*tail*"


class PanicException(BaseException):
    """As a fault of the parser is raised."""


def test_a_fault_of_the_parser_costs_the_markup_only(monkeypatch: pytest.MonkeyPatch) -> None:
    class Parser:
        def events(self, _: str) -> object:
            raise PanicException

    monkeypatch.setattr(markup, "_MARKDOWN", Parser())
    assert markdown_to_text("# Head\n\n<b>wo</b>rds") == "# Head\nwords"


def test_the_ending_of_a_name_tells_what_a_body_is() -> None:
    source = "<p>*a*</p> {b}"
    kinds = {
        "a.MD": "*a*\n{b}",
        "a": "*a*\n{b}",
        "a.mdx": "*a*",
        "b/a.Htm": "*a*\n{b}",
        "a.txt": source,
    }
    assert {name: body_text(source, name)[0] for name in kinds} == kinds


HOSTILE = """
<!-- -- <script> </script> <style <a <a" <a' <T> </T> < [ ![ ![[ [[ ]] [a]( [a]: [^a] *_ ** ` ``
``` ~~~ > * - 1. # | |- & &amp; $ $$ { {{ {{< >}} }} } {% %} {%raw%} {%comment%} {/* */} {#a {.a {:
={ %% == ^a !!! ::: > [! @[a]( import export <A <A> <> title=" {{xref(
""".split()
"""What may begin something that is never ended."""


@pytest.mark.parametrize("ending", ["md", "mdx", "html"])
@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_bodies_take_no_more_than_linear_time(piece: str, ending: str) -> None:
    def convert() -> None:
        for unit in (piece, f"{piece} ", f"\n{piece}"):
            text = unit * (25_000 // len(unit))
            body_text(text, f"a.{ending}")
            plain_line(text)

    check_time(convert, 2)


pieces = st.lists(st.sampled_from([*HOSTILE, "\x1b[", "x", " ", "\n", "\n\n", "\n    ", "\u0345"]))
bodies = pieces.map("".join) | pieces.map(" ".join) | st.text(max_size=300)


SPACES = [sign for sign in map(chr, range(0x10000)) if sign.isspace()]


@given(st.lists(st.sampled_from(["  ", " \n"]) | st.sampled_from(SPACES)).map("é".join))
def test_runs_of_white_space_are_one_line_break_or_one_space(text: str) -> None:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    assert html.squeezed(text) == "\n".join(filter(None, lines))


def check_body(body: str) -> None:
    """No control character is left, no blank stands beside another, and nothing is raised."""
    for ending in ("md", "mdx", "html", "txt"):
        text, cut = body_text(body, f"a.{ending}")
        assert not cut
        assert text == html.squeezed(text)
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]", text)


@given(bodies)
def test_any_body_becomes_plain_text(body: str) -> None:
    check_body(body)


@pytest.mark.slow
@settings(max_examples=20_000)
@given(bodies)
def test_any_of_many_bodies_becomes_plain_text(body: str) -> None:
    check_body(body)


@given(st.text("abc {}<>[]()*_`~|:!#%$=^\n", max_size=80))
def test_words_of_markdown_without_other_markup_stay(text: str) -> None:
    # Beside words nothing but what Markdown is made of; code takes them out of what would go.
    fence = "`" * 9
    shown = markdown_to_text(f"{fence}\n{text}\n{fence}\n")
    assert shown.split() == text.split()


@given(bodies)
def test_any_line_becomes_one_plain_line(text: str) -> None:
    line = plain_line(text)
    assert line == " ".join(line.split())
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", line)


@given(st.text("ab \n\t\xa0", max_size=60), st.integers(2, 9))
def test_blanks_go_whatever_the_pieces_of_a_text(text: str, piece: int) -> None:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(html, "_PIECE", piece)
        assert html_to_text(text.replace("\n", "<br>")) == "\n".join(filter(None, lines))
