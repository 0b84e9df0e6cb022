"""The language that an index is built for, from the configuration to the hits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from whoosh.lang.stopwords import stoplists

import heatseek
from cli_runs import make_archive, run
from heatseek.engines import load
from heatseek.errors import IndexOutdatedError, UsageError
from heatseek.text.languages import Analyzer, Language, stemmers, stopwords
from heatseek.text.tokens import fold
from indexes import fill

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GERMAN = Language("german")
ARTICLES = {
    "haus.md": "Die Häuser am Fluss",
    "boot.md": "Ein Boot auf dem Flusse und die Reise",
    "neu.md": "новый дом, нового дома",
    "the.md": "The house and the boat",
}


def archive(folder: Path) -> Path:
    seeds = folder / "seeds"
    seeds.mkdir()
    for name, title in ARTICLES.items():
        (seeds / name).write_text(f"---\ntitle: {title}\n---\n", "utf-8")
    return seeds


@pytest.fixture
def built(tmp_path: Path) -> Callable[..., Callable[[str], list[str]]]:
    """Builds an index for a language; gives what finds articles in it."""
    seeds = archive(tmp_path)

    def build(language: Language) -> Callable[[str], list[str]]:
        heatseek.rebuild(seeds, tmp_path / "index", language=language)

        def find(query: str) -> list[str]:
            with heatseek.open_index(tmp_path / "index") as index:
                assert language == index.generation.language
                return sorted(hit.article.id for hit in index.search(query))

        return find

    return build


def test_the_lists_are_those_of_snowball() -> None:
    codes = dict(
        pair.split("=")
        for pair in (
            "da=danish de=german es=spanish fi=finnish fr=french hu=hungarian it=italian "
            "nl=dutch no=norwegian pt=portuguese ru=russian sv=swedish tr=turkish"
        ).split()
    )
    for code, words in stoplists.items():
        expected = frozenset(map(fold, words))
        if code == "en":  # ours has more, but no single letters of contractions
            assert expected - {"s", "t"} < stopwords("english")
        else:
            assert expected == stopwords(codes[code])
    with_a_list = {name for name in stemmers() if stopwords(name)}
    assert {*codes.values(), "english", "porter"} == with_a_list


def test_function_words_are_those_of_the_language() -> None:
    german, unstemmed, plain = map(Analyzer, (GERMAN, Language("none"), Language(stopwords=False)))
    assert all(map(german.is_stopword, ("und", "fur", "wahrend")))
    assert not any(map(german.is_stopword, ("the", "article")))
    assert not german.is_request_word("article")
    for word in stopwords("english"):
        assert Analyzer().is_stopword(word)
        assert Analyzer(Language("porter")).is_stopword(word)
        assert not plain.is_stopword(word)
        assert not unstemmed.is_stopword(word)


def test_words_are_found_in_all_their_forms(
    built: Callable[..., Callable[[str], list[str]]],
) -> None:
    find = built(GERMAN)
    assert find("Haus") == ["haus.md"]
    assert find("die flüsse") == ["boot.md", "haus.md"]
    assert find("the boat") == ["the.md"]


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [("hindi", "किताबें", "किताब"), ("tamil", "மொழிகள்", "மொழி"), ("arabic", "الكِتاب", "كتاب")],
)
def test_words_with_marks_are_stemmed(language: str, one: str, other: str) -> None:
    analyzer = Analyzer(Language(language))
    assert analyzer.stem(fold(one)) == analyzer.stem(fold(other))


def test_endings_with_a_short_i_are_endings(
    built: Callable[..., Callable[[str], list[str]]],
) -> None:
    assert fold("Новый Ёж") == "новый еж"
    russian = Language("russian")
    assert Analyzer(russian).stem("новый") == Analyzer(russian).stem("нового")
    assert built(russian)("новые") == ["neu.md"]


def test_none_leaves_words_as_they_are(built: Callable[..., Callable[[str], list[str]]]) -> None:
    find = built(Language("none"))
    assert find("fluss") == ["haus.md"]
    assert find("HAUSER") == ["haus.md"]


def test_without_stopwords_every_word_is_asked_for(
    built: Callable[..., Callable[[str], list[str]]],
) -> None:
    assert built(Language("german", stopwords=False))("die boot")[0] == "boot.md"
    assert built(Language("english"))("the zzzzzz") == []
    assert built(Language("english", stopwords=False))("the zzzzzz") == ["the.md"]


def test_an_update_keeps_the_language_or_changes_all(tmp_path: Path) -> None:
    seeds, index = archive(tmp_path), tmp_path / "index"
    heatseek.rebuild(seeds, index, language=GERMAN)
    (seeds / "dach.md").write_text("---\ntitle: Dächer der Häuser\n---\n", "utf-8")
    summary = heatseek.update(seeds, index)
    assert summary.changes is not None
    assert summary.generation.language == GERMAN
    with heatseek.open_index(index) as opened:
        assert len(opened.search("haus")) == 2
    summary = heatseek.update(seeds, index, language=Language())
    assert summary.changes is None
    assert summary.generation.language == Language()
    assert heatseek.update(seeds, index, language=Language()).changes is not None


def test_an_unknown_stemmer_changes_nothing(tmp_path: Path) -> None:
    seeds, index = archive(tmp_path), tmp_path / "index"
    heatseek.rebuild(seeds, index)
    with pytest.raises(UsageError, match="no stemmer 'klingon'; there are arabic, "):
        heatseek.rebuild(seeds, index, language=Language("klingon"))
    with heatseek.open_index(index) as opened:
        assert len(opened.search("house")) == 1


def test_an_index_for_a_stemmer_that_is_missing_here_wants_a_rebuild(tmp_path: Path) -> None:
    engine = load(tmp_path)
    fill(engine, [], language=Language("klingon"))
    with pytest.raises(IndexOutdatedError, match="a stemmer that is missing here, klingon"):
        engine.open()


def test_an_index_for_another_language_than_the_configured_one_is_told(tmp_path: Path) -> None:
    make_archive(tmp_path)
    config = tmp_path / "heatseek.toml"
    config.write_text('[language]\nstemmer = "german"\n')
    assert run("search", "weather", cwd=tmp_path).err.startswith("no index in index yet")
    assert run("search", "weather", cwd=tmp_path).err == ""

    config.write_text("[language]\nstopwords = false\n")
    told = "the index was built for german, not english without stopwords"
    assert run("search", "weather", cwd=tmp_path).err == (
        "the index is german, not english without stopwords: run heatseek update\n"
    )
    assert run("heatseek", "update", cwd=tmp_path).err.startswith(f"{told}: building it anew\n")
    assert run("search", "weather", cwd=tmp_path).err == ""

    # Nobody says any more what it is to be: it stays as it is.
    config.unlink()
    assert run("search", "weather", cwd=tmp_path).err == ""
    assert run("heatseek", "update", cwd=tmp_path).err.startswith("nothing changed: ")
    assert run("heatseek", "rebuild", cwd=tmp_path).code == 0
    with heatseek.open_index(tmp_path / "index") as index:
        assert index.generation.language == Language()
