"""The protocol: what a client may ask, handed on to a process that has the index open."""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from mcp import MCPError
from mcp.server import Server
from mcp_types import (
    INVALID_PARAMS,
    CallToolResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ListToolsResult,
    ReadResourceResult,
    Resource,
    ResourceTemplate,
    TextContent,
    TextResourceContents,
    Tool,
    ToolAnnotations,
)

from heatseek.agents.tools import MAX_CHARS, MOST_CHARS, TOOLS, input_schema, output_schemas
from heatseek.errors import HeatseekError
from heatseek.text.edit_distance import hint
from heatseek.web.messages import Ask

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mcp_types import CallToolRequestParams, PaginatedRequestParams, ReadResourceRequestParams

    from heatseek.web.messages import Answer

    Asking = Callable[[Ask], Awaitable[Answer]]
    """Has a request answered; a HeatseekError says why it is not."""

SCHEME = "heatseek://"
_ANSWERS = "heatseek.agents.answers"
_HINTS = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
_LONGEST = 40
"""Characters of a name that are looked at."""
_UNTRUSTED = {"heatseek/untrusted": True}
"""Beside what strangers wrote, for clients that look there."""


class Agent:
    """The tools and resources of an index, as the SDK serves them.

    Args:
        ask: has a request answered.
    """

    def __init__(self, ask: Asking) -> None:
        self._ask = ask
        self._generation = ""
        self.server: Server[Any] = Server(
            "heatseek",
            version=version("heatseek"),
            title="heatseek",
            on_list_tools=self._tools,
            on_call_tool=self._call,
            on_list_resources=self._resources,
            on_list_resource_templates=self._templates,
            on_read_resource=self._read,
        )

    async def describe(self, generation: str = "now") -> None:
        """Bring the instructions to a generation, if they are of another one.

        Raises:
            HeatseekError: no answer came.
        """
        if generation != self._generation:
            answer = await self._ask(Ask(f"{_ANSWERS}:described"))
            if answer.status == 200:
                self.server.instructions = answer.body.decode()
                self._generation = generation

    async def _tools(self, _ctx: Any, _params: PaginatedRequestParams | None) -> ListToolsResult:
        schemas = output_schemas()
        return ListToolsResult(
            tools=[
                Tool(
                    name=name,
                    title=each.title,
                    description=each.description,
                    input_schema=input_schema(each),
                    output_schema=schemas[name],
                    annotations=_HINTS,
                )
                for name, each in TOOLS.items()
            ]
        )

    async def _call(self, _ctx: Any, params: CallToolRequestParams) -> CallToolResult:
        if params.name not in TOOLS:
            raise MCPError(
                INVALID_PARAMS, f"no tool {params.name[:_LONGEST]!r}; {_tool(params.name)}"
            )
        is_done, told = await self._used(params.name, params.arguments or {})
        if not is_done:
            return CallToolResult(content=[TextContent(text=told)], is_error=True)
        return CallToolResult(
            content=[TextContent(text=told["text"])],
            structured_content=told["document"],
            _meta=_UNTRUSTED,
        )

    async def _used(self, name: str, arguments: dict[str, Any]) -> tuple[bool, Any]:
        """Document and text that a tool gives; or False, and the line that says why not."""
        ask = Ask(f"{_ANSWERS}:call", query=json.dumps(arguments), name=name)
        try:
            answer = await self._ask(ask)
        except HeatseekError as error:
            return False, str(error)
        text = answer.body.decode()
        if answer.status == 200:
            return True, json.loads(text)
        is_problem = answer.media_type.startswith("application/")
        return False, json.loads(text)["detail"] if is_problem else text

    async def _resources(
        self, _ctx: Any, params: PaginatedRequestParams | None
    ) -> ListResourcesResult:
        cursor = (params and params.cursor) or "0"
        if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 8):
            raise MCPError(INVALID_PARAMS, "no such cursor")
        try:
            answer = await self._ask(Ask(f"{_ANSWERS}:listed", query=cursor))
        except HeatseekError as error:
            raise MCPError(INVALID_PARAMS, str(error)) from None
        if answer.status != 200:
            raise MCPError(INVALID_PARAMS, json.loads(answer.body)["detail"])
        size, known = json.loads(answer.body)
        following = int(cursor) + len(known)
        return ListResourcesResult(
            resources=[
                Resource(uri=address(id_), name=id_, title=title, mime_type="text/plain")
                for id_, title in known
            ],
            next_cursor=str(following) if known and following < size else None,
        )

    async def _templates(
        self, _ctx: Any, _params: PaginatedRequestParams | None
    ) -> ListResourceTemplatesResult:
        article = ResourceTemplate(
            uri_template=f"{SCHEME}{{+id}}",
            name="article",
            title="An article by its id",
            mime_type="text/plain",
        )
        return ListResourceTemplatesResult(resource_templates=[article])

    async def _read(self, _ctx: Any, params: ReadResourceRequestParams) -> ReadResourceResult:
        scheme, mark, rest = params.uri.partition("://")
        if f"{scheme.lower()}{mark}" != SCHEME or not rest:
            raise MCPError(INVALID_PARAMS, f"not a resource of this server: {SCHEME}ID is one")
        arguments = {"id": unquote(rest.lstrip("/")), MAX_CHARS: MOST_CHARS}
        is_done, told = await self._used("fetch", arguments)
        if not is_done:
            raise MCPError(INVALID_PARAMS, told)
        contents = TextResourceContents(
            uri=params.uri, mime_type="text/plain", text=told["text"], _meta=_UNTRUSTED
        )
        return ReadResourceResult(contents=[contents])


def address(article_id: str) -> str:
    """The resource that an article is."""
    return SCHEME + quote(article_id, safe="/")


def _tool(name: str) -> str:
    return hint(name[:_LONGEST], list(TOOLS))
