"""In every language an engine gives what reading all articles gives."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from clusters import examples
from contract.test_exactness import check_reader
from heatseek.article import Article
from heatseek.engines.model import Request
from heatseek.query import tree
from heatseek.text.languages import Language
from indexes import change, fill
from oracle import Oracle
from strategies import EPOCH

if TYPE_CHECKING:
    from contract.conftest import Make

LANGUAGES = [
    Language("german"),
    Language("german", stopwords=False),
    Language("french"),
    Language("russian"),
    Language("turkish"),
    Language("esperanto"),
    Language("none"),
    Language("english", stopwords=False),
]
WORDS = (
    "Haus Häuser Häusern und die the l'année années été ёлка новый нового новые не "
    "ışık ışıklar ve bir e-mail laboras laboris houses"  # noqa: RUF001 - Turkish
).split()

texts = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
some_articles = st.lists(st.tuples(texts, texts), min_size=1, max_size=6).map(
    lambda pairs: [
        Article(f"{n}.md", title or "?", excerpt=excerpt)
        for n, (title, excerpt) in enumerate(pairs)
    ]
)
leaves = st.one_of(
    st.builds(tree.Term, st.sampled_from(WORDS)),
    st.builds(tree.Phrase, texts.filter(bool)),
    st.builds(tree.Prefix, st.sampled_from(["Häu", "нов", "ışı", "ann"])),
    st.builds(tree.Synonyms, st.lists(texts.filter(bool), min_size=1, max_size=3).map(tuple)),
)
queries = leaves | st.lists(leaves, min_size=1, max_size=3).map(tuple).map(tree.Any)


@settings(max_examples=examples(25))
@given(
    language=st.sampled_from(LANGUAGES),
    archive=some_articles,
    asked=st.lists(queries, min_size=3, max_size=6),
)
def test_hits_and_scores_equal_brute_force(
    make: Make, language: Language, archive: list[Article], asked: list[tree.Query]
) -> None:
    requests = [Request(query, EPOCH, explain=True) for query in asked]
    oracle = Oracle(archive, language=language)
    with tempfile.TemporaryDirectory() as folder:
        engine = make(Path(folder))
        fill(engine, archive[::2], language=language)
        change(engine, archive[1::2])
        for long_lived in (False, True):
            reader = engine.open(long_lived=long_lived)
            assert language == reader.generation.language
            check_reader(reader, oracle, requests)
