"""Text to terms, the same for articles and queries; needs no engine.

A text becomes *parts*: words, numbers, and of scripts without spaces each letter with its marks.
Where words begin and end follows Unicode (UAX #29); docs/query-language.md says where it does not.
Parts are numbered by position. Each part is folded (accents, case, width) here and stemmed by
`languages`. What people write in several ways gets *variants*, extra terms at the position of its
first part:

    e-mail     e·mail     and email
    GPT-4      gpt·4      and gpt4
    O'Reilly   o·reilly   and oreilly
    node.js    node·js    and nodejs
    ASP.NET    asp·net    and aspnet, .net

`C++`, `C#` and `.NET` are parts of their own. A run of a script without spaces is a phrase in a
query, so that any word of a longer run is found.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from heatseek.definitions import NamedTuple, pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION = 5
"""To be raised with every change after which the same text gives other terms."""

MAX_TERM = 64
"""Characters of a term that count; longer ones are cut, in articles and in queries."""
READ = 8 * MAX_TERM
"""Characters of a word that are folded: no more can make up a term."""

# Connectors beyond Latin-1 are written as alternatives: a set would take 4 ms to compile, at every
# start. Marks and scripts, which are many ranges, are told without an expression.
_CONNECTOR = (
    r"[-'&._]|\u2010|\u2011|\u2019|\u00b7|\u2018|\u05f3|\u05f4|\uff07|\uff0e"
    r'|(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea])'
)
_TOKEN = pattern(
    rf"""
      (?P<grouped>(?<![\d.,])\d{{1,3}}(?:,\d{{3}})+(?![\d,]))
    | (?P<dotnet>(?<!\w)\.[nN][eE][tT]\b)
    | (?P<sign>(?<!\w)[a-zA-Z]\#(?!\w) | [^\W_]+\+\+)
    | (?P<word>[^\W_]+(?:(?:{_CONNECTOR})[^\W_]+)*)
    """,
    re.VERBOSE,
)
CONNECTORS = "-'&._\u2010\u2011\u2019\u00b7\u2018\u05f3\u05f4\uff07\uff0e"
"""Signs inside words; in Hebrew words a quote, too."""
_ONE = "-"
"""Stands for any of these where they are told apart by no expression."""
_TO_ONE = str.maketrans(dict.fromkeys(CONNECTORS, _ONE))
_APOSTROPHES = "'", "\u2019"
_DECIMAL_POINT = pattern(r"(?<=\d)\.(?=\d)")
_CONTRACTION = pattern(r"[^\W_]+(?:'|\u2019)(?:[tT]|[rR][eE]|[lL][lL]|[vV][eE]|[dD]|[mM])$")
_UNDECOMPOSED = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "æ": "ae",
        "œ": "oe",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "\N{ARABIC LETTER ALEF WASLA}": "\N{ARABIC LETTER ALEF}",
    }
)


class Forms(NamedTuple):
    """The folded forms by which a written word is searched.

    Attributes:
        parts: its folded words, one position each.
        variants: other folded forms of the whole, at the position of the first part.
        is_unspaced: whether it is one letter, with its marks, of a script without spaces.
        accented: its words as they are written, in small letters, where folding changed more.
    """

    parts: tuple[str, ...]
    variants: tuple[str, ...] = ()
    is_unspaced: bool = False
    accented: tuple[str, ...] = ()


class Token(NamedTuple):
    """A written word and where it stands in the text."""

    start: int
    end: int
    forms: Forms


def fold(text: str) -> str:
    """Without accents, vowel signs, case and width: what makes two spellings the same."""
    if text.isascii():
        return text.lower()
    from heatseek.text.scripts import bare  # noqa: PLC0415 - most queries are ASCII

    decomposed = unicodedata.normalize("NFKD", text)
    folded = bare(decomposed).casefold().translate(_UNDECOMPOSED)
    return unicodedata.normalize("NFC", folded)


def connected(text: str) -> str:
    """The form in which patterns are held against words: folded, without spaces and connectors.

    A point between digits stays, as it does in `forms`.
    """
    pointed = _DECIMAL_POINT.sub("\0", fold(text))
    signs = (c for c in pointed if c not in CONNECTORS and not c.isspace())
    return "".join(signs).replace("\0", ".")


def label(text: str) -> str:
    """The form under which labels (topics, providers, ...) are compared as a whole."""
    return " ".join(fold(text).split())


def without_marks(text: str) -> str:
    """The letters and other signs alone."""
    if text.isascii():
        return text
    from heatseek.text.scripts import is_mark  # noqa: PLC0415 - as in `fold`

    return "".join(c for c in text if not is_mark(c))


def tokenize(text: str) -> list[Token]:
    """All words of `text` in order; `text` is in Unicode's composed form (NFC)."""
    if text.isascii() and text.isalnum():  # a plain word, as most in queries are
        return [Token(0, len(text), Forms((text[:MAX_TERM].lower(),)))]
    every = (Token(start, start + len(word), forms(word)) for start, word in written(text))
    return [token for token in every if token.forms.parts]


def parts_of(text: str) -> tuple[str, ...]:
    """The folded parts of all words of `text`, as `tokenize` gives them."""
    if text.isascii() and text.isalnum():
        return (text[:MAX_TERM].lower(),)
    return tuple(part for token in tokenize(text) for part in token.forms.parts)


def runs(tokens: list[Token]) -> list[list[Token]]:
    """Neighbouring letters of scripts without spaces together, every other word alone."""
    grouped: list[list[Token]] = []
    for token in tokens:
        before = grouped[-1][-1] if grouped else None
        unspaced = before and before.forms.is_unspaced and token.forms.is_unspaced
        if before and unspaced and before.end == token.start:
            grouped[-1].append(token)
        else:
            grouped.append([token])
    return grouped


def written_words(text: str) -> list[str]:
    """All words of `text` as they are written; `forms` gives what each is searched by."""
    return [word for _, word in written(text)]


def written(text: str) -> Iterator[tuple[int, str]]:
    """Each word and where it starts; of scripts without spaces each letter with its marks."""
    if text.isascii():
        for match in _TOKEN.finditer(text):
            yield match.start(), match.group()
        return
    from heatseek.text import scripts  # noqa: PLC0415 - as in `fold`

    end = 0
    while found := _TOKEN.search(text, end):
        start, end = found.span()
        if end < len(text) and scripts.is_mark(text[end]):
            end = scripts.word_end(text, end, _continuation())
        word = text[start:end]
        if word.isascii() or max(word) < scripts.FIRST_UNSPACED:
            yield start, word
            continue
        for at, stretch in scripts.stretches(word):
            if between := stretch.strip(CONNECTORS):
                yield start + at + stretch.index(between), between


def forms(written: str) -> Forms:
    """The searchable forms of one word that `tokenize` or `written_words` gave."""
    if written.isascii() and written.isalnum():
        return Forms((written[:MAX_TERM].lower(),))
    match = _TOKEN.fullmatch(written)
    kind = match.lastgroup if match else "word"
    if kind == "grouped":
        return Forms((written.replace(",", ""),))
    if kind == "dotnet":
        return Forms((".net",), ("net",))
    if kind == "sign":
        return Forms(_parts(written))
    if not written.isascii() and _is_unspaced(written[0]):
        return Forms(_parts(written), (), is_unspaced=True)
    return _compound(written)


def _is_unspaced(character: str) -> bool:
    from heatseek.text.scripts import is_unspaced  # noqa: PLC0415 - as above

    return is_unspaced(character)


def spellings(word: Forms) -> list[tuple[str, ...]]:
    """The ways in which a query finds a word: its parts in a row, it as a whole.

    A version is found with its `v` and without: 2.0.1 and v2.0.1.
    """
    found = [word.parts]
    if len(word.parts) > 1:
        whole = word.variants[0]
        found.append((whole,))
        number = whole.removeprefix("v")
        if "." in number and number.replace(".", "").isdecimal():
            found.append((f"v{number}" if number == whole else number,))
    return found


@cache
def _continuation() -> re.Pattern[str]:
    """Signs that may follow in a word on the marks of a letter."""
    return re.compile(rf"(?:(?:{_CONNECTOR})?[^\W_]+)+")


@cache
def _connector() -> re.Pattern[str]:
    # Compiled when it is needed: few queries have such words.
    return re.compile(_CONNECTOR)


def _apart(word: str) -> list[str]:
    """The words between connectors."""
    if '"' in word:
        return _connector().split(word)
    return word.translate(_TO_ONE).split(_ONE)


def _compound(written: str) -> Forms:
    has_apostrophe = "'" in written or "\u2019" in written
    bare = written
    if has_apostrophe and written[-1] in "sS" and written[-2:-1] in _APOSTROPHES:
        bare = written[:-2]
    if has_apostrophe and _CONTRACTION.match(bare):
        return Forms(_parts("".join(_apart(bare))))
    words = _apart(bare)
    parts = _parts(*words)
    accented = () if written.isascii() else tuple(_accented(words))
    if len(parts) < 2:
        return Forms(parts, accented=accented)
    pointed = _DECIMAL_POINT.sub("\0", bare) if "." in bare else bare
    joined = _parts("".join(_apart(pointed)).replace("\0", "."))
    dotnet = (".net",) if ".NET" in bare or ".Net" in bare else ()
    return Forms(parts, joined + dotnet, accented=accented)


def _accented(words: list[str]) -> Iterator[str]:
    for word in words:
        spelling = unicodedata.normalize("NFC", word[:READ].lower())[:MAX_TERM]
        if spelling != fold(word[:READ])[:MAX_TERM]:
            yield spelling


def _parts(*written: str) -> tuple[str, ...]:
    """Folded and cut; without those of which folding leaves nothing (lone accents)."""
    folded = (fold(word[:READ]) for word in written)
    return tuple(word[:MAX_TERM] for word in folded if word)
