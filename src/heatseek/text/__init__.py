"""A text as words: tokens, their folded forms, and the languages that stem them."""
