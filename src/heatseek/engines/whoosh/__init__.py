"""The embedded engine: written with Whoosh, read by mapped arrays."""
