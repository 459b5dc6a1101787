"""The frozen text, compared with the topics of the Python that runs the tests."""

import hashlib
import subprocess
import sys
from importlib.resources import files as resources
from pydoc_data.topics import topics as of_this_python

from crossentropy.corpus import python_topics


def paragraphs(topics):
    return {" ".join(p.split()) for text in topics.values() for p in text.split("\n\n")}


def test_the_text_is_the_frozen_one():
    """Numbers all over the book hang on each of its characters."""
    text = "".join(f"\f{name}\n{topic}" for name, topic in python_topics().items())
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert digest == "9e0d1db0ade4ce56b443bc570fe6997e7b6de526ea1fa73e96c312faf0a1308f"


def test_nearly_all_of_it_is_what_help_prints():
    frozen = python_topics()
    known = paragraphs(frozen)
    assert len(frozen.keys() & of_this_python.keys()) > 0.9 * len(frozen)
    assert len(known & paragraphs(of_this_python)) > 0.7 * len(known)


def test_the_topics_are_tidy():
    frozen = python_topics()
    assert list(frozen) == sorted(frozen)
    for text in frozen.values():
        lines = text.splitlines()
        assert lines[0]
        assert lines[-1]
        assert text == "\n".join(line.rstrip() for line in lines) + "\n"


def test_each_call_gives_a_dictionary_of_its_own():
    python_topics().clear()
    assert python_topics()


def test_the_licence_and_the_provenance_stand_beside_it():
    data = resources("crossentropy").joinpath("data")
    licence = data.joinpath("LICENSE-python.txt").read_text(encoding="utf-8")
    assert "PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2" in licence
    assert "3.13.0" in data.joinpath("README.md").read_text(encoding="utf-8")


def test_nobody_loads_it_without_asking():
    code = "import sys, crossentropy; print('crossentropy.corpus' in sys.modules)"
    command = [sys.executable, "-c", code]
    assert subprocess.run(command, capture_output=True, text=True).stdout == "False\n"
