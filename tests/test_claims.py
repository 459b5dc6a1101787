"""Numbers that stand in prose, captions and alternative texts, computed once more.

Most numbers stand beside the cell that prints them. Those that do not are computed here, and
looked for in the text: one function to a page.
"""

import math
from pathlib import Path

import numpy as np

from crossentropy import entropy, log_softmax, smooth_labels, softmax

BOOK = Path(__file__).resolve().parent.parent / "book"


def says(page: str, *claims: str) -> None:
    """Assert that a page contains each of the claims, wherever its lines break."""
    text = " ".join((BOOK / f"{page}.md").read_text().split())
    for claim in claims:
        assert claim in text, f"{page} does not say {claim!r}"


def test_surprise_and_entropy():
    odds = math.comb(49, 6)
    says(
        "surprise-and-entropy", f"1 / {odds:_}", "fourteen million times", "less than 24 bits away"
    )
    assert round(odds / 1e6) == 14
    assert 23 < np.log2(odds) < 24
    rain, coin = entropy([[0.3, 0.7], [0.1, 0.9]], base=2)
    says("surprise-and-entropy", f"the entropy of the weather, {rain:.3f} bits")
    says("surprise-and-entropy", f"At 0.1 and 0.9 it is {coin:.2f} bits")
    says("surprise-and-entropy", f"log_2 3 = {np.log2(3):.3f}$ bits")
    heads, tails = -np.log2([0.9, 0.1])
    says("surprise-and-entropy", f"0.9 \\cdot {heads:.3f} + 0.1 \\cdot {tails:.3f} = {coin:.3f}$")


def test_cross_entropy_and_kl():
    says("cross-entropy-and-kl", f"band of height {entropy([0.3, 0.7], base=2):.2f} bits")
    says("cross-entropy-and-kl", f"$-1 \\cdot \\ln 0.5 = \\ln 2 = {np.log(2):.3f}$ nats")


def test_likelihood():
    ratio = 0.3**3 * 0.7**7 / (0.6**3 * 0.4**7)
    assert round(ratio) == 6
    says("likelihood", f"{2**10:,} ways", "found the data six times as probable")
    apart = np.log(ratio) / 10
    says("likelihood", f"{apart:.2f} nats apart", f"$e^{{10 \\cdot {apart:.2f}}}$ is about 6")
    says("likelihood", f"lowest point, {entropy([0.3, 0.7]):.3f} nats, is at 0.3")
    says(
        "likelihood",
        f"marks ln 2, {np.log(2):.3f} nats",
        "0.1 nats looks small and is nearly twice",
    )
    assert 1.7 < 0.1 / entropy([0.01, 0.99]) < 2
    assert (np.random.default_rng(15).random(10) < 0.3).sum() == 2
    says("likelihood", "The curve for 10 days has its lowest point at 0.2")


def test_questions():
    floor = np.log(np.e + 9) - 1
    says("questions", f"comes to rest at {floor:.3f} instead of 0", f"which is {floor:.3f} for ten")

    assert entropy([0.95, 0.05]) < 0.3 < np.log(2) / 2
    says("questions", "a loss of 0.3 is less than half of chance, and worse than a model that")

    target = smooth_labels(np.eye(10)[3], 0.1)
    says("questions", f"has stalled at {entropy(target):.1f} has arrived")

    logits = np.zeros((2, 10))
    logits[:, 3] = -10, 2
    once, twice = -log_softmax(logits)[:, 3], -log_softmax(softmax(logits))[:, 3]
    says("questions", "falls from above 12 to 0", f"the curve starts at {twice[0]:.1f}")
    assert 12 < once[0] < 13

    costs = -np.log([0.1, 0.9])
    mean = costs @ [0.1, 0.9]
    says(
        "questions",
        f"costs $-\\ln 0.1 = {costs[0]:.3f}$",
        f"cost $-\\ln 0.9 = {costs[1]:.3f}$",
        f"{costs[0]:.3f} + 0.9 \\cdot {costs[1]:.3f} = {mean:.3f}$",
    )
    assert mean < 0.35 < np.log(2)


def test_glossary():
    largest = np.log(np.finfo(np.float32).max)
    says("glossary", f"from about {largest:.1f} on", f"$\\ln 2 \\approx {np.log(2):.3f}$ nats")
    says("glossary", f"$1/\\ln 2 \\approx {1 / np.log(2):.3f}$ bits")
    assert np.finfo(np.float32).eps == 2.0**-23
