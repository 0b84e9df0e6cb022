"""Rooms that every engine needs: from a query tree to a plan, and the fields of an index."""
