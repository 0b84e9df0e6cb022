"""Documents for a cluster have the words of articles as the analysis of queries gives them."""

from __future__ import annotations

import json
import pickle

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from heatseek.article import Article, Kind
from heatseek.engines.opensearch.documents import DocumentMaker
from heatseek.engines.opensearch.stored import article_of, document_id
from heatseek.text.languages import ENGLISH, Analyzer
from heatseek.text.nfc import nfc
from heatseek.text.tokens import tokenize
from strategies import WORDS, archives

MAKER = DocumentMaker((), ENGLISH)
ANALYZER = Analyzer(ENGLISH)
SIGNS = [
    *"aZ9,.'-+#& \n\t\u00a0\u0301éß机学ข้า\"א״",
    *WORDS,
    *("C#", ".NET", "(net)", "1,000", "“x”"),
]
texts = st.lists(st.sampled_from([*SIGNS, *[" "] * 20]), max_size=20).map("".join).map(nfc)
long_texts = st.lists(texts, max_size=3).map((" https://example.com/" + "a/" * 30).join)


def analysed(text: str) -> list[str]:
    """What stands at each position."""
    found = []
    for token in tokenize(text):
        first, *others = map(ANALYZER.stem, token.forms.parts)
        variants = map(ANALYZER.stem, token.forms.variants)
        found += ["|".join(dict.fromkeys([first, *variants])), *others]
    return found


@settings(max_examples=100)
@given(texts | long_texts)
@example(" https://example.com/" + "a/" * 30 + "\u673a\u5668++")
def test_a_document_has_the_words_of_a_text(text: str) -> None:
    document = json.loads(MAKER.source(Article("a.md", "", body=text)))
    parts = [part for token in tokenize(text) for part in token.forms.parts]
    assert document.get("body", "").split() == analysed(text)
    length = sum(not ANALYZER.is_stopword(part) for part in parts)
    assert document.get("length_body", 0) == max(length, bool(parts))
    forms = {
        form for token in tokenize(text) for form in (*token.forms.parts, *token.forms.variants)
    }
    assert set(document.get("written", "").split()) == forms
    changed = {form for form in forms if ANALYZER.stem(form) != form}
    assert set(document.get("words_body", "").split()) == changed
    accented = {word for token in tokenize(text) for word in token.forms.accented}
    assert set(document.get("accented", "").split()) == {f"4{word}" for word in accented}


@settings(max_examples=10)
@given(archives())
def test_an_article_comes_back_as_it_was(archive: list[Article]) -> None:
    maker = pickle.loads(pickle.dumps(MAKER))  # noqa: S301 - our own
    for article in archive:
        assert article_of({"_source": json.loads(maker.source(article))}) == article


def test_every_article_has_a_name_of_its_own_that_the_server_takes() -> None:
    ids = ["a.md", "x" * 512, "x" * 513, "x" * 514, "ä" * 300, "a\nb.md", "a\udc80.md"]
    names = list(map(document_id, ids))
    assert len(set(names)) == len(ids)
    assert names[:2] == ids[:2]
    assert all(0 < len(name.encode()) <= 512 for name in names)


@pytest.mark.parametrize("kind", Kind)
def test_only_articles_with_a_file_have_a_path(kind: Kind) -> None:
    document = json.loads(MAKER.source(Article("Ü/b.md", "x", kind=kind)))
    assert document.get("path") == (None if kind is Kind.RELATED else "u/b.md")
