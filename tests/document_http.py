"""The description of the HTTP interface: `python tests/document_http.py`.

Made from what is declared in web/operations.py and wire/, it writes
src/heatseek/web/openapi.json and the tables of docs/http.md.
"""

from __future__ import annotations

import builtins
import json
import types
import typing
from pathlib import Path
from typing import Any, is_typeddict

import document_tables
from heatseek.cli.arguments import FLAG
from heatseek.web.messages import HTML, JSON, PROBLEM
from heatseek.web.operations import OPERATIONS
from heatseek.web.parameters import COUNT, PARAMETERS
from wire_types import wire_types

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek.web.operations import Operation
    from heatseek.web.parameters import Parameter

ROOT = Path(__file__).parent.parent
OPENAPI = ROOT / "src/heatseek/web/openapi.json"
PAGE = ROOT / "docs/http.md"
BEGINNING = "<!-- tables: from here on made from web/operations.py by tests/document_http.py -->\n"
TITLE = "heatseek"
FLAGS = ["1", "0", "true", "false", "yes", "no", "on", "off", ""]
PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean"}
STATUSES = {
    400: "The request makes no sense",
    401: "A token is needed",
    403: "Asked for by a page of another site",
    404: "There is none",
    414: "The address is too long",
    421: "Not a name of this server",
    500: "A fault of the server",
    503: "Too many requests, one that took too long, or an index that cannot be read",
}


def openapi() -> str:
    """The description of the interface, as OpenAPI 3.1."""
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": TITLE,
            "version": "1",
            "description": "Full-text search over a folder of articles. Only GET and HEAD.",
        },
        "paths": {each.path: {"get": _operation(each)} for each in OPERATIONS} | _others(),
        "components": {
            "schemas": dict(sorted(schemas(SERVED))),
            "parameters": {name: _parameter(each) for name, each in PARAMETERS.items()},
            "responses": {str(status): _problem(text) for status, text in STATUSES.items()},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "password": {"type": "http", "scheme": "basic"},
            },
        },
        "security": [{}, {"bearer": []}, {"password": []}],
    }
    return f"{json.dumps(document, indent=1, ensure_ascii=False)}\n"


def _operation(operation: Operation) -> dict[str, Any]:
    named = [name for name in ("id", "facet") if f"{{{name}}}" in operation.path]
    parts = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in named
    ]
    return {
        "operationId": _name(operation),
        "summary": operation.summary.replace("`", ""),
        "parameters": [*parts, *map(_shared, operation.parameters.values())],
        "responses": {
            "200": {
                "description": "The answer",
                "headers": {
                    "ETag": {"schema": {"type": "string"}},
                    "Link": {"schema": {"type": "string"}},
                },
                "content": {operation.media_type: {"schema": _answer(operation)}},
            },
            **{str(status): {"$ref": f"#/components/responses/{status}"} for status in STATUSES},
            **_page_of_problem(operation),
        },
    }


def _page_of_problem(operation: Operation) -> dict[str, Any]:
    """Pages tell of what is wrong as pages."""
    if operation.media_type != HTML:
        return {}
    content = {HTML: {"schema": {"type": "string"}}} | _problem("")["content"]
    return {
        str(status): {"description": STATUSES[status], "content": content} for status in (400, 404)
    }


def _name(operation: Operation) -> str:
    words = operation.path.replace("{", "").replace("}", "").replace(".", "/").split("/")
    return "_".join(word for word in words if word) or "page"


def _answer(operation: Operation) -> dict[str, Any]:
    if operation.document:
        return {"$ref": f"#/components/schemas/{_title(operation.document)}"}
    return {"type": "string"}


def _others() -> dict[str, Any]:
    healthy = {"description": "It answers", "content": {"text/plain; charset=utf-8": {}}}
    own = {"description": "This", "content": {"application/openapi+json;version=3.1": {}}}
    return {
        "/healthz": {"get": {"summary": "Whether it runs.", "responses": {"200": healthy}}},
        "/openapi.json": {"get": {"summary": "This description.", "responses": {"200": own}}},
    }


def _problem(text: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": text, "content": {PROBLEM: {"schema": schema}}}


def _shared(parameter: Parameter) -> dict[str, Any]:
    if PARAMETERS.get(parameter.name) == parameter:
        return {"$ref": f"#/components/parameters/{parameter.name}"}
    return _parameter(parameter)


def _parameter(parameter: Parameter) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.help,
        "schema": _values(parameter),
    }
    if parameter.is_flag:
        described["allowEmptyValue"] = True
    return described


def _values(parameter: Parameter) -> dict[str, Any]:
    if parameter.kind == FLAG:
        return {"type": "string", "enum": FLAGS}
    if parameter.kind == COUNT:
        return {"type": "integer", "minimum": parameter.least, "maximum": parameter.most}
    one: dict[str, Any] = {"type": "string"}
    if parameter.choices:
        one["enum"] = list(parameter.choices)
    return {"type": "array", "items": one} if parameter.is_repeatable else one


SERVED = {each.document for each in OPERATIONS if each.document} | {"ProblemDocument"}


def schemas(documents: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Documents by their types in wire/, and the objects in them."""
    names = wire_types()
    left = set(documents)
    done: set[str] = set()
    while left - done:
        name = min(left - done)
        done.add(name)
        texts = _texts(name)
        marked = typing.get_type_hints(names[name], names, include_extras=True)
        hints = typing.get_type_hints(names[name], names)
        required = [key for key in hints if typing.get_origin(marked[key]) != typing.NotRequired]
        properties = {}
        for key, kind in hints.items():
            schema, inner = _schema(kind)
            left |= inner
            properties[key] = {**schema, "description": texts[key]}
        about = (document_tables.classes()[name].body[0].value.value).split("\n")[0]  # type: ignore[attr-defined]
        yield (
            _title(name),
            {
                "type": "object",
                "description": about.replace("`", ""),
                "properties": properties,
                "required": required,
            },
        )


def _schema(kind: Any) -> tuple[dict[str, Any], set[str]]:
    """The schema of a type, and the objects that it names."""
    if is_typeddict(kind):
        return {"$ref": f"#/components/schemas/{_title(kind.__name__)}"}, {kind.__name__}
    args = typing.get_args(kind)
    match typing.get_origin(kind):
        case types.UnionType:
            schema, inner = _schema(args[0])
            if "type" in schema and isinstance(schema["type"], str):
                return {**schema, "type": [schema["type"], "null"]}, inner
            return {"anyOf": [schema, {"type": "null"}]}, inner
        case builtins.list:
            schema, inner = _schema(args[0])
            return {"type": "array", "items": schema}, inner
        case builtins.dict:
            schema, inner = _schema(args[1])
            return {"type": "object", "additionalProperties": schema}, inner
    return ({}, set()) if kind is Any else ({"type": PLAIN[kind]}, set())


def _texts(name: str) -> dict[str, str]:
    """The text below each key of a type, those of what it extends included."""
    rows = document_tables._rows(document_tables.classes()[name], document_tables.classes())
    cells = [row.strip("| ").split(" | ", 2) for row in rows]
    return {key.strip("`"): text.replace("`", "") for key, _, text in cells}


def _title(name: str) -> str:
    return name.removesuffix("Document")


def tables() -> str:
    """The addresses, and the parameters of a search."""
    lines = ["## Addresses", "", "| address | | |", "|---|---|---|"]
    lines += [f"| `{each.path}` | {each.summary} | {_type(each)} |" for each in OPERATIONS]
    lines += ["| `/healthz` | Whether it runs. | text |", "| `/openapi.json` | All this. | JSON |"]
    lines += ["", "## Parameters of a search", "", "| parameter | | |", "|---|---|---|"]
    for each in PARAMETERS.values():
        more = "; several" if each.is_repeatable else ""
        text = each.help.replace("|", "\\|")
        lines.append(f"| `{each.name}` | {each.kind}{more} | {text} |")
    for operation in OPERATIONS:
        own = [p for name, p in operation.parameters.items() if p != PARAMETERS.get(name)]
        if own:
            lines += ["", f"Those of `{operation.path}`:", ""]
            lines += [f"- `{each.name}`: {each.help}" for each in own]
    return "\n".join([*lines, ""])


def _type(operation: Operation) -> str:
    if operation.media_type == JSON:
        title = document_tables.title(operation.document)
        return f"[{title.lower()}](json.md#{title.lower().replace(' ', '-')})"
    return operation.media_type.partition(";")[0].removeprefix("application/")


def page() -> str:
    """docs/http.md with its tables as they are declared."""
    before, mark, _ = PAGE.read_text("utf-8").partition(BEGINNING)
    assert mark, "docs/http.md has no place for the tables"
    return f"{before}{mark}\n{tables()}"


if __name__ == "__main__":
    OPENAPI.write_text(openapi(), "utf-8")
    PAGE.write_text(page(), "utf-8")
