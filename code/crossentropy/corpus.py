"""The text that chapters count letters in, the same whatever Python reads it."""

from __future__ import annotations

import bz2
from importlib.resources import files

__all__ = ["python_topics"]


def python_topics() -> dict[str, str]:
    """Return the topics of the Python language reference, the text of each by its name.

    They are those that ``help("if")`` prints in Python 3.13.0, frozen: the module that holds
    them in Python differs from version to version.

    Returns
    -------
    dict of str to str
        The topics in alphabetical order, each a text of some lines.

    Notes
    -----
    Copyright 2001-2024 Python Software Foundation, under Python's licence. The folder ``data`` of
    the package holds the licence beside the text, and says what was changed.

    Examples
    --------
    >>> topics = python_topics()
    >>> len(topics)
    79
    >>> print(topics["pass"].splitlines()[0])
    The "pass" statement
    """
    packed = files("crossentropy").joinpath("data/python-topics.txt.bz2").read_bytes()
    parts = bz2.decompress(packed).decode().split("\f")[1:]
    return dict(part.split("\n", maxsplit=1) for part in parts)
