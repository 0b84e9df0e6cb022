"""Judged queries to figures: how well a ranking answers what people have judged.

judgments    files to queries with their relevant articles
measures     hits and judgments to nDCG, MRR, precision, recall
runs         judged queries searched, with the figures of each
comparison   two runs of the same queries: their differences, and how likely chance makes them
report       one setting of the boosts, and others compared with it
"""
