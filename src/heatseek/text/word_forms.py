"""The forms of many written words at once, for an index: `tokens.forms`, several times as fast.

Most words are one part in small letters; most others are parts between connectors, and these
together. Those beyond ASCII are folded as one text.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from heatseek.text.scripts import is_unspaced
from heatseek.text.tokens import CONNECTORS, MAX_TERM, READ, fold, forms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_COMPOUND = re.compile(r"[a-zA-Z0-9]++(?:[-&._][a-zA-Z0-9]++)++")
_DECIMAL_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_TELLING = frozenset(f'{CONNECTORS}+#,"')
"""Signs of words of several parts, and of those that a rule of their own is for."""


class WordForms(NamedTuple):
    """The forms of words, end to end."""

    folded: list[str]
    """Of each word its variants, then its parts."""
    variants: list[int]
    """How many each word has."""
    parts: list[int]
    accented: list[str]
    accents: list[int]
    """How many of `accented` each word has."""


def forms_of_words(written: Sequence[str]) -> WordForms:
    """The forms of each, as `tokens.forms` gives them."""
    found = WordForms([], [], [], [], [])
    folded, accented = found.folded, found.accented
    beyond_ascii = _beyond_ascii([word for word in written if _is_one_beyond_ascii(word)])
    for word in written:
        before, spellings, variants = len(folded), len(accented), 0
        if word.isascii():
            if word.isalnum():
                folded.append(word[:MAX_TERM].lower())
            elif _COMPOUND.fullmatch(word) and ".net" not in (small := word.lower()):
                variants = 1
                folded += _compound(small)
            else:
                variants = _add(word, found)
        elif _is_one_beyond_ascii(word):
            part, spelling = next(beyond_ascii)
            folded += part
            accented += spelling
        else:
            variants = _add(word, found)
        found.variants.append(variants)
        found.parts.append(len(folded) - before - variants)
        found.accents.append(len(accented) - spellings)
    return found


def _add(word: str, found: WordForms) -> int:
    """Add the forms of any word, and give how many are variants."""
    of_word = forms(word)
    found.folded.extend(of_word.variants)
    found.folded.extend(of_word.parts)
    found.accented.extend(of_word.accented)
    return len(of_word.variants)


def _compound(small: str) -> Iterator[str]:
    """Of ASCII words between connectors, no apostrophes: all of them together, and each."""
    spaced = small.replace("-", " ").replace("_", " ").replace("&", " ")
    if "." in spaced:
        whole = _DECIMAL_POINT.sub("\0", spaced).replace(".", "").replace("\0", ".")
        parts = spaced.replace(".", " ").split(" ")
    else:
        whole, parts = spaced, spaced.split(" ")
    yield whole.replace(" ", "")[:MAX_TERM]
    for part in parts:
        yield part[:MAX_TERM]


def _is_one_beyond_ascii(word: str) -> bool:
    return not word.isascii() and _TELLING.isdisjoint(word)


def _beyond_ascii(words: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Of words that are one part: that, and how it is written with accents; or nothing."""
    beginnings = [word[:READ] for word in words]
    # No sign is folded otherwise because of those behind a line break.
    for word, folded in zip(beginnings, fold("\n".join(beginnings)).split("\n"), strict=False):
        term = folded[:MAX_TERM]
        spelling = unicodedata.normalize("NFC", word.lower())[:MAX_TERM]
        has_accents = spelling != term and not is_unspaced(word[0])
        yield [term] if term else [], [spelling] if has_accents else []
