"""Bodies to text beside other parsers: FOLDER... [--files N].

Megabytes of text per second of each way, in turns over the same bodies in one run; what a hostile
page costs; and which words other ways have that are not in ours, by the markup that they stand in.
A parser that is not installed is left out: markdown-it-py (Rich has it), cmarkgfm, selectolax.
"""

from __future__ import annotations

import argparse
import re
import resource
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyromark

from heatseek.ingest import html, markup
from heatseek.ingest.front_matter import parse_front_matter
from heatseek.ingest.problem import RejectedError
from heatseek.ingest.templates import Dialect, without_templates
from heatseek.ingest.walk import SUFFIXES
from heatseek.text.tokens import written_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Convert = Callable[[str], str]

ROUNDS = 3
HOSTILE = {
    "elements that are never closed": "<div>" * 40_000,
    "formatting of many kinds": "".join(f"<b id={n}>" for n in range(8_000)) + "<p>x" * 8_000,
    "a tag of many attributes": f"<a {' '.join(f'a{n}' for n in range(30_000))}>",
    "end tags of nothing": "<div>" * 20_000 + "</p>" * 20_000,
}
SPANS = {
    "comments of HTML": re.compile(r"<!--.*?-->", re.DOTALL),
    "tags and their attributes": re.compile(r"</?[a-zA-Z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>"),
    "targets of links": re.compile(r"\]\([^()]*\)|\]:[^\n]*|https?://\S+"),
    "languages of code": re.compile(r"^[ \t>]*(?:`{3,}|~{3,})[^\n]*", re.MULTILINE),
    "numbers of lists": re.compile(r"^[ \t>]*\d+[.)]", re.MULTILINE),
}
NAMES = {
    "double": "shortcodes, macros, variables",
    "liquid": "statements of Liquid",
    "remark": "remarks",
    "attributes": "attributes in braces",
    "private": "private remarks",
    "embed": "embedded files",
    "wiki": "names of pages behind words",
    "block": "names of blocks",
    "callout": "kinds of callouts",
    "directive": "kinds of admonitions",
    "admonition": "kinds of admonitions",
    "include": "embedded files",
    "import": "imports and exports",
    "tag": "tags and their attributes",
    "expression": "expressions",
}


class Body(NamedTuple):
    """A file's body."""

    name: str
    text: str


def bodies(folders: Iterable[Path], most: int) -> list[Body]:
    """Bodies that are not empty, in order of their names."""
    found: list[Body] = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() not in SUFFIXES or not path.is_file():
                continue
            with suppress(UnicodeDecodeError):
                text = path.read_bytes().decode().replace("\r\n", "\n")
                with suppress(RejectedError):
                    text = parse_front_matter(text).body
                if text.strip():
                    found.append(Body(str(path), text))
    return found[:: max(1, len(found) // most)] if most else found


def is_html(body: Body) -> bool:
    """Whether it is a page of HTML."""
    return body.name.endswith(("html", "htm"))


def converters() -> dict[str, Convert]:
    """Markdown to HTML, by each parser that is here."""
    options = markup.OPTIONS
    found: dict[str, Convert] = {
        "pyromark, to HTML": lambda text: pyromark.html(text, options=options)
    }
    with suppress(ImportError):
        from markdown_it import MarkdownIt  # noqa: PLC0415 - if it is here

        parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
        found["markdown-it-py, to HTML"] = parser.render
    with suppress(ImportError):
        from cmarkgfm import Options, github_flavored_markdown_to_html  # noqa: PLC0415

        unsafe = Options.CMARK_OPT_UNSAFE
        found["cmarkgfm, to HTML"] = lambda text: github_flavored_markdown_to_html(text, unsafe)
    return found


def strippers() -> dict[str, Convert]:
    """HTML to text."""
    found: dict[str, Convert] = {"ours, HTML to text": html.html_to_text}
    with suppress(ImportError):
        from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415

        def lexbor(page: str) -> str:
            parser = LexborHTMLParser(page)
            parser.strip_tags(["script", "style", "template", "iframe", "noscript"])
            return parser.body.text(separator=" ") if parser.body else ""

        found["selectolax (Lexbor), HTML to text"] = lexbor
    return found


def resident() -> float:
    """Megabytes, at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def speeds(ways: dict[str, Convert], texts: list[str]) -> None:
    """Each way over all texts, by turns; the best of the rounds."""
    size = sum(len(text.encode()) for text in texts) / 1e6
    best = dict.fromkeys(ways, float("inf"))
    grown = dict.fromkeys(ways, 0.0)
    for _ in range(ROUNDS):
        for name, way in ways.items():
            before, start = resident(), time.process_time()
            for text in texts:
                way(text)
            best[name] = min(best[name], time.process_time() - start)
            grown[name] += resident() - before
    for name, seconds in best.items():
        print(f"{name:36} {size / seconds:8.1f} MB/s  {grown[name]:+6.0f} MB of memory")


def hostile(ways: dict[str, Convert]) -> None:
    """Seconds for pages of 0.1 to 0.25 MB that no tree is made of in linear time."""
    for name, page in HOSTILE.items():
        print(f"\n{name}, {len(page) / 1e6:.2f} MB")
        for way, convert in ways.items():
            start = time.process_time()
            convert(page)
            print(f"  {way:34} {time.process_time() - start:8.3f} s")


def words_of(texts: Iterable[str]) -> Counter[str]:
    """Words as they are compared: without case."""
    return Counter(word.lower() for text in texts for word in written_words(text))


def spans(body: Body) -> Iterator[tuple[str, Counter[str]]]:
    """The markup of a body, by kind."""
    text = f"\n{body.text}"
    dialect = Dialect.MDX if body.name.endswith("mdx") else Dialect.MARKDOWN
    by_kind: dict[str, list[str]] = {}
    for match in dialect.value.finditer(text):
        if (kind := match.lastgroup) in NAMES:
            by_kind.setdefault(NAMES[kind], []).append(match[0])
    for kind, found in by_kind.items():
        yield kind, words_of(found)
    yield "imports and exports", words_of([text]) - words_of([without_templates(text, dialect)])
    for kind, pattern in SPANS.items():
        yield kind, words_of(match[0] for match in pattern.finditer(text))


def differences(found: list[Body], parse: Convert, strip: Convert) -> None:
    """Words that the reference has and our text has not, and the other way round."""
    lost: Counter[str] = Counter()
    examples: dict[str, Counter[str]] = {}
    gained: Counter[str] = Counter()
    total = 0
    for body in found:
        theirs = words_of([strip(body.text if is_html(body) else parse(body.text))])
        ours = words_of([markup.body_text(body.text, body.name)[0]])
        total += theirs.total()
        gained += ours - theirs
        missing = theirs - ours
        for kind, words in spans(body) if missing else ():
            explained = missing & words
            missing -= explained
            lost[kind] += explained.total()
            examples.setdefault(kind, Counter()).update(explained)
        lost["nothing of these"] += missing.total()
        examples.setdefault("nothing of these", Counter()).update(missing)
    print(f"\n{total:,} words of the reference; of these not in ours:")
    for kind, count in lost.most_common():
        most = " ".join(word for word, _ in examples[kind].most_common(8))
        print(f"  {kind:32} {count:8,}  {most}")
    most = " ".join(word for word, _ in gained.most_common(20))
    print(f"  only in ours {gained.total():,}: {most}")


def main() -> None:
    """Print it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="+")
    parser.add_argument("--files", type=int, default=0, help="so many, evenly chosen; 0: all")
    args = parser.parse_args()
    found = bodies(args.folder, args.files)
    pages = [body.text for body in found if is_html(body)]
    markdown = [body.text for body in found if not is_html(body)]
    print(f"{len(found):,} bodies, {sum(len(b.text.encode()) for b in found) / 1e6:.1f} MB")
    to_html, to_text = converters(), strippers()
    if markdown:
        parse = pyromark.Markdown(options=markup.OPTIONS).events
        events: Convert = lambda text: str(len(list(parse(text))))  # noqa: E731
        whole: Convert = lambda text: markup.body_text(text, "a.mdx")[0]  # noqa: E731
        speeds({**to_html, "pyromark, events": events, "ours, Markdown to text": whole}, markdown)
        pages = pages or [pyromark.html(text) for text in markdown]
    speeds(to_text, pages)
    hostile(to_text)
    reference = [*list(to_html)[1:2], *list(to_text)[1:2]]
    if len(reference) > 1:
        print(f"\nreference: {' and '.join(reference)}")
        differences(found, to_html[reference[0]], to_text[reference[1]])


if __name__ == "__main__":
    main()
