"""Answers that readers give to the exercises, a file a chapter, named as the chapter's graders are.

`RIGHT` holds, for each exercise, right answers, and `WRONG` typical wrong ones, each with a word of
what the reader is told. None of them comes from the package.
"""
