"""The syntax of a query: its text as tokens in which every operator has its operands.

Nothing here fails. A sign, quote, parenthesis or operator that has no meaning where it stands
is text: it disappears if it holds no letter or digit, and is a word otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from heatseek.query.tree import Phrase, Prefix, Query, Term
from heatseek.schema import searchable_field

LEAF, OPEN, CLOSE = "leaf", "(", ")"
AND, OR, NOT = "AND", "OR", "NOT"
OPERATORS = (AND, OR, NOT)

_QUOTES = '"“”„‟«»＂'  # noqa: RUF001 - typographic ones are what people paste
# A quote right after a letter or digit belongs to the word (12"), others begin a phrase.
_LEXEME = re.compile(
    rf"""
      (?P<space> \s+ )
    | (?P<parenthesis> [()] )
    | (?P<phrase> [{_QUOTES}] [^{_QUOTES}]* [{_QUOTES}] )
    | (?P<quote> [{_QUOTES}] )
    | (?P<sign> [-+]+ )
    | (?P<word> (?: [^\s(){_QUOTES}] | (?<= [^\W_] ) [{_QUOTES}] )+ )
    """,
    re.VERBOSE,
)
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(slots=True)
class Token:
    """A leaf, a parenthesis or an operator, with the sign and field written before it."""

    kind: str
    sign: str = ""
    field: str | None = None
    shape: type[Term | Phrase | Prefix] = Term
    text: str = ""

    def leaf(self, field: str | None) -> Query:
        """The leaf of the tree; `field` is that of the group around it."""
        return self.shape(self.text, self.field or field)


def tokenize(text: str) -> list[Token]:
    """The tokens of a query text: parentheses balanced, no group empty, no operator stray."""
    return _settle_operators(_balance(_Scanner(_UNPRINTABLE.sub(" ", text)).scan()))


class _Scanner:
    """Reads lexemes, keeping a sign and a field until the lexeme that follows them directly."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[Token] = []
        self._sign = ""
        self._field = ""

    def scan(self) -> list[Token]:
        for found in _LEXEME.finditer(self._text):
            lexeme = found[0]
            match found.lastgroup:
                case "space":
                    self._drop_pending()
                case "parenthesis":
                    self._parenthesis(lexeme)
                case "phrase":
                    self._leaf(Phrase, " ".join(lexeme[1:-1].split()))
                case "sign":
                    self._signs(lexeme, found.start())
                case "word":
                    self._word(lexeme.rstrip(_QUOTES))
        self._drop_pending()
        return self._tokens

    def _signs(self, signs: str, start: int) -> None:
        """`-` and `+` mean something alone, at the start of a word; `--x` and `a - b` don't."""
        before = self._text[start - 1] if start else " "
        if len(signs) == 1 and (before.isspace() or before in "()"):
            self._sign = signs

    def _parenthesis(self, kind: str) -> None:
        if kind == CLOSE:
            self._drop_pending()
        self._add(Token(kind))

    def _word(self, word: str) -> None:
        if word in OPERATORS and not (self._sign or self._field):
            self._add(Token(word))
            return
        name, colon, value = word.partition(":")
        if colon and searchable_field(name):
            value = value.lstrip("-+")
            if not value:
                self._field = word
                return
            if _LETTER_OR_DIGIT.search(value):
                self._field, word = name, value
        self._text_leaf(word)

    def _text_leaf(self, word: str) -> None:
        if word.find("*") == len(word) - 1:
            self._leaf(Prefix, word[:-1])
        else:
            # As a word an operator is lower-case, so that it prints as what it is.
            self._leaf(Term, word.lower() if word in OPERATORS else word)

    def _leaf(self, shape: type[Term | Phrase | Prefix], text: str) -> None:
        if _LETTER_OR_DIGIT.search(text):
            self._add(Token(LEAF, shape=shape, text=text))
        else:
            self._sign = self._field = ""

    def _add(self, token: Token) -> None:
        token.sign = self._sign
        token.field = searchable_field(self._field.partition(":")[0])
        self._sign = self._field = ""
        self._tokens.append(token)

    def _drop_pending(self) -> None:
        """Nothing follows directly: a sign is noise, and a field's name a word like any other."""
        word, self._field = self._field, ""
        if word:
            self._leaf(Term, word)
        self._sign = ""


def _balance(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without parentheses that have no partner or nothing between them."""
    kept: list[Token] = []
    opened: list[int] = []
    for token in tokens:
        if token.kind == CLOSE:
            if not opened:
                continue
            start = opened.pop()
            if start == len(kept) - 1:
                kept.pop()
                continue
        elif token.kind == OPEN:
            opened.append(len(kept))
        kept.append(token)
    unclosed = set(opened)
    return [token for at, token in enumerate(kept) if at not in unclosed]


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
                tokens[at] = Token(LEAF, text=kind.lower())
        following = tokens[at].kind
    return tokens
