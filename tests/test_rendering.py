"""Bodies as HTML, and what a page keeps of it."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heatseek.ingest.rendering import MAX_RENDERED, MAX_SHOWN, body_html
from heatseek.web.sanitising import article_html


@pytest.mark.parametrize(
    ("name", "body", "html"),
    [
        ("a.md", "# One *two*", "<h1>One <em>two</em></h1>\n"),
        ("a.md", "| a | b |\n|---|---|\n| 1 | 2 |", "<table>"),
        ("a.mdx", "import X from 'x'\n\n<X/> text {1 + 1}", "text"),
        ("a.txt", "a < b\n  # c", "<pre>a &lt; b\n  # c</pre>"),
        ("a.html", "<p>one<p>two", "<p>one<p>two"),
        ("a.md", " \n", ""),
        ("a.md", "x" * (MAX_RENDERED + 1), "<pre>xxx"),
    ],
)
def test_a_body_by_the_kind_of_its_file(name: str, body: str, html: str) -> None:
    assert html in body_html(body, name)
    assert bool(body_html(body, name)) is bool(html)


def test_a_long_text_is_cut() -> None:
    assert len(body_html("<" * 3_000_000, "a.txt")) < 5 * MAX_SHOWN


def test_images_can_be_left_out() -> None:
    markup = body_html("![a](https://x.example/a.png) b", "a.md")
    assert '<img src="https://x.example/a.png" alt="a" ' in article_html(markup)
    assert 'loading="lazy"' in article_html(markup)
    assert article_html(markup, images=False) == "<p> b</p>\n"


_PIECES = st.sampled_from(
    "<script>|</script>|<a href=|javascript:x|\"|'|>|<|onload=x|<svg|<style>|`|[a](|![b](|)|"
    "data:x,|&#106;|&lt;|\n| |x|<!--|-->|<math>|<img src=|https://a.example|\x00|<iframe srcdoc=|"
    "]]>|<![CDATA[|style=x|<form action=|<base href=//e>".split("|")
)
_KEPT = "a p code pre img ul ol li em strong blockquote hr br h1 h2".split()


class _Elements(HTMLParser):
    """The elements of a page, each with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))


@given(pieces=st.lists(_PIECES, max_size=20), ending=st.sampled_from(["md", "mdx", "html", "txt"]))
def test_nothing_that_runs_is_left(pieces: list[str], ending: str) -> None:
    shown = article_html(body_html("".join(pieces), f"a.{ending}"))
    for tag, attributes in _Elements(shown).all:
        assert tag in _KEPT
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        links = [attributes[name] or "" for name in ("href", "src") if name in attributes]
        assert all(link.startswith("https://a.example") for link in links)
