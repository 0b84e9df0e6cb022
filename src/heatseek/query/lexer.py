"""The syntax of a query: its text as tokens in which every operator has its operands.

A sign, quote, parenthesis or operator that has no meaning where it stands is text: it disappears
if it holds no letter or digit, and is a word otherwise. Only what has one possible meaning and
cannot be done is an error: an impossible range, a weight or distance beyond its limit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from heatseek.definitions import dataclass, pattern
from heatseek.errors import QueryError
from heatseek.query.terms import (
    QUOTES,
    WEIGHT,
    holds_text,
    path,
    phrase_leaf,
    read_weight,
    split_weight,
    word_leaf,
)
from heatseek.query.tree import Choice, Leaf, Term
from heatseek.schema import BUILT_IN, PATH, RANGE_FIELDS, field_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from heatseek.schema import Names

LEAF, OPEN, CLOSE = "leaf", "(", ")"
AND, OR, NOT = "AND", "OR", "NOT"
OPERATORS = (AND, OR, NOT)
_COMPARISONS = (">", ">=", "<", "<=")

_ENDS_HERE = rf"(?= [\s(){QUOTES}] | \Z )"


# A quote right after a letter or digit belongs to the word (12"), others begin a phrase.
def _lexeme(ranges: tuple[str, ...]) -> re.Pattern[str]:
    """The next lexeme, where these names take ranges."""
    return pattern(
        rf"""
      (?P<space> \s+ )
    | (?P<open> \( )
    | (?P<close> \) (?: \^ (?P<group_weight> {WEIGHT} ) {_ENDS_HERE} )? )
    | (?P<phrase> [{QUOTES}] (?P<quoted> [^{QUOTES}]* ) [{QUOTES}]
        (?: (?: ~ (?P<slop> [0-9]+ ) )? (?: \^ (?P<phrase_weight> {WEIGHT} ) )? {_ENDS_HERE} )? )
    | (?P<quote> [{QUOTES}] )
    | (?P<sign> [-+]+ )
    | (?P<range> (?P<name> (?i: {"|".join(map(re.escape, ranges))} ) ) : (?P<ends> \[ [^\[\]]* \] )
        (?: \^ (?P<range_weight> {WEIGHT} ) {_ENDS_HERE} )? )
    | (?P<word> (?: [^\s(){QUOTES}] | (?<= [^\W_] ) [{QUOTES}] )+ )
    """,
        re.VERBOSE,
    )


_LEXEME = _lexeme(RANGE_FIELDS)
# Compiling the other one takes as long as a search; most queries are plain words.
_PLAIN_WORD = pattern(r"(?P<word>\S+)")
_OWN_LEXEME = lru_cache(16)(_lexeme)
# Compiled where they are needed, which few queries do.
_LIKE_A_FIELD = r"([a-z]{3,13}):(?![/:\\])"
_UNPRINTABLE = r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]"


@dataclass(slots=True)
class Token:
    """A leaf, a parenthesis or an operator, with what is written before and after it."""

    kind: str
    sign: str = ""
    field: str | None = None
    leaf: Leaf | Choice | None = None
    weight: float = 1.0
    text: str = ""
    """Of a closing parenthesis: its weight, in the words of the query."""
    at: int = 0
    """Its index in the text."""


def tokenize(text: str, now: datetime, names: Names = BUILT_IN) -> list[Token]:
    """The tokens of a query text: parentheses balanced, no group empty, no operator stray.

    Raises:
        QueryError: a field, range, weight or distance makes no sense.
    """
    plain = text if text.isprintable() else re.sub(_UNPRINTABLE, " ", text)
    scanner = _Scanner(plain, now, names)
    return _settle_operators(_balance(scanner.scan()))


class _Scanner:
    """Reads lexemes, keeping a sign and a field until the lexeme that follows them directly."""

    def __init__(self, text: str, now: datetime, names: Names) -> None:
        self._text = text
        self._now = now
        self._names = names
        self._lexeme = _LEXEME if names is BUILT_IN else _OWN_LEXEME(names.ranges)
        self._tokens: list[Token] = []
        self._sign = ""
        self._field = ""
        self._field_at = 0

    def scan(self) -> list[Token]:
        is_plain = self._text.replace(" ", "").isalnum()
        for lexeme in (_PLAIN_WORD if is_plain else self._lexeme).finditer(self._text):
            at = lexeme.start()
            match lexeme.lastgroup:
                case "space":
                    self._drop_pending()
                case "open":
                    self._open(at)
                case "close":
                    self._close(lexeme)
                case "phrase":
                    self._phrase(lexeme)
                case "sign":
                    self._signs(lexeme[0], at)
                case "range":
                    self._range(lexeme["name"], lexeme["ends"], lexeme.start("ends"))
                case "word":
                    self._word(lexeme[0].rstrip(QUOTES), at)
        self._drop_pending()
        return self._tokens

    def _signs(self, signs: str, start: int) -> None:
        """`-` and `+` mean something alone, at the start of a word; `--x` and `a - b` don't."""
        before = self._text[start - 1] if start else " "
        if len(signs) == 1 and (before.isspace() or before in "()"):
            self._sign = signs

    def _open(self, at: int) -> None:
        if name := self._pending_range:
            raise QueryError(
                f"{name}: takes single values, not a group", at, f"write {name}: before each value"
            )
        self._add(Token(OPEN))

    def _close(self, lexeme: re.Match[str]) -> None:
        self._drop_pending()
        weight, at = _weight(lexeme, "group_weight")
        self._add(Token(CLOSE, weight=weight, text=f"^{lexeme['group_weight'] or ''}", at=at))

    def _phrase(self, lexeme: re.Match[str]) -> None:
        text, slop = lexeme["quoted"], lexeme["slop"] or ""
        weight, _ = _weight(lexeme, "phrase_weight")
        if name := self._pending_range:
            comparison = self._field.partition(":")[2]
            self._range(name, comparison + (lexeme[0] if slop else text), lexeme.start())
        else:
            self._leaf(phrase_leaf(text, slop), weight, lexeme.start())

    def _word(self, word: str, at: int) -> None:
        name, colon, value = word.partition(":")
        choosing = self._names.choosing(name) if colon else None
        if range_ := self._pending_range:
            self._range(range_, word, at)
        elif word in OPERATORS and not (self._sign or self._field):
            self._add(Token(word))
        elif colon and choosing and value in _COMPARISONS and self._is_phrase(at, word):
            self._field, self._field_at = word, at
        elif colon and choosing and value:
            at += len(name) + 1
            self._range(name, split_weight(value, at)[0], at)
        elif colon and (choosing or self._names.searchable(name)):
            self._field_word(word, at)
        elif not self._field and self._nearest_field(word):
            self._unknown_field(word, at)
        else:
            self._text_leaf(word, at)

    def _is_phrase(self, at: int, word: str) -> bool:
        """True if a phrase follows directly on the word."""
        following = self._lexeme.match(self._text, at + len(word))
        return following is not None and following.lastgroup == "phrase"

    def _unknown_field(self, word: str, at: int) -> None:
        """A word that begins like a field with a letter wrong; with nothing after it, text."""
        self._field, self._field_at = word, at
        if holds_text(word.partition(":")[2]):
            raise self._no_such_field()

    def _no_such_field(self) -> QueryError:
        name = self._field.partition(":")[0]
        near = self._nearest_field(self._field)
        return QueryError(
            f"no field {name}", self._field_at, f"did you mean {near}? in quotes it is text"
        )

    def _field_word(self, word: str, at: int) -> None:
        """A word that begins with a field's name: the value follows in it or after it."""
        name, _, value = word.partition(":")
        value = value.lstrip("-+")
        if not value:
            self._field = word
            return
        if holds_text(value):
            self._field, at, word = name, at + len(word) - len(value), value
        self._text_leaf(word, at)

    @property
    def _pending_range(self) -> str | None:
        return self._names.choosing(self._field.partition(":")[0])

    def _range(self, name: str, text: str, at: int) -> None:
        known = self._names.choosing(name) or name
        if known == PATH:
            choice: Choice = path(text, at)
        else:
            # As few have ranges as have names.
            from heatseek.query.ranges import parse_range  # noqa: PLC0415

            choice = parse_range(known, text, at, self._now, self._names)
        self._add(Token(LEAF, leaf=choice))

    def _text_leaf(self, word: str, at: int) -> None:
        # As a word an operator is lower-case, so that it prints as what it is.
        head, weight = split_weight(word, at)
        head = head.rstrip(QUOTES)
        self._leaf(word_leaf(head.lower() if head in OPERATORS else head, at), weight, at)

    def _leaf(self, leaf: Leaf, weight: float, at: int) -> None:
        if holds_text(leaf.text):
            self._add(Token(LEAF, leaf=leaf, weight=weight, at=at))
        else:
            self._sign = self._field = ""

    def _add(self, token: Token) -> None:
        name = self._field.partition(":")[0]
        field = self._names.searchable(name) if name else None
        if name and not (field or self._names.choosing(name)):
            raise self._no_such_field()
        token.sign = self._sign
        token.field = field
        self._sign = self._field = ""
        self._tokens.append(token)

    def _drop_pending(self) -> None:
        """Nothing follows directly: a sign is noise, and a field's name a word like any other."""
        word, self._field = self._field, ""
        if word:
            self._leaf(Term(word), 1.0, 0)
        self._sign = ""

    def _nearest_field(self, word: str) -> str | None:
        """The field whose name the word very probably begins with, misspelt."""
        match = re.match(_LIKE_A_FIELD, word, re.IGNORECASE) if ":" in word else None
        if not match:
            return None
        from heatseek.text.edit_distance import nearest  # noqa: PLC0415 - as above

        name = match[1].lower()
        # A word is looked at several times; those of most queries are no names of anything.
        own = nearest(name, self._names.own()) if self._names is not BUILT_IN else None
        return own or _nearest_built_in(name)


@lru_cache(1024)
def _nearest_built_in(name: str) -> str | None:
    from heatseek.text.edit_distance import nearest  # noqa: PLC0415 - as above

    return nearest(name, field_names())


def _weight(lexeme: re.Match[str], group: str) -> tuple[float, int]:
    """The weight behind a parenthesis or phrase, and where it stands."""
    at = lexeme.start(group)
    return (read_weight(lexeme[group], at), at) if lexeme[group] else (1.0, 0)


def _balance(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without parentheses that have no partner or nothing between them.

    A group's weight moves to where it opens; that of a parenthesis left out is text.
    """
    kept: list[Token] = []
    opened: list[int] = []
    for token in tokens:
        if token.kind == CLOSE:
            empty = bool(opened) and opened[-1] == len(kept) - 1
            if empty:
                kept.pop()
            if empty or not opened:
                kept.extend(_typed_weight(token))
            else:
                kept[opened[-1]].weight, kept[opened[-1]].at = token.weight, token.at
                kept.append(token)
            del opened[-1:]
            continue
        if token.kind == OPEN:
            opened.append(len(kept))
        kept.append(token)
    unclosed = set(opened)
    return [token for at, token in enumerate(kept) if at not in unclosed]


def _typed_weight(token: Token) -> list[Token]:
    return [Token(LEAF, leaf=Term(token.text), at=token.at)] if len(token.text) > 1 else []


def _settle_operators(tokens: list[Token]) -> list[Token]:
    """The tokens, an operator without operands turned into the word that it spells.

    From right to left: whether an operator has a right operand depends on what follows it.
    On its left stands an operand or another operator, which then is the one without operand;
    only at the start of a group is there nothing.
    """
    following = CLOSE
    for at in range(len(tokens) - 1, -1, -1):
        kind = tokens[at].kind
        if kind in OPERATORS:
            first = at == 0 or tokens[at - 1].kind == OPEN
            if following in (AND, OR, CLOSE) or (first and kind != NOT):
                tokens[at] = Token(LEAF, leaf=Term(kind.lower()))
        following = tokens[at].kind
    return tokens
