"""Judged queries to figures: how well a ranking answers what people have judged.

judgments    files to queries with their relevant articles
runs         judged queries searched; nDCG, MRR, precision and recall of each
comparison   two runs of the same queries: their differences, and how likely chance makes them;
             one setting of the boosts, and others compared with it
"""
