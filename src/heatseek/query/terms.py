r"""The terms of a query: words, phrases and patterns, as they are written and what they match.

    phone*  *phone*  c?t     words of this form
    azure~  azure~2          words spelt nearly so
    "near words"~5           words close together
    azure^2                  any of these, counting twice

A sign that has no meaning where it stands belongs to the text.
"""

from __future__ import annotations

import re
from functools import lru_cache

from heatseek.definitions import pattern
from heatseek.errors import QueryError, quoted
from heatseek.query.tree import Fuzzy, Leaf, Near, Path, Phrase, Prefix, Term, Wildcard, in_field
from heatseek.schema import LINKS, TEXT_FIELDS
from heatseek.text.tokens import CONNECTORS, connected, fold, runs, tokenize, without_marks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

MAX_WEIGHT = 1_000
"""That a part of the query counts more than others, all weights around it multiplied."""
MAX_DISTANCE = 2
"""Letters in which a fuzzy word may differ."""
MAX_SLOP = 1_000
"""Words that may stand between others; more is as good as anywhere."""
MAX_CACHED = 10_000
"""Words of which the answer of a fuzzy test is kept; most come again in the next hit."""

QUOTES = '"“”„‟«»＂'  # noqa: RUF001 - typographic ones are what people paste
_ANY_QUOTE = str.maketrans(dict.fromkeys(QUOTES, "?"))
_TEXTS = frozenset({None, *(spec.name for spec in TEXT_FIELDS)})
_WILD = frozenset("*?")
WEIGHT = r"(?:[0-9]*\.)?[0-9]+"
_WEIGHT = pattern(WEIGHT)
# Compiled where they are needed, which few queries do.
_WORD = rf"[\w{re.escape(CONNECTORS)}]*[^\W_]"
_PATTERN = rf"[\w{re.escape(CONNECTORS)}*?]+"
_WILD = frozenset("*?")
_LETTER_OR_DIGIT = pattern(r"[^\W_]")


def holds_text(text: str) -> bool:
    """True if there is anything to search for: a letter or a digit."""
    return _LETTER_OR_DIGIT.search(text) is not None


def split_weight(word: str, at: int) -> tuple[str, float]:
    """A word without the `^weight` at its end, and the weight.

    Raises:
        QueryError: the weight is beyond its limit.
    """
    head, caret, digits = word.rpartition("^")
    if not caret or "^" in head or not _WEIGHT.fullmatch(digits) or not holds_text(head):
        return word, 1.0
    return head, read_weight(digits, at + len(head) + 1)


def read_weight(digits: str, at: int) -> float:
    """The weight that these digits name.

    Raises:
        QueryError: it is beyond its limit.
    """
    weight = float(digits)
    if weight > MAX_WEIGHT:
        raise QueryError(
            f"weight {_cut(digits)} is more than {MAX_WEIGHT:,}",
            at,
            f"write one from 0 to {MAX_WEIGHT:,}",
        )
    return weight


def word_leaf(word: str, at: int) -> Term | Prefix | Wildcard | Fuzzy:
    """The leaf of a word without weight.

    Raises:
        QueryError: a fuzzy word may differ in more letters than is allowed.
    """
    head, tilde, digits = word.rpartition("~")
    if tilde and _may_be_fuzzy(head) and (not digits or _is_number(digits)):
        return Fuzzy(head, _distance(head, digits, at + len(head) + 1))
    # At the end of a word a question mark is punctuation, unless a star makes it a pattern.
    pattern = word if "*" in word else word.rstrip("?")
    if _is_pattern(pattern):
        return Wildcard(pattern)
    return Prefix(word[:-1]) if _is_prefix(word) else Term(word)


def phrase_leaf(text: str, slop: str) -> Phrase | Near:
    """The leaf of a text in quotes; `slop` is the number written after it, if any."""
    text = " ".join(text.split())
    if not slop:
        return Phrase(text)
    # No int() of thousands of digits: it raises.
    return Near(text, min(int(slop.lstrip("0")[:5] or "0"), MAX_SLOP))


def leaf_in(field: str, leaf: Leaf, at: int) -> Leaf:
    """The leaf, in a field only.

    Raises:
        QueryError: it is a fuzzy word, and the field has links.
    """
    if field == LINKS and isinstance(leaf, Fuzzy):
        raise QueryError(f"{LINKS}: has no fuzzy words", at, "write it with * or ?")
    return in_field(leaf, field)


def path(text: str, at: int = 0) -> Path:
    """The path of a folder or file that is typed, relative to the archive.

    Raises:
        QueryError: there is no name in it.
    """
    # A path in quotes can have none in it: any character will do there.
    parts = [
        part for part in text.translate(_ANY_QUOTE).strip().split("/") if part not in ("", ".")
    ]
    if not parts or not (holds_text(text) or "*" in text):
        raise QueryError(f"{quoted(text)}: no path", at, "write path:blog/2023 or path:*.txt")
    return Path("/".join(parts))


def path_test(path: Path) -> Callable[[str], bool]:
    """The test that the id of an article has to pass, folded."""
    folded = fold(path.text)
    if not _WILD.isdisjoint(folded):
        matches = [wildcard_pattern(shape).fullmatch for shape in (folded, f"{folded}/*")]
        return lambda id_: any(match(id_) for match in matches)
    below = f"{folded}/"
    return lambda id_: id_.startswith(below) or id_ == folded


def plain_run(leaf: Leaf) -> Leaf:
    """A pattern of a script without spaces as what stands between its stars.

    Any stretch of a longer run is found: a star before or after it adds nothing, in text.
    """
    if not isinstance(leaf, Prefix | Wildcard) or leaf.text.isascii() or leaf.field not in _TEXTS:
        return leaf
    letters = leaf.text.strip("*")
    found = runs(tokenize(letters))
    if len(found) != 1 or not found[0][0].forms.is_unspaced or _WILD.intersection(letters):
        return leaf
    if letters != letters.translate(_ANY_QUOTE):
        return leaf
    return Term(letters, leaf.field)


def word_test(leaf: Prefix | Wildcard | Fuzzy) -> Callable[[str], bool] | None:
    """The test that a word has to pass; None if the leaf holds no letter or digit.

    A word is given as it is indexed: folded, without connectors, stemmed or not.
    """
    if isinstance(leaf, Prefix):
        tokens = tokenize(leaf.text)
        if not tokens:
            return None
        forms = tokens[-1].forms
        beginning = (forms.variants or forms.parts)[0]
        return lambda word: word.startswith(beginning)
    text = connected(leaf.text)
    if not any(map(str.isalnum, text)):
        return None
    if isinstance(leaf, Wildcard):
        matches = wildcard_pattern(text).fullmatch
        return lambda word: matches(word) is not None
    distance = leaf.distance
    from heatseek.text.edit_distance import is_within  # noqa: PLC0415 - few words are fuzzy

    return lru_cache(MAX_CACHED)(lambda word: is_within(word, text, distance))


def wildcard_pattern(shape: str) -> re.Pattern[str]:
    """The expression that matches whole words of this form.

    Each stretch between stars is found where it first can be, without trying further: plain `.*`
    would try all ways to divide a word among many stars.
    """
    first, *others = (re.escape(part).replace(r"\?", ".") for part in shape.split("*"))
    between = "".join(f"(?>.*?{part})" for part in others[:-1] if part)
    end = f".*{others[-1]}" if others else ""
    return re.compile(f"{first}{between}{end}", re.DOTALL)


def _may_be_fuzzy(word: str) -> bool:
    """Numbers are not: `10~20` is no word with a mistake in it, nor is `/~20` in a URL."""
    return re.fullmatch(_WORD, without_marks(word)) is not None and any(map(str.isalpha, word))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _distance(word: str, digits: str, at: int) -> int:
    if not digits:
        return 1
    number = digits.lstrip("0") or "0"
    if len(number) > 1 or int(number) > MAX_DISTANCE:
        raise QueryError(
            f"distance {_cut(digits)} is more than {MAX_DISTANCE}",
            at,
            f"write {quoted(f'{word}~{MAX_DISTANCE}')} or less",
        )
    return int(number)


def _is_prefix(word: str) -> bool:
    return word.find("*") == len(word) - 1


def _is_pattern(word: str) -> bool:
    """Two stars in a row are none: they are how `**bold**` is written in Markdown."""
    if "?" not in word and ("*" not in word or _is_prefix(word)):
        return False
    if "**" in word or not holds_text(word):
        return False
    return re.fullmatch(_PATTERN, without_marks(word)) is not None


def _cut(digits: str) -> str:
    return digits if len(digits) <= 20 else f"{digits[:19]}…"
