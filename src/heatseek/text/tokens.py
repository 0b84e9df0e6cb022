"""Text to terms, the same for articles and queries; needs no engine.

A text becomes *parts*: words, single CJK characters, numbers. Parts are numbered by position.
Each part is folded (accents, case, width) here and stemmed by `languages`. What people write in
several ways gets *variants*, extra terms at the position of its first part:

    e-mail     e·mail     and email
    GPT-4      gpt·4      and gpt4
    O'Reilly   o·reilly   and oreilly
    node.js    node·js    and nodejs
    ASP.NET    asp·net    and aspnet, .net

`C++`, `C#` and `.NET` are parts of their own. CJK text is indexed by character, and a run of
it in a query is a phrase.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

from heatseek.definitions import NamedTuple, pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION = 3
"""To be raised with every change after which the same text gives other terms."""

MAX_TERM = 64
"""Characters of a term that count; longer ones are cut, in articles and in queries."""

# Sets of characters beyond Latin-1 are written as alternatives: as ranges they would take
# 4 ms each to compile, at every start.
_READ = 8 * MAX_TERM
"""Characters of a word that are folded: no more can make up a term."""

_CONNECTOR = r"[-'&._]|\u2010|\u2011|\u2019"
CONNECTORS = "-'&._\u2010\u2011\u2019"
_WITHOUT_CONNECTORS = str.maketrans("", "", CONNECTORS)
_TO_SPACES = str.maketrans(CONNECTORS, " " * len(CONNECTORS))
_TOKEN = pattern(
    rf"""
      (?P<grouped>(?<![\d.,])\d{{1,3}}(?:,\d{{3}})+(?![\d,]))
    | (?P<dotnet>(?<!\w)\.[nN][eE][tT]\b)
    | (?P<sign>(?<!\w)[a-zA-Z]\#(?!\w) | [^\W_]+\+\+)
    | (?P<word>[^\W_]+(?:(?:{_CONNECTOR})[^\W_]+)*)
    """,
    re.VERBOSE,
)
_DECIMAL_POINT = pattern(r"(?<=\d)\.(?=\d)")
_POSSESSIVES = ("'s", "'S", "\u2019s", "\u2019S")
_CONTRACTIONS = {"t", "re", "ll", "ve", "d", "m"}
"""Ends of words such as don't."""
_CJK = (
    ("\u3040", "\u30fa"),  # kana, up to the middle dot
    ("\u30fc", "\u30ff"),
    ("\u3400", "\u4dbf"),  # Han
    ("\u4e00", "\u9fff"),
    ("\uac00", "\ud7af"),  # Hangul
    ("\uf900", "\ufaff"),
)
_CJK_SUPPLEMENT = "\U00020000"
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "\N{LATIN SMALL LETTER DOTLESS I}": "i"}
)
# The short i is a letter of its own, and endings depend on it.
_COMBINING = pattern("(?<!\u0438)(?<!\u0418)\u0306|[\u0300-\u0305]|[\u0307-\u036f]")


class Forms(NamedTuple):
    """The folded forms by which a written word is searched.

    Attributes:
        parts: its folded words, one position each.
        variants: other folded forms of the whole, at the position of the first part.
        is_cjk: whether it is one character of a run without spaces.
    """

    parts: tuple[str, ...]
    variants: tuple[str, ...] = ()
    is_cjk: bool = False


class Token(NamedTuple):
    """A written word and where it stands in the text."""

    start: int
    end: int
    forms: Forms


def fold(text: str) -> str:
    """Without accents, case and width: what makes two spellings the same."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    folded = _COMBINING.sub("", decomposed).casefold().translate(_UNDECOMPOSED)
    return unicodedata.normalize("NFC", folded)


def connected(text: str) -> str:
    """Folded, without spaces and connectors: the form in which patterns are held against words."""
    return "".join(c for c in fold(text) if c not in CONNECTORS and not c.isspace())


def label(text: str) -> str:
    """The form under which labels (topics, providers, ...) are compared as a whole."""
    return " ".join(fold(text).split())


def tokenize(text: str) -> list[Token]:
    """All words of `text` in order; `text` is in Unicode's composed form (NFC)."""
    if text.isascii() and text.isalnum():  # a plain word, as most in queries are
        return [Token(0, len(text), Forms((text[:MAX_TERM].lower(),)))]
    return [Token(start, start + len(word), forms(word)) for start, word in _written(text)]


def runs(tokens: list[Token]) -> list[list[Token]]:
    """Neighbouring CJK characters together, every other word alone."""
    grouped: list[list[Token]] = []
    for token in tokens:
        before = grouped[-1][-1] if grouped else None
        if before and before.forms.is_cjk and token.forms.is_cjk and before.end == token.start:
            grouped[-1].append(token)
        else:
            grouped.append([token])
    return grouped


def written_words(text: str) -> list[str]:
    """All words of `text` as they are written; `forms` gives what each is searched by."""
    return [word for _, word in _written(text)]


def _written(text: str) -> Iterator[tuple[int, str]]:
    """Each word and where it starts; of CJK text each character."""
    for match in _TOKEN.finditer(text):
        word = match.group()
        if word.isascii() or max(word) < _CJK[0][0]:
            yield match.start(), word
        else:
            yield from _split_cjk(match.start(), word)


def _split_cjk(start: int, word: str) -> Iterator[tuple[int, str]]:
    for is_cjk, stretch in groupby(enumerate(word, start), lambda place: _is_cjk(place[1])):
        if is_cjk:
            yield from stretch
        else:
            place, written = zip(*stretch, strict=True)
            between = "".join(written)
            word = between.strip(CONNECTORS)
            if word:
                yield place[0] + between.index(word), word


def _is_cjk(character: str) -> bool:
    if character >= _CJK_SUPPLEMENT:
        return True
    return any(first <= character <= last for first, last in _CJK)


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
    if len(written) == 1 and _is_cjk(written):
        return Forms((fold(written),), (), is_cjk=True)
    return _compound(written)


def _compound(written: str) -> Forms:
    bare = written[:-2] if written.endswith(_POSSESSIVES) else written
    word, _, end = bare.replace("\u2019", "'").partition("'")
    if end.lower() in _CONTRACTIONS and word.isalnum():
        return Forms(_parts(bare.translate(_WITHOUT_CONNECTORS)))
    parts = _parts(*bare.translate(_TO_SPACES).split(" "))
    if len(parts) < 2:
        return Forms(parts)
    pointed = _DECIMAL_POINT.sub("\0", bare) if "." in bare else bare
    joined = _parts(pointed.translate(_WITHOUT_CONNECTORS).replace("\0", "."))
    dotnet = (".net",) if ".NET" in bare or ".Net" in bare else ()
    return Forms(parts, joined + dotnet)


def _parts(*written: str) -> tuple[str, ...]:
    """Folded and cut; without those of which folding leaves nothing (lone accents)."""
    folded = (fold(word[:_READ]) for word in written)
    return tuple(word[:MAX_TERM] for word in folded if word)
