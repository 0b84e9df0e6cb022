"""YAML as plain data in which every scalar is the text that was typed.

`title: 1.10` is "1.10" and `title: NO` is "NO": what a value means is for the normaliser to
say. PyYAML composes the tree of nodes; the data is built here instead of by its
constructors, which is nearly twice as fast and lets aliases be counted while they expand.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from heatseek.ingest.problem import FormatError, ProblemKind, without_quotations

if TYPE_CHECKING:
    _Base = yaml.SafeLoader
else:
    _Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MAX_DEPTH = 100
"""Levels of nesting."""
MAX_EXPANSION = 1_000_000
"""Characters that aliases may add to those that were typed; each node counts as ten."""
MAX_SIGNS = 200_000
"""Signs in a text before which, or behind, a node can stand; each node takes 300 bytes."""

_PREFIX = "tag:yaml.org,2002:"
_NULL, _MERGE, _STR = f"{_PREFIX}null", f"{_PREFIX}merge", f"{_PREFIX}str"
_SEQ, _MAP = f"{_PREFIX}seq", f"{_PREFIX}map"
NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_SPECIAL = {**dict.fromkeys(NULLS, _NULL), "<<": _MERGE}
_TEXT_TAGS = {f"{_PREFIX}{name}" for name in ("str", "int", "float", "bool", "timestamp", "merge")}

_PARSERS_DEPTH = "exceeded maximum nesting depth"
"""Of newer parsers, which have a bound of their own."""
_WIDE = "while parsing a block"
"""Parts of the parser's message on a whole mapping or list, of which one line is at fault."""
_NODE = 10
_SIGNS = ",:-?[{\n"
_SECURED = "secured"

_INDENTED = re.compile(r"^[ \t?:-]{50}", re.MULTILINE)
"""Each level of block nesting moves at least half a column to the right."""
_SIGN = re.compile(r"""(["'`])([^\w\s"'`])\1""")
"""A single sign in quotes, as in "expected ',' or ']'": the parser's own words."""
_BACKSLASH = r"a \ in double quotes: write \\ for one, or use single quotes"
_HINTS = {
    "mapping values are not allowed in this context": "a text with `: ` in it needs quotes",
    "could not find expected :": "a key needs `: ` behind it",
    "did not find expected key": "check the quotes and the indentation here and just above",
    "found character that cannot start any token": "a text that begins so needs quotes",
    "found undefined alias": "a text that begins with * needs quotes",
    "did not find expected alphabetic or numeric character": (
        "a text that begins with * or & needs quotes"
    ),
    "did not find expected node content": "a text that begins with such a sign needs quotes",
    "found unexpected end of stream": "a quote is not closed",
    "did not find expected , or ]": "a bracket is not closed, or a text begins with [",
    "did not find expected , or }": "a brace is not closed, or a text begins with {",
    "did not find expected comment or line break": "a text that begins with > or | needs quotes",
    "block sequence entries are not allowed in this context": (
        "a text that begins with `- ` needs quotes"
    ),
    "found unknown escape character": _BACKSLASH,
    "did not find expected hexdecimal number": _BACKSLASH,
}


class _Loader(_Base):
    """Resolves plain scalars to null, merge or text, and counts nodes."""

    nodes = 0

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> str:
        self.nodes += 1
        if kind is yaml.ScalarNode:
            return _SPECIAL.get(value, _STR) if implicit[0] else _STR
        return _MAP if kind is yaml.MappingNode else _SEQ


def load_yaml(text: str) -> Any:
    """The data of one YAML document: dicts, lists, texts and None.

    Raises:
        FormatError: not YAML, or YAML that asks for more than data: tags, alias bombs, depth.
    """
    try:
        check_size(text)
        _check_depth(text)
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
        finally:
            loader.dispose()
        if root is None:
            return None
        # Only aliases bring what is secured to another place.
        secured = _secured(root) if "*" in text and "&" in text else frozenset()
        return _Builder(_NODE * loader.nodes + len(text), secured).build(root)
    except yaml.MarkedYAMLError as error:
        if error.problem == _PARSERS_DEPTH:
            raise _too_deep(_index(error)) from None
        raise _told(error) from None
    except yaml.YAMLError:
        raise FormatError("not readable as YAML", 0) from None
    except RecursionError:
        raise _too_deep(0) from None


def check_size(text: str) -> None:
    """Refuse more nodes than fit into memory, by a bound that costs nothing.

    Raises:
        FormatError: the text may have more.
    """
    if len(text) > MAX_SIGNS and sum(map(text.count, _SIGNS)) > MAX_SIGNS:
        reason = f"front matter of more than {MAX_SIGNS:,} values"
        raise FormatError(reason, 0, ProblemKind.TOO_LARGE)


def _secured(root: Any) -> frozenset[int]:
    """The aliased nodes, by their place in memory, that stand at or below a key `secured`.

    A node stands where its anchor does: where it comes first.
    """
    places: dict[int, bool] = {}
    aliased: set[int] = set()
    pending = [(root, False)]
    while pending:
        node, hidden = pending.pop()
        if id(node) in places:
            aliased.add(id(node))
            continue
        places[id(node)] = hidden
        if node.__class__ is yaml.MappingNode:
            for key, value in reversed(node.value):
                pending += ((value, hidden or _is_secured(key)), (key, hidden))
        elif node.__class__ is yaml.SequenceNode:
            pending += ((child, hidden) for child in reversed(node.value))
    return frozenset(place for place in aliased if places[place])


def _is_secured(key: Any) -> bool:
    return key.__class__ is yaml.ScalarNode and key.value.strip().casefold() == _SECURED


def _check_depth(text: str) -> None:
    """Refuse nesting on which composing would overflow the C stack.

    Events are exact but cost half as much as the parse: they are only asked where a bound
    on the depth, which costs nothing, does not settle it.
    """
    if text.count("[") + text.count("{") <= 4 * MAX_DEPTH and not _INDENTED.search(text):
        return
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise _too_deep(_position(event.start_mark))


class _Builder:
    """Nodes to data. An aliased node is built anew wherever it is used, within a budget.

    Args:
        typed: the size of the text without what aliases add, as `MAX_EXPANSION` counts.
        secured: nodes that are nothing.
    """

    def __init__(self, size: int, secured: frozenset[int]) -> None:
        self._left = size + MAX_EXPANSION
        self._secured = secured

    def build(self, node: Any, depth: int = 0) -> Any:
        kind = node.__class__
        self._left -= _NODE if kind is not yaml.ScalarNode else _NODE + len(node.value)
        if self._left < 0:
            reason = f"aliases add more than {MAX_EXPANSION:,} characters"
            raise FormatError(reason, node.start_mark.index, ProblemKind.ALIAS_BOMB)
        if self._secured and id(node) in self._secured:
            return None
        if kind is yaml.ScalarNode:
            return _scalar(node)
        if depth == MAX_DEPTH:
            raise _too_deep(node.start_mark.index)
        if kind is yaml.MappingNode and node.tag == _MAP:
            return self._mapping(node, depth + 1)
        if kind is yaml.SequenceNode and node.tag == _SEQ:
            return [self.build(child, depth + 1) for child in node.value]
        raise _unknown_tag(node)

    def _mapping(self, node: Any, depth: int) -> dict[str | None, Any]:
        data: dict[str | None, Any] = {}
        merged: dict[str | None, Any] = {}
        for key, value in node.value:
            if key.__class__ is not yaml.ScalarNode:
                raise FormatError("a key must be text", key.start_mark.index)
            if key.tag == _MERGE:
                self._merge(value, depth, merged)
            elif not (self._secured and id(key) in self._secured):
                data[_scalar(key)] = self.build(value, depth)
        return merged | data if merged else data

    def _merge(self, node: Any, depth: int, into: dict[str | None, Any]) -> None:
        """Follow `<<: *base` or `<<: [*first, *second]`; of equal keys the first one wins."""
        value = self.build(node, depth)
        for source in value if isinstance(value, list) else [value]:
            if source is None and self._secured:
                continue
            if not isinstance(source, dict):
                raise FormatError("`<<` needs mappings to merge", node.start_mark.index)
            for key, item in source.items():
                into.setdefault(key, item)


def _scalar(node: Any) -> str | None:
    tag = node.tag
    if tag in _TEXT_TAGS:
        text: str = node.value
        return text
    if tag == _NULL:
        return None
    raise _unknown_tag(node)


def _unknown_tag(node: Any) -> FormatError:
    return FormatError("tags (`!...`) are not supported", node.start_mark.index)


def _too_deep(index: int) -> FormatError:
    reason = f"nested deeper than {MAX_DEPTH} levels, or an alias contains itself"
    return FormatError(reason, index, ProblemKind.TOO_DEEP)


def _told(error: yaml.MarkedYAMLError) -> FormatError:
    """PyYAML's words without its quotations, which may be text of the file."""
    said = _SIGN.sub(r"\2", error.problem or "not readable as YAML")
    problem = " ".join(without_quotations(said).split())
    hint = _HINTS.get(problem, "")
    reason = f"{problem} ({hint})" if hint else problem
    return FormatError(reason, _index(error), begin=_begin(error), advice=hint)


def _index(error: yaml.MarkedYAMLError) -> int:
    return _position(error.problem_mark or error.context_mark)


def _begin(error: yaml.MarkedYAMLError) -> int:
    """Where a quote, a bracket or a word begins that the parser could not read to its end."""
    is_narrow = error.context_mark and not (error.context or "").startswith(_WIDE)
    return _position(error.context_mark) if is_narrow else _index(error)


def _position(mark: Any) -> int:
    return mark.index if mark else 0
