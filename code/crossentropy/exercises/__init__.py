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

from crossentropy.exercises._graders import Grader

__all__ = ["check"]


def check(name: str, answer: Any) -> None:
    """Grade the answer to an exercise of the book, and print the verdict with a hint.

    Parameters
    ----------
    name : str
        The exercise, such as "A3".
    answer : number, str, tuple or callable
        What the exercise asks for. The dots that stand in the book, ``...``, are an exercise
        that nobody has answered yet.

    Raises
    ------
    ValueError
        If the book has no exercise of that name.

    Examples
    --------
    >>> check("A3", 0.693)
    A3: right.
    >>> check("A3", 1.0)
    A3: not yet. That is in bits. Take the natural logarithm to get nats.
    >>> check("A3", ...)
    A3: not answered yet. Replace the dots by your answer and run the cell again.
    """
    if name not in EXERCISES:
        known = ", ".join(sorted(EXERCISES, key=lambda key: (key[0], int(key[1:]))))
        raise ValueError(f"name: there is no exercise {name!r}, expected one of {known}")
    if _is_unanswered(answer):
        print(f"{name}: not answered yet. Replace the dots by your answer and run the cell again.")
        return
    complaint = EXERCISES[name](answer)
    print(f"{name}: right." if complaint is None else f"{name}: not yet. {complaint}")


def _is_unanswered(answer: Any) -> bool:
    parts = answer if isinstance(answer, (tuple, list)) else [answer]
    return any(part is None or part is ... for part in parts)


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
