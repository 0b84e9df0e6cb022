"""The engine over a cluster of OpenSearch: what `engines.base` asks for."""
