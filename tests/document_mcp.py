"""The documents that tools give, as JSON Schema: `python tests/document_mcp.py`.

Made from wire/, they stand in src/heatseek/agents/schemas.json.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import document_http

SCHEMAS = Path(__file__).parent.parent / "src/heatseek/agents/schemas.json"
DOCUMENTS = {
    "search": "ResultsDocument",
    "fetch": "TextDocument",
    "similar": "ResultsDocument",
    "list_values": "LabelsDocument",
    "status": "StatusDocument",
}


def page() -> str:
    """The schemas by tool."""
    named = {tool: _whole(document) for tool, document in DOCUMENTS.items()}
    return f"{json.dumps(named, indent=1, ensure_ascii=False)}\n"


def _whole(document: str) -> dict[str, Any]:
    """A document with what it refers to."""
    parts = {
        name: _without_marks(each)
        for name, each in document_http.schemas({document})
        if name not in {"Marks", "Fragment"}
    }
    whole = parts.pop(document.removesuffix("Document"))
    text = json.dumps({**whole, "$defs": parts} if parts else whole)
    schema: dict[str, Any] = json.loads(text.replace("#/components/schemas/", "#/$defs/"))
    return schema


def _without_marks(schema: dict[str, Any]) -> dict[str, Any]:
    """Hits as an agent gets them."""
    properties = {name: each for name, each in schema["properties"].items() if name != "marks"}
    required = [name for name in schema["required"] if name != "marks"]
    return {**schema, "properties": properties, "required": required}


if __name__ == "__main__":
    SCHEMAS.write_text(page(), "utf-8")
