"""The head of an HTML page as metadata, by the names that keys of front matter have."""

from __future__ import annotations

import html
import re

MAX_HEAD = 100_000
"""Characters in which a head is looked for."""

_TITLE = re.compile(r"<title(?=[\s>])[^<>]*>(?P<text>[^<]*)</title\s*>", re.IGNORECASE)
_END = re.compile(r"</head\s*>|<body(?=[\s>])", re.IGNORECASE)
_NO_BREAK = re.compile(r"[^\n]")
_TAG = re.compile(
    r"<(?:meta|link)(?=\s)(?P<rest>(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>", re.IGNORECASE
)
_ATTRIBUTE = re.compile(r"([\w:-]++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))")

_NAMES = {
    "author": "author",
    "article:author": "author",
    "date": "date",
    "dc.date": "date",
    "dcterms.date": "date",
    "dcterms.created": "date",
    "article:published_time": "date",
    "datepublished": "date",
    "article:modified_time": "modified",
    "datemodified": "modified",
    "dcterms.modified": "modified",
    "description": "description",
    "og:description": "description",
    "keywords": "keywords",
    "tags": "keywords",
    "article:tag": "keywords",
    "article:section": "category",
    "category": "category",
    "og:image": "image",
    "canonical": "canonical_url",
    "og:url": "url",
    "summary": "summary",
}
"""What `<meta>` and `<link>` call it, and what it is called in front matter."""
_LINKS = ("image", "canonical_url", "url")


def head_of(page: str) -> dict[str, str]:
    """What a page's head says; of equal names the first one."""
    lead = page[:MAX_HEAD]
    end = _END.search(lead)
    head = without_comments(lead[: end.start()] if end else lead)
    metadata: dict[str, str] = {}
    title = _TITLE.search(head)
    if title and title["text"].strip():
        metadata["title"] = title["text"]
    for tag in _TAG.finditer(head):
        found = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(tag["rest"])}
        name = found.get("name") or found.get("property") or found.get("itemprop")
        key = _NAMES.get((name or found.get("rel") or "").lower())
        value = found.get("content") or found.get("href")
        if key and value:
            metadata.setdefault(key, html.unescape(value) if key in _LINKS else value)
    return metadata


def without_comments(text: str) -> str:
    """Blanks in place of what stands between `<!--` and `-->`."""
    pieces: list[str] = []
    end = 0
    while (start := text.find("<!--", end)) >= 0 and (close := text.find("-->", start)) >= 0:
        pieces += (text[end:start], _NO_BREAK.sub(" ", text[start : close + 3]))
        end = close + 3
    return "".join((*pieces, text[end:])) if pieces else text
