"""A folder that somebody else's program was fed with becomes a project by one command."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from cli_runs import run
from heatseek.config import load
from heatseek.ingest.program import PROGRAMS, program_of
from heatseek.lint.keys import MOST_FILES

if TYPE_CHECKING:
    from pathlib import Path


def made(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


BOATS = """---
title: Boats
created: 2023-03-14
tags: [sea, ice]
author: Jane Roe
draft: true
pier: 7
---
A quiet harbour.
"""


@pytest.fixture
def hugo(tmp_path: Path) -> Path:
    files = {
        "site/hugo.toml": "",
        "site/content/boats.md": BOATS,
        "site/content/rafts.md": BOATS.replace("Boats", "Rafts").replace("pier: 7", "pier: 8"),
        "site/README.md": "---\ntitle: About this site\n---\n",
    }
    return made(tmp_path, files)


def test_a_folder_becomes_a_project(hugo: Path) -> None:
    ran = run("heatseek", "init", "site", cwd=hugo)

    assert ran.code == 0
    said = ran.err.splitlines()
    assert said[:2] == ["site: 2 article files, written for Hugo", "wrote site/heatseek.toml"]
    assert said[2].startswith("indexed 2 articles")
    assert said[3:] == ["search it: in site, search WORDS"]
    found = run(
        "search", "harbour", "author:jane", "tag:ice", "--format", "paths", cwd=hugo / "site"
    )
    assert sorted(found.out.split()) == ["content/boats.md", "content/rafts.md"]


def test_folders_of_the_program_are_passed_over(tmp_path: Path) -> None:
    page = "---\ntitle: Page\n---\n"
    made(tmp_path, {"_config.yml": "", "a.md": page, "vendor/gem/b.md": page})
    run("heatseek", "init", cwd=tmp_path)
    assert 'exclude = ["/vendor/"]\n' in (tmp_path / "heatseek.toml").read_text()
    assert run("search", "page", "--format", "paths", cwd=tmp_path).out == "a.md\n"


def test_each_line_of_the_file_makes_sense(hugo: Path) -> None:
    run("heatseek", "init", "site", cwd=hugo)
    text = (hugo / "site/heatseek.toml").read_text()
    assert '# keys.date = ["created"]  # 2\n' in text
    assert '# fields.pier = { kind = "number" }  # 2\n' in text

    lines = [line.removeprefix("# ") for line in text.splitlines() if " = " in line]
    (hugo / "heatseek.toml").write_text("\n".join(lines))
    config = load(file=hugo / "heatseek.toml", environ={}, cwd=hugo)

    assert config.keys["date"] == ("created",)
    assert list(config.fields) == ["pier"]


def test_counts_are_of_the_files_that_were_looked_at(tmp_path: Path) -> None:
    for number in range(MOST_FILES + 2):
        (tmp_path / f"{number}.md").write_text("---\ntitle: Boat\n---\n")
    run("heatseek", "init", cwd=tmp_path)
    text = (tmp_path / "heatseek.toml").read_text()
    assert "in so many files of 501;" in text
    assert '# keys.title = ["title"]  # 501\n' in text


def test_a_flag_that_is_a_date_elsewhere_counts_as_what_it_is(tmp_path: Path) -> None:
    for name, value in (("a", "true"), ("b", "false"), ("c", "2023-03-14")):
        (tmp_path / f"{name}.md").write_text(f"---\ntitle: Boat\npublished: {value}\n---\n")
    run("heatseek", "init", cwd=tmp_path)
    text = (tmp_path / "heatseek.toml").read_text()
    assert '# keys.date = ["published"]  # 1\n' in text
    assert '# keys.published = ["published"]  # 2\n' in text


def test_a_file_that_is_there_is_left_alone(hugo: Path) -> None:
    (hugo / "site/heatseek.toml").write_text("limit = 3\n")
    ran = run("heatseek", "init", "site", cwd=hugo)
    assert (ran.code, ran.err) == (
        2,
        "init: site/heatseek.toml is there already: it is left as it is\n",
    )
    assert (hugo / "site/heatseek.toml").read_text() == "limit = 3\n"
    assert not (hugo / "site/.heatseek").exists()


def test_nothing_is_written_where_there_are_no_articles(tmp_path: Path) -> None:
    ran = run("heatseek", "init", cwd=tmp_path)
    assert (ran.code, ran.out) == (3, "")
    assert "no articles in" in ran.err
    assert list(tmp_path.iterdir()) == []
    assert run("heatseek", "init", "nowhere", cwd=tmp_path).code == 3


def test_a_folder_that_cannot_be_is_refused_in_a_line(tmp_path: Path) -> None:
    assert run("heatseek", "init", "~no-such-user", cwd=tmp_path).code == 3
    leave = (
        "import os, sys; os.mkdir('x'); os.chdir('x'); os.rmdir('../x'); sys.argv[1:] = ['init']"
    )
    program = f"{leave}; from heatseek.cli.main import heatseek; heatseek()"
    ran = subprocess.run(
        [sys.executable, "-c", program], check=False, cwd=tmp_path, capture_output=True
    )
    said = b"init: the working directory does not exist any more\n"
    assert (ran.returncode, ran.stderr) == (2, said)


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({".obsidian/app.json": ""}, "Obsidian"),
        ({"_config.yml": ""}, "Jekyll"),
        ({"_posts/2023-03-14-a.md": ""}, "Jekyll"),
        ({"sub/_posts/2023-03-14-a.md": ""}, "Jekyll"),
        ({"_config.yml": "", "scaffolds/post.md": "", "source/_posts/a.md": ""}, "Hexo"),
        ({"config.toml": 'base_url = "x"', "content/a.md": ""}, "Zola"),
        ({"config.toml": 'baseURL = "x"', "content/a.md": ""}, "Hugo"),
        ({"website/docusaurus.config.js": "", "docs/a.md": ""}, "Docusaurus"),
        ({"pelicanconf.py": "", "content/a.md": ""}, "Pelican"),
        ({"mkdocs.yml": "", "docs/a.md": ""}, "MkDocs"),
        ({"config.toml": "title = 1", "a.md": ""}, None),
    ],
)
def test_the_program_of_an_archive(tmp_path: Path, files: dict[str, str], name: str | None) -> None:
    made(tmp_path, files)
    found = program_of(tmp_path, files)
    assert (found and found.name) == name


def test_programs_are_known_by_different_signs() -> None:
    signs = [signs for program in PROGRAMS for signs in program.signs]
    assert len(signs) == len(set(signs))


def test_an_archive_of_our_own_is_known_by_its_keys(tmp_path: Path) -> None:
    lines = "publishedDateTime: 2023-03-14\nheat: 5\n"
    made(tmp_path, {"a.md": f"---\ntitle: A\n{lines}---\n"})
    assert "written for heatseek" in run("heatseek", "init", cwd=tmp_path).err


def test_a_strangers_key_cannot_write_settings(tmp_path: Path) -> None:
    name = json.dumps('evil"\nlimit = 1 #')
    made(tmp_path, {"a.md": f"---\ntitle: A\n{name}: 5\n---\n", "b.md": f"---\n{name}: 5\n---\n"})
    run("heatseek", "init", cwd=tmp_path)
    assert load(environ={}, cwd=tmp_path).limit == 10
    assert "evil" not in (tmp_path / "heatseek.toml").read_text()
