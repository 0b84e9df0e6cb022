"""The tools of agents: `heatseek mcp`, and `/mcp` of `heatseek serve --mcp`.

The protocol is the SDK's (`server`, `transports`); a tool's arguments become the address that they
would be over HTTP (`tools`), and what answers there answers here (`answers`).
"""
