"""Bodies of each kind of file, from the archive to the passage of a hit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heatseek import open_index, rebuild
from heatseek.engines.whoosh import segment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from heatseek import Index

FILES = {
    "loom.mdx": """
import Shuttle from './gannet'

export const dye = {colour: 'gannet'}

A **linen** warp. {/* the gannet is secret */}
""",
    "vat.html": "<head><title>gannet</title></head><p>A <b>li</b>nen</p><script>gannet</script>",
    "notes.txt": "linen, *unwashed* {{ gannet }}",
    "long.md": f"{'plain words ' * 20_000}\n\na gannet above the linen\n\n{'more words ' * 20_000}",
    "rope.md": "```yaml\nlinen: {{ gannet }}\n```\n\n> [!gannet]\n> {{< gannet >}}",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder: Path = tmp_path_factory.mktemp("bodies")
    archive = folder / "archive"
    archive.mkdir()
    for name, body in FILES.items():
        (archive / name).write_text(f"---\ntitle: About <{name[0]}>\n---\n{body}")
    rebuild(archive, folder / "index")
    with open_index(folder / "index") as opened:
        yield opened


def test_words_of_every_kind_of_file_are_found(index: Index) -> None:
    assert {hit.article.id for hit in index.search("linen")} == set(FILES)


def test_markup_is_not_found(index: Index) -> None:
    assert {hit.article.id for hit in index.search("gannet")} == {"notes.txt", "long.md", "rope.md"}
    assert not index.search("strong OR script OR export")


def test_a_tag_in_a_title_is_a_word_of_it(index: Index) -> None:
    titles = {hit.title for hit in index.search("linen")}
    assert titles == {f"About <{name[0]}>" for name in FILES}


def test_a_match_far_in_a_body_is_shown(index: Index) -> None:
    snippets = [hit.snippet for hit in index.search("linen", snippet_length=60)]
    assert any("above the linen more words" in " ".join(each.split()) for each in snippets)


def test_a_body_that_was_read_stays_with_who_asked_for_it(index: Index) -> None:
    first, again = index.get("long.md"), index.get("long.md")
    assert first
    assert len(first.body) > 400_000
    assert again is not first
    assert again == first


def test_articles_are_the_same_with_room_for_none_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    for name in "abc":
        (archive / f"{name}.md").write_text(f"---\ntitle: Loom {name}\n---\n")
    rebuild(archive, tmp_path / "index")
    monkeypatch.setattr(segment, "MOST_KEPT", 2_000)
    with open_index(tmp_path / "index") as small:
        for _ in range(2):
            assert [hit.title for hit in small.search("loom")] == ["Loom a", "Loom b", "Loom c"]
