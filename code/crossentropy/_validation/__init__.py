"""What is wrong with an argument, said in words: its name, the place, and what was expected.

A check takes the argument's name first, then its value, and returns the value in the form in which
the package computes with it. `kinds` raises the TypeErrors; `arrays` and `options` look at values.
What would take a pass over the logits of its own is left to `rows`, while they are in the cache.
"""
