"""English words too common to ask for: the Snowball project's list.

They are indexed (so that phrases and names hold) and left out of queries that have other words.
Contractions stand here as `analysis` folds them: `don't` is `dont`.
"""

ENGLISH = frozenset(
    """
    i me my myself we our ours ourselves you your yours yourself yourselves he him his himself
    she her hers herself it its itself they them their theirs themselves what which who whom
    this that these those am is are was were be been being have has had having do does did
    doing would should could ought a an the and but if or because as until while of at by for
    with about against between into through during before after above below to from up down in
    out on off over under again further then once here there when where why how all any both
    each few more most other some such no nor not only own same so than too very
    im youre were theyre ive youve weve theyve id youd hed shed wed theyd ill youll hell shell
    well theyll isnt arent wasnt werent hasnt havent hadnt doesnt dont didnt wont wouldnt shant
    shouldnt cant cannot couldnt mustnt lets
    """.split()
) - {"shed", "wed", "hell", "shell", "ill", "well", "id"}
"""Without the contractions that are words of their own once folded."""
