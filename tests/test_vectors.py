"""Vectors of articles: rounded rows, the nearest of them, and the two kinds that make them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from encoders import make_encoder
from heatseek.article import Article
from heatseek.errors import SemanticError
from heatseek.text.languages import ENGLISH
from heatseek.vectors import encoder as encoders
from heatseek.vectors import lsa, table
from heatseek.vectors.encoder import SentenceEncoder, fingerprint
from heatseek.vectors.lsa import Analysis, Counts
from heatseek.vectors.table import Rows, Table

VALUES = {"model": ""}
numbers = st.floats(-1e3, 1e3, width=32)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5)
tables = st.integers(1, 5).flatmap(
    lambda size: st.dictionaries(
        names, st.lists(numbers, min_size=size, max_size=size), min_size=1, max_size=20
    )
)


def table_of(vectors: dict[str, list[float]]) -> Table:
    return Table.of(list(vectors), Rows.of(np.array(list(vectors.values()), np.float32)), VALUES)


@given(tables)
def test_a_vector_comes_back_but_for_half_a_step_of_its_greatest_number(
    vectors: dict[str, list[float]],
) -> None:
    loaded = Table.load(memoryview(table_of(vectors).dump()))
    for name, vector in vectors.items():
        step = max(map(abs, vector)) / 127
        found = loaded.vector(name)
        assert found is not None
        assert np.abs(found - np.array(vector, np.float32)).max() <= step / 2 * 1.001 + 1e-30
    assert loaded.vector("there is none of this name") is None


@given(tables, st.integers(1, 25), st.integers(1, 4))
def test_the_nearest_are_those_of_all_whatever_the_block(
    vectors: dict[str, list[float]], count: int, block: int
) -> None:
    made = table_of(vectors)
    query = np.ones(made.dimensions, np.float32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "_BLOCK", block)
        cosines = made.cosines(query)
        found = made.nearest(cosines, count)
    by_name = {
        name: float((made.rows.vectors()[made.place(name)] * query).sum()) for name in vectors
    }
    assert [each.cosine for each in found] == pytest.approx(
        sorted((c for c in by_name.values() if c > 0), reverse=True)[:count], rel=1e-4, abs=1e-3
    )
    keys = [(-each.cosine, each.id.encode()) for each in found]
    assert keys == sorted(keys)


@given(tables, st.randoms())
def test_tables_of_the_same_articles_are_the_same_bytes(
    vectors: dict[str, list[float]], random: np.random.Generator
) -> None:
    shuffled = list(vectors.items())
    random.shuffle(shuffled)
    assert table_of(dict(shuffled)).dump() == table_of(vectors).dump()


@settings(max_examples=50)
@given(tables, st.data())
def test_bytes_that_are_no_table_are_refused_and_never_read_beyond(
    vectors: dict[str, list[float]], data: st.DataObject
) -> None:
    whole = bytearray(table_of(vectors).dump())
    end = data.draw(st.integers(0, len(whole) - 65))
    with pytest.raises((ValueError, TypeError, LookupError)):
        Table.load(memoryview(bytes(whole[:end]).ljust(16, b"\0")))


SEA = "sailing boats cross the waves of the ocean"
MONEY = "banks lend money and loans earn interest"


def archive() -> list[Article]:
    texts = [SEA, f"the ocean has waves; {SEA}", MONEY, f"interest on loans: {MONEY}"]
    texts += [f"gardens and roses, number {n}" for n in range(4)]
    return [Article(f"{n}.md", text) for n, text in enumerate(texts)]


def counted(articles: list[Article]) -> Counts:
    counts = Counts(ENGLISH)
    for article in articles:
        counts.add(article)
    return counts


def test_words_of_the_same_articles_are_near_without_being_in_the_same() -> None:
    counts = counted(archive())
    analysis = counts.fit()
    made = Table.of(counts.ids, counts.rows(analysis), VALUES)
    near = made.nearest(made.cosines(analysis.of_text("boats")), 3)
    assert {each.id for each in near[:2]} == {"0.md", "1.md"}
    assert not analysis.of_text("xylophone").any()


def test_an_analysis_folds_in_what_it_was_not_fitted_to_and_comes_back_whole() -> None:
    counts = counted(archive())
    analysis = Analysis.load(memoryview(counts.fit().dump()), ENGLISH)
    again = counts.rows(analysis).vectors()
    whole = analysis.of_articles(archive())
    assert np.abs(again - whole).max() < 0.01
    new = analysis.of_articles([Article("new.md", "waves")])[0]
    assert new @ whole[0] > 0.5
    assert abs(new @ whole[2]) < 0.3
    assert counted(archive()).fit().dump() == counts.fit().dump()


@pytest.mark.parametrize(
    "articles", [[], archive()[:1], [Article("a.md", "—"), Article("b.md", "7")]]
)
def test_where_no_two_articles_share_a_word_nothing_is_near(articles: list[Article]) -> None:
    counts = counted(articles)
    analysis = Analysis.load(memoryview(counts.fit().dump()), ENGLISH)
    assert not counts.rows(analysis).vectors().any()
    assert not analysis.of_text("ocean").any()


def test_of_many_articles_some_at_even_distances_are_fitted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lsa, "MOST_FITTED", 4)
    counts = counted(archive())
    assert counts.fit().of_text("roses").any()
    assert len(counts.rows(counts.fit()).scales) == len(archive())


def test_an_encoder_gives_the_mean_of_the_pieces_whatever_stands_beside(tmp_path: Path) -> None:
    encoder = SentenceEncoder(str(make_encoder(tmp_path)))
    sea, both, money = encoder.of_text("Sea"), encoder.of_text("sea bank"), encoder.of_text("bank")
    assert np.linalg.norm([sea, both, money], axis=1) == pytest.approx([1, 1, 1])
    assert (sea @ both, sea @ money) == pytest.approx((0.71, 0.01), abs=0.01)
    long = Article("b.md", "ocean", excerpt="waves " * 300)
    together = encoder.of_articles([Article("a.md", "sea"), long, Article("c.md", "bank")])
    for row, text in zip(together, ("sea", "ocean waves", "bank"), strict=True):
        assert row == pytest.approx(encoder.of_text(text), abs=1e-5)


def test_a_model_that_gives_one_vector_a_text_is_taken_at_its_word(tmp_path: Path) -> None:
    folder = make_encoder(tmp_path, is_pooled=True, inputs=["input_ids"])
    encoder = SentenceEncoder(str(folder))
    assert encoder.of_text("bank sea") == pytest.approx(encoder.of_text("bank"))


def test_a_model_that_cannot_be_used_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases: dict[str, tuple[Path, str]] = {
        "missing": (tmp_path / "nowhere", "has no model.onnx: a sentence encoder is a folder with"),
        "no tokenizer": (make_encoder(tmp_path / "half"), "has no tokenizer.json"),
        "no model": (make_encoder(tmp_path / "text"), "cannot be used: "),
        "no words": (make_encoder(tmp_path / "words"), "cannot be used: "),
        "images": (
            make_encoder(tmp_path / "images", inputs=["pixels"]),
            "it takes pixels, not ",
        ),
        "wide": (
            make_encoder(tmp_path / "wide", dimensions=table.MOST_DIMENSIONS + 1),
            "its vectors have 4,097 numbers, not 1 to 4,096",
        ),
    }
    (tmp_path / "half" / "tokenizer.json").unlink()
    (tmp_path / "text" / "model.onnx").write_text("no model")
    (tmp_path / "words" / "tokenizer.json").write_text("{}")
    for name, (folder, reason) in cases.items():
        with pytest.raises(SemanticError) as caught:
            SentenceEncoder(str(folder))
        assert reason in str(caught.value), name
        assert "\n" not in str(caught.value), name
    monkeypatch.setattr(encoders, "MOST_MODEL", 10)
    with pytest.raises(SemanticError, match=r"too large: .* bytes, more than 10"):
        SentenceEncoder(str(make_encoder(tmp_path / "large")))


def test_a_fingerprint_tells_models_apart(tmp_path: Path) -> None:
    one, same = make_encoder(tmp_path / "one"), make_encoder(tmp_path / "same")
    other = make_encoder(tmp_path / "other", dimensions=5)
    assert fingerprint(str(one)) == fingerprint(str(same)) != fingerprint(str(other))
