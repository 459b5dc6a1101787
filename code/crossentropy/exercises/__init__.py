"""Grade a reader's answer: `check("A3", 0.693)`, `check("B1", my_function)`.

Each chapter has a file of its name here, which holds whatever belongs to its exercises: how an
answer is graded, the hints, and the reference where the answer is a function. B14 is the grader
called `B14` in the file of its chapter, `variations.py`.

To add an exercise, give its chapter's file a grader of its name, made of those in `_graders.py`,
where it stands on the page; then add the answers that it takes and refuses to the file of the
same name in `tests/answers`. A new chapter's file is named below.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

from crossentropy.exercises._graders import Grader, Progress, is_open

__all__ = ["check"]


def check(name: str, answer: Any) -> None:
    """Grade the answer to an exercise of the book, and print the verdict with a hint.

    Parameters
    ----------
    name : str
        The exercise, such as "A3" or "a3".
    answer : number, callable, or tuple of these
        What the exercise asks for. The dots that stand in the book, ``...``, are an answer that
        nobody has given yet.

    Raises
    ------
    ValueError
        If the book has no exercise of that name.

    Examples
    --------
    >>> check("A7", 2.303)
    A7: right.
    >>> check("A7", 1.0)
    A7: not yet. That is with the logarithm to base 10. Take the natural logarithm to get nats.
    >>> check("A3", 0.693)
    A3: right so far. Give two answers, in this order: the loss, the change.
    """
    known = name.strip().upper() if isinstance(name, str) else name
    if not isinstance(name, str) or known not in EXERCISES:
        names = ", ".join(sorted(EXERCISES, key=lambda key: (key[0], int(key[1:]))))
        raise ValueError(f"name: there is no exercise {name!r}, expected one of {names}")
    if all(map(is_open, answer if isinstance(answer, (tuple, list)) and answer else [answer])):
        print(f"{known}: {UNANSWERED}")
        return
    complaint = EXERCISES[known](answer)
    if complaint is None:
        print(f"{known}: right.")
    else:
        verdict = "right so far" if isinstance(complaint, Progress) else "not yet"
        print(f"{known}: {verdict}. {complaint}")


UNANSWERED = """\
not answered yet. Replace the dots by your answer and run the cell again.
(On the site, open this page as a notebook first, with the buttons at its top.)"""


def _exercises_of(chapter: str) -> dict[str, Grader]:
    """Return what is named like an exercise in a chapter's file, in the file's order."""
    contents = vars(import_module(f"{__name__}.{chapter}"))
    return {name: value for name, value in contents.items() if re.fullmatch(r"[ABC]\d+", name)}


BY_CHAPTER = {
    chapter: _exercises_of(chapter)
    for chapter in (  # in reading order
        "surprise_and_entropy",
        "cross_entropy_and_kl",
        "likelihood",
        "implementing_cross_entropy",
        "bce_versus_mse",
        "logits",
        "gradients",
        "training",
        "variations",
        "language_models",
        "calibration",
        "at_scale",
        "questions",
    )
}
EXERCISES = {name: grader for part in BY_CHAPTER.values() for name, grader in part.items()}
