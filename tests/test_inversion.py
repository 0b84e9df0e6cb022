"""Articles inverted by the block: the same index whatever the blocks; the words of queries."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from array import array
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heatseek.article import Article
from heatseek.engines import load
from heatseek.engines.shared import analysis, pieces
from heatseek.engines.shared.fields import TERMS
from heatseek.engines.shared.pieces import Numbered
from heatseek.engines.whoosh import parts, records, segments
from heatseek.engines.whoosh.sections import SectionFile
from heatseek.engines.whoosh.vocabulary import Vocabulary
from heatseek.schema import DeclaredField, FieldKind
from heatseek.text import words as text_words
from heatseek.text.languages import ENGLISH
from heatseek.text.scripts import is_mark, is_unspaced
from heatseek.text.sign_classes import has_usual_signs, is_classed, sign_classes
from heatseek.text.tokens import forms, written_words
from heatseek.text.word_forms import forms_of_words
from heatseek.text.words import BREAK, words_of_text
from indexes import fill
from strategies import archives

FIELDS = (
    DeclaredField("note", FieldKind.TEXT),
    DeclaredField("kind_of", FieldKind.KEYWORD, facet=True),
    DeclaredField("price", FieldKind.NUMBER),
)
SIGNS = [
    *"aZéß1,#.+-'&_ \n\"/(²٣",
    *(".net", "ASP.NET", "1,234", "C++", "f#", "\u2019", "e\u0301", "้ำ", "日本", "אב", "\u200d"),
    *("\ufe0f", "\u2029", "\x85", "·", "\uff0e", "😀", "don't", "e-mail", "v2.0.1", "\u3007"),
    *("ʰ", "Ա\u055c", "ខ្ម", "ကျွ", "가", "\u1161", "ｶﾞ", "・", "ー", "๓", "\U0001e130", "\U00020000"),
    *("カ", "カ\u3099", "\u3000"),
]


def sections(articles: list[Article], root: Path) -> list[dict[str, bytes]]:
    """The files of all segments, section by section."""
    fill(load(root), articles, fields=FIELDS)
    paths = sorted((*root.rglob("*.trm"), *root.rglob("*.doc")), key=lambda path: path.suffix)
    files = [SectionFile(str(path)) for path in paths]
    return [{name: bytes(file.section(name)) for name in file} for file in files]


def with_fields(articles: list[Article]) -> list[Article]:
    for number, article in enumerate(articles[::2]):
        extra = (("note", f"{article.title} again"), ("kind_of", ("New", "new")), ("price", number))
        articles[2 * number] = Article(article.id, article.title, article.excerpt, extra=extra)
    return articles


@settings(max_examples=15)
@given(archives().map(with_fields), st.integers(1, 40), st.integers(1, 20))
def test_blocks_of_any_size_give_the_same_index(
    archive: list[Article], words: int, postings: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        expected = sections(archive, Path(folder) / "at once")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(analysis, "BATCH", 20 * words)
            patch.setattr(parts, "BLOCK", words)
            patch.setattr(records, "AT_ONCE", postings)
            assert sections(archive, Path(folder) / "by the block") == expected


def test_words_that_are_forgotten_are_learned_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = [Article(f"{n}.md", f"Solar grids {n % 7}", "solar Énergie") for n in range(20)]
    expected = sections(archive, tmp_path / "remembered")
    monkeypatch.setattr(analysis, "BATCH", 1)
    monkeypatch.setattr(parts, "BLOCK", 5)
    monkeypatch.setattr("heatseek.engines.shared.lexicon.MOST_BYTES", 1_000)
    assert sections(archive, tmp_path / "forgotten") == expected


def test_labels_of_one_article_are_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "BLOCK", 1)
    monkeypatch.setattr(analysis, "BATCH", 1)
    maker = parts.PartMaker((), ENGLISH)

    def remembered(number: int) -> tuple[int, list[bytes]]:
        part = maker.add(Article("a.md", "Solar", url=f"https://example.com/{number}"))
        assert part
        return len(maker._lexicon.names), part.terms

    (before, _), *_, (after, terms) = map(remembered, range(5))
    assert after == before
    assert b"/example/com/4/\0" in terms


@given(st.lists(st.integers(0, 9)))
def test_links_that_many_have_are_found_in_either_way(links: list[int]) -> None:
    expected = {link for link in links if link and links.count(link) > 1}
    for most in (0, len(links) + 1):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(segments, "_MANY", most)
            assert segments._repeated(array("I", links)) == expected


BODIES = ["solar", "solar wind solar", "grid " * 300 + "solar", "x " * 70_000 + "solar grid"]
BODY = 4
"""The number of the field."""


@pytest.mark.parametrize("at_once", [1, 1_000_000])
def test_widths_of_counts_and_positions(
    at_once: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One position or many, up to 255 of them or more, below 65,536 or above."""
    monkeypatch.setattr(analysis, "BATCH", at_once)
    monkeypatch.setattr(parts, "BLOCK", at_once)
    monkeypatch.setattr(records, "AT_ONCE", at_once)
    fill(load(tmp_path), [Article(f"{n}.md", "", body=body) for n, body in enumerate(BODIES)])
    (path,) = tmp_path.rglob("*.trm")
    vocabulary = Vocabulary(SectionFile(str(path)), TERMS, len(BODIES), has_positions=True)
    assert places(vocabulary, "solar") == ([0, 1, 2, 3], [1, 2, 1, 1], [0, 0, 2, 300, 70_000])
    assert places(vocabulary, "grid") == ([2, 3], [300, 1], [*range(300), 70_001])
    assert places(vocabulary, "wind") == ([1], [1], [1])
    assert places(vocabulary, "x") == ([3], [70_000], [*range(70_000)])


def places(vocabulary: Vocabulary, term: str) -> tuple[list[int], list[int], list[int]]:
    """Documents, counts and positions of a term in bodies."""
    postings = vocabulary.find(term)
    assert postings is not None
    body = postings.in_field(BODY)
    assert body is not None
    positions = [at for own in postings.places(BODY).values() for at in body.positions[own]]
    return list(postings.documents_of(BODY)), list(body.counts), positions


TEXTS = st.lists(st.sampled_from(SIGNS), max_size=24).map("".join) | st.text(max_size=40)


@pytest.mark.parametrize("few", [0, 1_000])
@given(st.lists(TEXTS, max_size=4))
def test_words_of_texts_are_those_of_queries(few: int, texts: list[str]) -> None:
    expected = list(map(written_words, texts))
    assert list(map(words_of_text, texts)) == expected
    words = Numbered()
    assert words[BREAK] == 0
    known = pieces.Pieces(words)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_words, "_FEW", few)
        patch.setattr(pieces, "_LONGEST", 5)
        for several in (texts, texts[::-1]):  # pieces are new, then known or forgotten
            numbers, counts = known.words_of(several)
            found = map(list(words).__getitem__, numbers.tolist())
            assert [list(islice(found, count)) for count in counts.tolist()] == expected
            expected.reverse()
            assert list(found) == []


@given(st.lists(st.lists(st.sampled_from(SIGNS), max_size=7).map("".join) | st.text(max_size=7)))
def test_forms_of_many_words_are_those_of_each(texts: list[str]) -> None:
    words = [*words_of_text(" ".join(texts)), "é" * 600, "x-" + "y" * 70, "x." * 400 + "1"]
    found = forms_of_words(words)
    folded, accented = iter(found.folded), iter(found.accented)
    for word, *counts in zip(words, found.variants, found.parts, found.accents, strict=True):
        expected = forms(word)
        assert tuple(islice(folded, counts[0])) == expected.variants
        assert tuple(islice(folded, counts[1])) == expected.parts
        assert tuple(islice(accented, counts[2])) == expected.accented
    assert [*folded, *accented] == []


def test_signs_are_of_the_classes_that_single_ones_are_told_by() -> None:
    """Of the first plane; beyond it those that pass for usual."""
    signs = [chr(code) for code in range(0x20000) if not 0xD800 <= code < 0xE000]
    classes = sign_classes()
    for expression, is_one in ((classes.marks, is_mark), (classes.unspaced, is_unspaced)):
        assert re.findall(f"[{expression}]", "".join(signs[:63_488])) == [
            *filter(is_one, signs[:63_488])
        ]
    usual = [*filter(has_usual_signs, signs)]
    assert len(usual) > 5_000
    assert not any(is_mark(sign) or is_unspaced(sign) for sign in usual)
    assert not is_classed("\U00020000")


@pytest.mark.parametrize("threads", [True, False])
def test_numpy_is_imported_without_a_trace_in_the_environment(threads: bool) -> None:
    program = f"""
import os, sys
from heatseek.engines.shared.numpy_import import import_numpy
before = dict(os.environ)
import_numpy(threads={threads})
assert "numpy" in sys.modules and before == os.environ
"""
    subprocess.run([sys.executable, "-c", program], check=True)
