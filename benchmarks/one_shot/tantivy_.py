"""The least program that answers one query from a tantivy index: FOLDER QUERY WEIGHTS."""

import json
import sys

import tantivy

folder, text, settings = sys.argv[1:]
weights = json.loads(settings)
index = tantivy.Index.open(folder)
searcher = index.searcher()
query = index.parse_query(text, list(weights), field_boosts=weights, conjunction_by_default=True)
found = searcher.search(query, 10, count=True)
hits = [searcher.doc(address).to_dict() for _, address in found.hits]
print(json.dumps({"total": found.count, "hits": hits}))
