"""No file costs more than its size allows: rebuild and doctor, counted in steps.

Each kind of file is made in two sizes. Twice the size may cost little more than twice the steps;
what works in C and is not counted meets the limits of `steps.py`.
"""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import heatseek
from heatseek.article import Article
from heatseek.engines.shared import lexicon as lexicons
from heatseek.engines.shared.analysis import Block
from heatseek.ingest import yaml_tree
from heatseek.lint import lint
from heatseek.text.languages import ENGLISH
from steps import Cost, check_growth, cost_of

NOW = datetime(2026, 1, 1, tzinfo=UTC)
Make = Callable[[int], str]
"""The text of a file of about so many characters."""


def repeated(unit: str) -> Make:
    """A body of nothing else."""
    return lambda size: f"---\ntitle: x\n---\n{unit * (size // len(unit))}"


def front(write: Make) -> Make:
    """Lines of YAML."""
    return lambda size: f"---\ntitle: x\n{write(size)}\n---\n"


def toml(write: Make) -> Make:
    return lambda size: f'+++\ntitle = "x"\n{write(size)}\n+++\n'


def numbered(unit: str, joint: str = "") -> Make:
    """As often as fits, each with its number for `#`."""
    return lambda size: joint.join(
        unit.replace("#", str(number)) for number in range(size // (len(unit) + len(joint) + 4))
    )


def in_cases(count: int) -> Iterator[str]:
    """A line with one key of dates, in so many ways of writing it."""
    for number in range(count):
        signs = enumerate("publisheddatetime")
        key = "".join(sign.upper() if number >> place & 1 else sign for place, sign in signs)
        yield f"{key}: x"


MARKUP = "<b>x &amp;amp; y "


def aliased(use: str, lead: str = "", tail: str = "") -> Make:
    """A long text, half of the file, and as many uses of it as fit into the other half."""
    return front(
        lambda size: (
            f'long: &a "{MARKUP * (size // 2 // len(MARKUP))}"\n'
            f"{lead}{use * (size // 2 // len(use))}{tail}"
        )
    )


BODIES = {
    "brackets": repeated("["),
    "images in brackets": repeated("![[]("),
    "unfinished links": repeated("[a]("),
    "emphasis that is never closed": repeated("**a *b __c "),
    "block quotes in block quotes": repeated("> "),
    "lists in lists": repeated("* "),
    "list entries": repeated("- a\n"),
    "tables": repeated("|a|b\n|-|-\n"),
    "code that is never closed": repeated("`a``b```"),
    "definitions of links": repeated("[a]: b\n"),
    "definitions of footnotes": repeated("[^a]: "),
    "braces": repeated("{"),
    "shortcodes that are never closed": repeated("{{< a "),
    "statements that are never closed": repeated("{% a "),
    "remarks that are never closed": repeated("{/* a "),
    "links of wikis": repeated("[[a|"),
    "what is indented like code": repeated("     a\n"),
    "admonitions": repeated("\n:::a [b"),
    "elements that are never closed": repeated("<a b=1>"),
}
"""Parsed as Markdown, after a search for other markup."""
LARGE_BODIES = {
    "less-than signs": repeated("<"),
    "tags that are never closed": repeated("<a "),
    "comments that are never closed": repeated("<!-- "),
    "scripts that are never closed": repeated("<script>"),
    "attributes that are never closed": repeated('<img alt="'),
    "entities": repeated("&amp;"),
    "names of no entity": repeated("&aaaaaaaaaaaaaaaaaaaaaaaa"),
    "terminal escapes": repeated("\x1b["),
    "escapes that are never closed": repeated("\x1b]"),
    "control characters": repeated("ab\0"),
    "combining marks": repeated("\u0345\u0334"),
    "combining marks in blocks": lambda size: (
        "---\ntitle: x\n---\na" + "\u0345" * (size // 2) + "\u0334" * (size // 2)
    ),
    "one word": repeated("a"),
    "one word of many parts": repeated("a-"),
    "letters that become many": repeated("\ufdfa"),
    "Chinese": repeated("字"),
    "different words": lambda size: f"---\ntitle: x\n---\n{numbered('w#', ' ')(size)}",
    "line breaks": repeated("\r"),
}
FRONTS = {
    "aliases of a long text as topics": aliased("*a,", "topics: [", "]"),
    "aliases of a long text as titles": aliased(
        "- {title: *a, webUrl: 'http://a.b'}\n", "related:\n"
    ),
    "aliases of a long text as images": aliased("{url: *a},", "images: [", "]"),
    "aliases of a mapping": front(
        lambda size: "b: &b {"
        + numbered("a#: 1", ",")(size // 2)
        + "}\n"
        + numbered("k#: *b\n")(size // 2)
    ),
    "merge keys": front(
        lambda size: "b: &b {"
        + numbered("a#: 1", ",")(size // 2)
        + "}\n"
        + numbered("k#: {<<: *b}\n")(size // 2)
    ),
    "anchors": front(numbered("k#: &a# 1\n")),
    "equal topics": front(lambda size: f"topics: [{'a,' * (size // 2)}]"),
    "different topics": front(lambda size: f"topics: [{numbered('t#', ',')(size)}]"),
    "a topic of tags": front(lambda size: f"topics: ['{'<b>&amp;' * (size // 8)}']"),
    "an excerpt of marks": front(
        lambda size: "excerpt: a" + "\u0345" * (size // 2) + "\u0334" * (size // 2)
    ),
    "a link of soft hyphens": front(lambda size: "webUrl: http://" + "\xad" * size),
    "a number of digits": front(lambda size: f"quality: {'9' * size}"),
    "a date with blanks": front(lambda size: f"publishedDateTime: '2023-01-01{' ' * size}x'"),
    "keys": front(numbered("k#: 1\n")),
    "keys like known ones": front(numbered("titel#: 1\n")),
    "keys that differ in case": front(lambda size: "\n".join(in_cases(size // 22))),
    "keys that are there twice": front(
        lambda size: numbered("k#: 1\n")(size // 2) + numbered("k#: 1\n")(size // 2)
    ),
    "brackets in brackets": front(lambda size: f"a: {'[' * size}"),
    "dashes": front(lambda size: f"a:\n {'- ' * (size // 2)}a"),
    "related entries": front(
        lambda size: "related:\n" + numbered("- title: t#\n  webUrl: http://a.b/#\n")(size)
    ),
    "dotted keys": toml(lambda size: f"{'a.' * (size // 2)}b = 1"),
    "dotted keys in quotes": toml(
        lambda size: "".join(['"\\u0061 é" . '] * (size // 13)) + "b = 1"
    ),
    "many dotted keys": toml(
        lambda size: "".join("a." * 90 + f"b{number} = 1\n" for number in range(size // 190))
    ),
    "tables of TOML": toml(numbered("[t#]\n")),
    "digits in TOML": toml(lambda size: f"quality = {'9' * size}"),
    "braces": lambda size: '{"title": "x", "a":' + '{"a":' * (size // 5),
    "empty objects": lambda size: '{"title": "x", "a": [' + "{}," * (size // 3) + "1]}",
    "text that is never closed": lambda size: '{"title": "x", "a": "' + "\\n" * (size // 2),
}
UNTITLED = {
    "headings without text": lambda size: "# \n" * (size // 3),
    "headings": lambda size: "## a\n\n" * (size // 6),
    "headings that are never closed": lambda size: "<h1>a" * (size // 5),
    "headings in headings": lambda size: "<h1><h2" * (size // 7),
    "comments": lambda size: "<!-- -->" * (size // 8),
    "comments that are never closed, after one": lambda size: "<!---->" + "<!--" * (size // 4),
    "tags of a head": lambda size: "<head>" + '<meta name="a' * (size // 13),
    "attributes of a head": lambda size: f"<head><meta {'a= ' * (size // 3)}>",
    "comments of a head": lambda size: "<head><!-- --><!--" * (size // 18),
    "fences": lambda size: "```\n~~~\n" * (size // 8),
    "a line of spaces": lambda size: f"# a{' ' * size}b",
    "a line of hashes": lambda size: f"# a{' #' * (size // 2)}b",
    "a line of braces": lambda size: f"# a{'{#' * (size // 2)}",
    "underlines": lambda size: "a\n===\n\n" * (size // 7),
    "pairs": lambda size: "Title: a\n" * (size // 9),
    "a pair of many lines": lambda size: "Title: a\n" + " b\n" * (size // 3),
    "a pair of spaces": lambda size: f"Title:{' ' * size}\n{' ' * size}\nx",
    "secured": lambda size: "---\n" + "secured: a\n\n" * (size // 12),
    "secured with blanks": lambda size: "---\nx\nsecured: a" + "\n " * (size // 2),
    "a header that is never closed": lambda size: "---\n" + "a: b\n" * (size // 5),
    "rules": lambda size: "---\n\n" * (size // 5),
    "braces that are never closed": lambda size: '{"a": 1,\n' * (size // 9),
    "old text": lambda size: "\udce9 " * (size // 3),
    "old text in new": lambda size: "\u00e9\udce9" * (size // 3),
    "zeros": lambda size: "a\0bcdefghijk" * (size // 12),
}
"""Without a title in a sound header."""
PAGES = [make for name, make in UNTITLED.items() if "of a head" in name]
"""These are HTML."""
BROKEN = {
    "values that need quotes": front(numbered("k#: a: b\n")),
    "entries that need quotes": front(lambda size: "k:\n" + numbered("- @#: a: b\n")(size)),
    "entries that cannot be read": front(
        lambda size: "k:\n" + numbered("- a#: b\n   c: d\n")(size)
    ),
    "quotes that are never closed": front(numbered('k#: "a\n')),
    "quotes in quotes": front(lambda size: f'k: "{chr(34) * size}a'),
    "lists that are never closed": front(numbered("k#: [a, @b\n")),
    "a list of signs": front(lambda size: f"k: [{'@,' * (size // 2)}"),
    "a list of quotes": front(lambda size: "k: [" + "\"a', " * (size // 5)),
    "tabs": front(lambda size: "k:\n" + "\t- a: b: c\n" * (size // 11)),
    "a line of tabs": front(lambda size: f"k: @a{chr(9) * size}b"),
    "a line of colons": front(lambda size: f"{'a:' * (size // 2)}b: @c"),
    "a line of spaces and colons": front(lambda size: f"{'a :' * (size // 3)}: @c"),
    "a line of dashes": front(lambda size: f"k: a: b\n{'- ' * (size // 2)}@a"),
    "lines that are no pairs": front(lambda size: "word\n" * (size // 5) + "k: a: b"),
    "indented lines that are no pairs": front(lambda size: "k: @a\n" + "  word\n" * (size // 7)),
    "aliases without anchors": front(numbered("k#: *a\n")),
    "bombs among faults": front(
        lambda size: "".join(
            f"a{n}: &a{n} [{f'*a{n - 1},' * 9}]\nb{n}: c: d\n" if n else "a0: &a0 x\n"
            for n in range(size // 60)
        )
    ),
    "broken keys of TOML": toml(numbered("k# = a\n")),
    "broken tables of TOML": toml(numbered("[t#]\na = b\n")),
    "broken members": lambda size: "{\n" + numbered('"k#": x,\n')(size) + "}\n",
}
"""Headers that do not parse."""
RULES = {
    "rules of git": numbered("a#\n"),
    "rules with wildcards": numbered("*a*#*\n"),
    "rules of wildcards": lambda size: "**/*?[a-z]z\n" * (size // 12),
    "a rule of wildcards": lambda size: "*a" * (size // 2),
}
"""Of a `.gitignore`."""


def examined(folder: Path, make: Make, size: int) -> list[str]:
    """What is said of such a file by a rebuild and by doctor."""
    archive = folder / f"{os.getpid()}"
    archive.mkdir()
    (archive / "a.md").write_text("---\ntitle: one\n---\n")
    name = ".gitignore" if make in RULES.values() else "x.md"
    if make in PAGES:
        name = "x.html"
    (archive / name).write_bytes(make(size).encode(errors="surrogateescape"))
    said: list[str] = []
    heatseek.rebuild(archive, folder / f"index{os.getpid()}", report=lambda p: said.append(str(p)))
    lint(archive, NOW)
    return said


@pytest.fixture(scope="module", autouse=True)
def _loaded(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Imports and the like cost nothing in the processes that count."""
    for name, make in enumerate((BODIES["tables"], FRONTS["merge keys"], FRONTS["tables of TOML"])):
        examined(tmp_path_factory.mktemp(str(name)), make, 2_000)


def check(folder: Path, make: Make, size: int) -> None:
    costs: tuple[Cost, Cost] = check_growth(lambda n: examined(folder, make, n), size, idle=20_000)
    for cost in costs:
        assert len(cost.value) <= 23
        assert all(len(line) < 150 for line in cost.value)


@pytest.mark.parametrize("name", BODIES)
def test_markdown(name: str, tmp_path: Path) -> None:
    check(tmp_path, BODIES[name], 400)


@pytest.mark.parametrize("name", LARGE_BODIES)
def test_body(name: str, tmp_path: Path) -> None:
    check(tmp_path, LARGE_BODIES[name], 20_000)


@pytest.mark.parametrize("name", FRONTS)
def test_front_matter(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A tenth, as these files are small; the long form has files of any size, and the whole bound.
    monkeypatch.setattr(yaml_tree, "MAX_EXPANSION", 100_000)
    check(tmp_path, FRONTS[name], 8_000)


@pytest.mark.parametrize("name", BROKEN)
def test_broken_front_matter(name: str, tmp_path: Path) -> None:
    check(tmp_path, BROKEN[name], 4_000)


@pytest.mark.parametrize("name", UNTITLED)
def test_no_title(name: str, tmp_path: Path) -> None:
    check(tmp_path, UNTITLED[name], 2_000)


@pytest.mark.parametrize("name", RULES)
def test_rules(name: str, tmp_path: Path) -> None:
    check(tmp_path, RULES[name], 1_500)


LARGEST = {
    **{name: (make, 4_000_000) for name, make in BODIES.items()},
    **{name: (make, 5_000_000) for name, make in LARGE_BODIES.items()},
    **{name: (make, 980_000) for name, make in (FRONTS | BROKEN).items()},
    **{name: (make, 5_000_000) for name, make in UNTITLED.items() if "heading" not in name},
    **{name: (make, 99_000) for name, make in UNTITLED.items() if "heading" in name},
    **{name: (make, 980_000) for name, make in RULES.items()},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_of_its_kind(name: str, tmp_path: Path) -> None:
    make, size = LARGEST[name]
    cost = cost_of(lambda: examined(tmp_path, make, size), seconds=6, memory=0, count=False)
    assert cost.memory < 110_000_000


def test_words_are_remembered_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicons, "MOST_BYTES", 1_000_000)
    lexicon = lexicons.Lexicon(ENGLISH)
    tracemalloc.start()
    try:
        for start in range(0, 5_000, 500):
            block = Block((), lexicon)
            words = (".".join(f"{number:x}{part:x}" for part in range(40)) for number in range(500))
            body = " ".join(f"{word}.{start}" for word in words)
            block.add(Article(id="a.md", title="", body=body))
            block.complete()
            lexicon.learn()
            lexicon.forget()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 3_000_000
