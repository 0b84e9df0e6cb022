"""Judged queries to figures: how well a ranking answers what people have judged.

judgments    files to questions with their relevant articles
measures     hits and judgments to nDCG, MRR, precision, recall
coverage     judged articles that an index lacks
runs         questions put to a search, with the figures of each
comparison   two runs of the same questions: what moved, and whether by chance
"""
