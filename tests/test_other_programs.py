"""Archives of other programs: their articles are found by what a reader of them sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import heatseek
from cli_runs import run

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "_posts/2022-06-01-hulls.md": """---
layout: post
title: Hulls of oak
date: 2022-06-01 09:30:00 -0500
tags: wood repair
categories: [Workshop, Tools]
author: Ada Berg
---
""",
    "content/sails.md": """+++
title = "Sails in winter"
date = 2023-01-02T08:00:00Z
lastmod = 2023-05-06T08:00:00Z
draft = true
[taxonomies]
tags = ["cloth", "winter"]
[extra]
author = "Bo Lind"
+++
""",
    "notes/knots.md": """---
title: Knots
aliases: [Bends, Hitches and bends]
tags: "#rope"
created: 2021-03-04
updated: 2021-12-31
---
""",
    "learn/ropes.md": """---
title: Ropes overview
description: On ropes.
author: cdahl
ms.date: 02/13/2023
ms.topic: overview
---
""",
    "dev/masts.md": """---
title: Masts
published: true
description: Tall ones
tags: wood, height
canonical_url: https://example.org/masts
cover_image: https://example.org/masts.png
published_at: 2023-07-08 10:00:00 +0000
authors: [{name: Ada Berg}, {name: Eva Holm}]
---
""",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("others")
    for name, text in FILES.items():
        (folder / "seeds" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "seeds" / name).write_text(text)
    ran = run("heatseek", "rebuild", cwd=folder)
    assert (ran.code, "0 warnings" in ran.err) == (0, True)
    return folder


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("tag:wood", "hulls masts"),
        ("tags:rope", "knots"),
        ("keyword:winter", "sails"),
        ("author:berg", "hulls masts"),
        ("authors:holm", "masts"),
        ("source:cdahl", "ropes"),
        ("--topic tools", "hulls"),
        ("--provider", None),
        ("section:workshop", "hulls"),
        ("type:overview", "ropes"),
        ("draft:true", "sails"),
        ("draft:yes", "sails"),
        ("tag:wood draft:false", "hulls masts"),
        ("-draft:true tag:winter", ""),
        ("updated:>2022", "sails"),
        ("lastmod:2021-12", "knots"),
        ("modified:<2022", "knots"),
        ("has:updated", "knots sails"),
        ("date:2023-02-13", "ropes"),
        ("hitches", "knots"),
        ("title:bends", "knots"),
        ("--where updated>=2023", "sails"),
        ("--where author=lind", "sails"),
        ("--where draft=true", "sails"),
    ],
)
def test_found_by(home: Path, line: str, names: str | None) -> None:
    words = line.split() if names is not None else ["--provider", "Eva Holm"]
    ran = run("search", *words, "--format", "paths", cwd=home)
    found = sorted(path.rpartition("/")[2].removesuffix(".md") for path in ran.out.split())
    shown = sorted(name.rpartition("-")[2] for name in found)
    assert shown == (names or ("" if names == "" else "masts")).split()


def test_sorted_by_change(home: Path) -> None:
    ran = run("search", "--sort", "updated", "--format", "paths", "--limit", "2", cwd=home)
    assert [line[6:] for line in ran.out.splitlines()] == ["content/sails.md", "notes/knots.md"]


def test_names_of_drafts_that_are_none(home: Path) -> None:
    ran = run("search", "draft:maybe", cwd=home)
    assert ran.code == 2
    assert "draft" in ran.err


def test_as_json(home: Path) -> None:
    with heatseek.open_index(home / "index") as index:
        articles = {hit.article.id: hit.to_dict() for hit in index.search("", limit=10)}
    knots, masts = articles["notes/knots.md"], articles["dev/masts.md"]
    assert knots["aliases"] == ["Bends", "Hitches and bends"]
    assert knots["updated_at"] == "2021-12-31T00:00:00Z"
    assert masts["provider"] == {"name": "Ada Berg", "domain": None, "others": ["Eva Holm"]}
    assert (masts["updated_at"], masts["aliases"]) == (None, [])


def test_every_author_is_counted(home: Path) -> None:
    ran = run("heatseek", "providers", "--format", "csv", cwd=home)
    counts = dict(line.split(",")[:2] for line in ran.out.splitlines()[1:])
    assert counts == {"Ada Berg": "2", "Bo Lind": "1", "Eva Holm": "1", "cdahl": "1"}


def test_another_title_makes_no_title_longer(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    for name, lines in {"a": "aliases: [Rafts]", "b": "", "c": "title: Rafts"}.items():
        (tmp_path / f"seeds/{name}.md").write_text(f"---\ntitle: Boats\n{lines}\n---\n")
    (tmp_path / "seeds/c.md").write_text("---\ntitle: Rafts\n---\n")
    heatseek.rebuild(tmp_path / "seeds", tmp_path / "index")
    with heatseek.open_index(tmp_path / "index") as index:
        for words in ("boats", "rafts"):
            first, second = index.search(words)
            assert first.score == second.score


def test_aliases_can_be_declared_and_then_mean_themselves(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/a.md").write_text(
        "---\ntitle: A\ncreated: 2020-01-01\ntags: [x]\ndate: 2023-01-01\nauthor: Jane\n---\n"
    )
    (tmp_path / "heatseek.toml").write_text(
        "[fields.created]\nkind = 'date'\n[fields.tags]\nfacet = true\n[fields.author]\n"
    )
    for query in ("created:2020", "tags:x", "tag:x", "author:jane", "date:2023"):
        assert run("search", query, "--format", "paths", cwd=tmp_path).out == "seeds/a.md\n"
    assert run("search", "created:2023", cwd=tmp_path).code == 1
