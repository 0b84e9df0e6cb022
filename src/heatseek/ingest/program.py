"""For which program an archive was written, told by the files beside its articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path


class Program(NamedTuple):
    """A program that makes something of a folder of articles.

    Attributes:
        name: as it calls itself.
        signs: files and folders; one of these groups, in which all must be there, tells it. Of a
            file there may have to be a word in it: `config.toml=base_url`.
        others: folders that hold no articles.
        content: folders of which the first that is there has all articles; none: they are all over.
        spaced: whether its lists are also written with spaces between their items.
    """

    name: str
    signs: tuple[tuple[str, ...], ...]
    others: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    spaced: bool = False


_TEMPLATES = ("_site", "_layouts", "_includes")
_SITE = ("archetypes", "layouts", "themes")
_CONTENT = "content"
PROGRAMS = (
    Program("Obsidian", ((".obsidian",),)),
    Program("Logseq", (("logseq/config.edn",),), ("logseq",)),
    Program("Foam", ((".foam",),)),
    Program("Dendron", (("dendron.yml",),)),
    Program("Quartz", (("quartz.config.ts",),), ("quartz", "public"), ("content",)),
    Program(
        "Docusaurus",
        tuple(
            (f"{folder}docusaurus.config.{end}",)
            for folder in ("", "website/")
            for end in ("js", "ts", "mjs")
        ),
        ("build",),
    ),
    Program("VitePress", ((".vitepress",),)),
    Program("Eleventy", ((".eleventy.js",), ("eleventy.config.js",)), ("_site", "_includes")),
    Program("Gatsby", (("gatsby-config.js",), ("gatsby-config.ts",)), ("public",)),
    Program("Astro", (("astro.config.mjs",), ("astro.config.ts",)), ("dist",)),
    Program("Pelican", (("pelicanconf.py",),), ("output", "theme", "themes"), ("content",)),
    Program("MkDocs", (("mkdocs.yml",), ("mkdocs.yaml",)), ("site",), ("docs",)),
    Program("mdBook", (("book.toml",),), ("book", "theme"), ("src",)),
    Program("DocFX", (("docfx.json",), (".openpublishing.publish.config.json",)), ("_site",)),
    Program("Jupyter Book", (("_toc.yml",),), ("_build",)),
    Program(
        "Hexo", (("scaffolds", "_config.yml"),), ("scaffolds", "themes", "public"), ("source",)
    ),
    Program(
        "Jekyll",
        (("_config.yml",), ("_config.yaml",), ("_config.toml",), ("_posts",)),
        (*_TEMPLATES, "_sass", "vendor"),
        spaced=True,
    ),
    Program(
        "Zola",
        (("config.toml=base_url",),),
        ("templates", "themes", "public"),
        ("content",),
    ),
    Program(
        "Hugo",
        (
            *(("hugo.toml",), ("hugo.yaml",), ("hugo.json",), ("config/_default",)),
            *(("config.toml=baseURL",), ("config.yaml=baseURL",), ("archetypes", "content")),
        ),
        (*_SITE, "public", "resources"),
        ("content",),
    ),
)
"""Those of which a sign is there with another's stand before that one."""
TEMPLATES = frozenset(("node_modules", *_TEMPLATES))
"""Names of folders of packages, templates and finished pages, which are passed over in all archives
unless a rule says otherwise."""
SITE = frozenset((*_SITE, "templates"))
"""The same, where a folder `content` stands beside them that is within none of this name: they are
a site generator's."""

_MOST_BYTES = 100_000
"""Of a file in which a word must stand."""
_INNER = ("content", "docs", "_posts", "posts", "pages", "source", "src", "book", "notes", "blog")
"""Names of the folders in which such programs keep their articles, beside their signs."""


def program_of(archive: Path, ids: Iterable[str]) -> Program | None:
    """The program of an archive; None if no sign of one is there.

    Args:
        archive: the folder.
        ids: of its articles' files.
    """
    folders = [archive, archive.parent] if archive.name in _INNER else [archive]
    for program in PROGRAMS:
        if any(_all_there(folder, signs) for folder in folders for signs in program.signs):
            return program
    posts = archive.name == "_posts" or any("/_posts/" in f"/{id_}" for id_ in ids)
    return next(each for each in PROGRAMS if each.spaced) if posts else None


def has_no_articles(folder: str, names: Collection[str]) -> bool:
    """True for a folder that is passed over if no rule says otherwise; `names` are beside it."""
    *above, name = folder.rstrip("/").split("/")
    return name in TEMPLATES or (name in SITE and _CONTENT in names and _CONTENT not in above)


def is_spaced(archive: Path, ids: Iterable[str]) -> bool:
    """True if lists in an archive are also written with spaces between their items."""
    program = program_of(archive, ids)
    return program is not None and program.spaced


def _all_there(folder: Path, signs: tuple[str, ...]) -> bool:
    return all(_is_there(folder, *sign.split("=")) for sign in signs)


def _is_there(folder: Path, name: str, word: str = "") -> bool:
    try:
        if not word:
            return (folder / name).exists()
        with (folder / name).open("rb") as file:
            return word.encode() in file.read(_MOST_BYTES)
    except OSError:
        return False
