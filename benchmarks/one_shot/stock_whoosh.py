"""The least program that answers one query from a stock Whoosh index: INDEX QUERY WEIGHTS."""

import json
import sys

from whoosh.index import open_dir
from whoosh.qparser import MultifieldParser

folder, text, settings = sys.argv[1:]
weights = json.loads(settings)
index = open_dir(folder)
with index.searcher() as searcher:
    parser = MultifieldParser(list(weights), index.schema, fieldboosts=weights)
    results = searcher.search(parser.parse(text), limit=10)
    hits = [{"score": hit.score, **hit.fields()} for hit in results]
    print(json.dumps({"total": len(results), "hits": hits}))
