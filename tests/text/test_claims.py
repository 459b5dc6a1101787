"""Numbers that stand in prose, captions and alternative texts, computed once more.

Most numbers stand beside the cell that prints them. Those that do not are computed here, and
looked for in the text: one function to a page.
"""

import builtins
import bz2
import importlib
import inspect
import lzma
import math
import re
import symtable
import zlib
from functools import cache
from keyword import kwlist
from string import ascii_lowercase

import numpy as np
import pytest
from places import BOOK
from scipy.special import expit
from scipy.stats import binom
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import crossentropy
from crossentropy import (
    cross_entropy,
    entropy,
    expected_calibration_error,
    kl_divergence,
    log_softmax,
    sigmoid,
    smooth_labels,
    softmax,
    softmax_cross_entropy,
    softmax_cross_entropy_grad,
)
from crossentropy._blocks import PARALLEL_ELEMENTS
from crossentropy.corpus import python_topics


def says(page: str, *claims: str) -> None:
    """Assert that a page contains each of the claims, wherever its lines break."""
    text = " ".join((BOOK / f"{page}.md").read_text().split())
    for claim in claims:
        assert claim in text, f"{page} does not say {claim!r}"


def test_index():
    wrong = cross_entropy([0, 1], [0.9, 0.1])
    says("index", 'A classifier says "cat, 90 %". It was a dog', "if the dog got the rest")
    says("index", f"$-\\ln 0.1 = {wrong:.2f}$ nats", "With 50 % for the dog", "with 100 % it would")
    says("index", f"$\\ln 2$, which is {np.log(2):.2f} nats")


def test_surprise_and_entropy():
    page = "surprise-and-entropy"
    odds = math.comb(49, 6)
    says(page, f"1 / {odds:_}", "about fourteen million times", "surprise is less than 24 bits")
    assert round(odds / 1e6) == 14
    assert 23 < np.log2(odds) < 24
    rain, coin, rare = entropy([[0.3, 0.7], [0.1, 0.9], [0.01, 0.99]], base=2)
    says(page, "$-\\log_2 0.3$ bits, a dry one with $-\\log_2 0.7$", "a share 0.3 of the days")
    says(page, "$0.3 \\cdot (-\\log_2 0.3) + 0.7 \\cdot (-\\log_2 0.7)$")
    says(page, f"the entropy of the weather, {rain:.3f} bits", f"line at {rain:.3f} bits, marked")
    says(page, f"For rain or no rain, with its {rain:.3f} bits")
    says(page, f"At 0.1 and 0.9 it is {coin:.2f} bits", f"still has {rare:.2f} bits")
    says(page, f"log_2 3 = {np.log2(3):.3f}$ bits", f"marked one third each, {np.log2(3):.3f} bits")
    says(page, f"$1/\\ln 2$, about {1 / np.log(2):.2f}", f"one nat is about {1 / np.log(2):.2f}")
    sides = np.exp(entropy([0.97, 0.01, 0.01, 0.01]))
    says(page, f"about as uncertain as {sides:.1f} equally likely ones")
    heads, tails = -np.log2([0.9, 0.1])
    says(
        page,
        "costs $-\\log_2 0.3$ each",
        "$0.9 \\cdot \\log_2\\frac{10}{9} + 0.1 \\cdot \\log_2 10 =",
    )
    says(page, f"= 0.9 \\cdot {heads:.3f} + 0.1 \\cdot {tails:.3f} = {coin:.3f}$")
    both, after = 52 // 4, 51 // 3
    says(page, "from a deck of 52", "probability 4/52, the second 3/51", "in 99 of 100 flips")
    says(page, f"$\\log_2 {both}$ and $\\log_2 {after}$", f"$\\log_2({both} \\cdot {after}) =")
    says(page, f"= \\log_2 {both * after}$", f"probability 1/{both * after}")
    above = 0.1 + 0.2 + (0.3 + 0.3) + 1 - entropy([0.1, 0.2, 0.3, 0.4], base=2)
    says(page, "distribution (0.4, 0.3, 0.2, 0.1)?", f"That is {above:.3f} above the entropy")

    rainy = np.random.default_rng(15).random(10_000) < 0.3
    average = np.where(rainy, *-np.log2([0.3, 0.7])).cumsum() / np.arange(1, 10_001)
    says(page, "stays within a tenth of a bit after a hundred days")
    assert np.abs(average[100:] - rain).max() < 0.1 < np.abs(average[:50] - rain).max()


def test_surprise_rounded_up():
    """Words of these lengths exist, by Kraft's inequality, and cost less than one bit too many."""
    says("surprise-and-entropy", "as many questions as its surprise, rounded up")
    says("surprise-and-entropy", "the average is less than $1/n$ above the entropy")
    for days in (1, 10, 100, 1000):
        wet = np.arange(days + 1)
        surprise = -wet * np.log2(0.3) - (days - wet) * np.log2(0.7)
        questions = np.ceil(surprise)
        chance = binom.pmf(wet, days, 0.3)
        assert chance @ 2.0 ** (surprise - questions) <= 1  # of all rows, the sum of 2^-questions
        assert 0 < chance @ questions / days - entropy([0.3, 0.7], base=2) < 1 / days


def test_cross_entropy_and_kl():
    page = "cross-entropy-and-kl"
    p, q = np.array([[4, 2, 1, 1], [1, 4, 1, 2]]) / 8
    own, paid = entropy(p, base=2), cross_entropy(p, q, base=2)
    says(page, f"You pay {paid} bits a day where {own} would do")
    says(page, f"Of the {paid} bits, {own} are the weather's", f"The rest, {paid - own} bits")
    says(page, f"band of height {entropy([0.3, 0.7], base=2):.2f} bits")
    says(page, "Let it rain with probability 0.3", "when it rains with probability 0.3")
    says(page, "the model that says 0.3, and there", "vanishes at 0.3", "touches the band at 0.3")
    says(page, f"$-1 \\cdot \\ln 0.5 = \\ln 2 = {np.log(2):.3f}$ nats")
    says(page, "$q = [0.2, 0.5, 0.3]$", "if the model moved the 0.3 from cherry to apple")
    says(
        page,
        "and a smaller one at 2.5",
        "0.7 times the bell or more",
        "leave out the rest, $-\\ln 0.7$",
    )
    share = 0.1
    rest = f"\\frac{{{share}}}{{26}}"
    says(
        page,
        f"$r = {1 - share}\\,q + {share}\\,u$",
        f"= {1 - share} + \\frac{{{share}}}{{26\\,q_k}}$",
    )
    says(page, f"$-\\log_2({1 - share} + {rest})$", f"$r_k \\ge {rest}$")
    says(page, f"more than $\\log_2 {26 / share:.0f}$ bits")


def test_the_codewords_of_the_weather():
    """Those that the cell writes: none begins another."""
    says("cross-entropy-and-kl", "No codeword is the beginning of another")
    words = [
        f"{int(start * 2**n):0{n}b}" for start, n in [(0, 1), (1 / 2, 2), (3 / 4, 3), (7 / 8, 3)]
    ]
    assert words == ["0", "10", "110", "111"]
    assert not any(a != b and a.startswith(b) for a in words for b in words)


def test_the_letters_of_the_manual():
    page = "cross-entropy-and-kl"
    manual = "".join(python_topics().values()).lower()

    def table(text, extra=0):
        counts = np.array([text.count(letter) + extra for letter in ascii_lowercase])
        return counts / counts.sum()

    names = "".join(kwlist).lower()
    truth, few = table(manual), table(names, extra=1)
    own, uniform, shifted = entropy(truth, base=2), np.full(26, 1 / 26), np.roll(truth, 13)
    excesses = [kl_divergence(truth, q, base=2) for q in (few, uniform, shifted)]
    says(page, f"needs {own:.3f} bits per letter at best", f"And {own:.3f} bits is not the last")
    says(page, f"about {own:.1f} bits, is the same in all", "a tenth of a bit")
    says(page, "{:.2f} for the table from the keywords, {:.2f} for the uniform".format(*excesses))
    says(page, f"and {excesses[2]:.2f} for the table shifted", f"loses {excesses[1]:.2f} bits")
    says(page, f"a text of {len(names)} letters", f"A table from {len(names)} letters")
    assert round(excesses[0], 1) == 0.1
    insured = kl_divergence(truth, 0.9 * table(names) + 0.1 * uniform, base=2)
    says(page, "about a tenth of a bit more than the text's own table once it is insured")
    assert round(insured, 1) == 0.1


def test_likelihood():
    page = "likelihood"
    ratio = 0.3**3 * 0.7**7 / (0.6**3 * 0.4**7)
    assert round(ratio) == 6
    says(page, f"{2**10:,} ways", "found the data six times as probable")
    says(page, "that it rains with probability 0.3, the other with probability 0.6")
    apart = np.log(ratio) / 10
    says(page, f"{apart:.2f} nats apart", f"$e^{{10 \\cdot {apart:.2f}}}$ is about 6")
    says(page, f"lowest point, {entropy([0.3, 0.7]):.3f} nats, is at 0.3")
    says(page, f"marks ln 2, {np.log(2):.3f} nats", "0.1 nats looks small and is nearly twice")
    assert 1.7 < 0.1 / entropy([0.01, 0.99]) < 2
    says(page, "the true probability of rain be 0.3", "has its lowest point at 0.3")
    says(page, "the share is 0.3 exactly", f"at {entropy([0.3, 0.7]):.3f} nats, the entropy of the")
    says(
        page,
        "has the smallest average",
        "of heads, 0.7. Its loss",
        "$-0.7 \\ln 0.7 - 0.3 \\ln 0.3$",
    )
    says(page, "$-0.7\\ln\\hat p - 0.3\\ln(1-\\hat p)$", "$\\hat p = 0.7$")
    says(page, "$-\\frac{0.7}{\\hat p} + \\frac{0.3}{1 - \\hat p}$")
    says(page, "an average loss of 0.12 nats", f"far below $\\ln 2 = {np.log(2):.2f}$")
    says(page, "says 0.02 to every", "$-0.02\\ln 0.02 - 0.98\\ln 0.98$, which is below 0.12")
    assert entropy([0.02, 0.98]) < 0.12


def test_the_bottoms_of_measured_losses():
    page = "likelihood"
    for days in (100, 200, 1000, 10_000):
        wet = np.arange(days + 1)
        chance = binom.pmf(wet, days, 0.3)
        gap = entropy([0.3, 0.7]) - entropy(np.column_stack([wet, days - wet]) / days)
        low, high = gap > 1e-9, gap < -1e-9
        assert 0.45 < chance[high].sum() < chance[low].sum() < 0.5
        assert (
            chance[low] @ gap[low] / chance[low].sum()
            > -chance[high] @ gap[high] / chance[high].sum()
        )
        assert chance @ gap == pytest.approx(1 / (2 * days), rel=0.01)
    says(page, "below $H(p)$ in nearly half of the data sets, and above it in nearly half")
    says(page, "the low ones are further away than the high ones")
    wet = np.arange(11)
    mean = binom.pmf(wet, 10, 0.3) @ entropy(np.column_stack([wet, 10 - wet]) / 10)
    says(page, f"by {entropy([0.3, 0.7]) - mean:.3f} for 10 days and by hardly anything for 200")


def test_what_the_letter_before_is_worth():
    letters = [ord(c) - 97 for c in "".join(python_topics().values()).lower() if "a" <= c <= "z"]
    pairs = np.histogram2d(letters[:-1], letters[1:], bins=26)[0] / (len(letters) - 1)
    rows, columns = pairs.sum(axis=1), pairs.sum(axis=0)
    worth = entropy(columns, base=2) + entropy(rows, base=2) - entropy(pairs.ravel(), base=2)
    says("likelihood", f"is worth {worth:.2f} bits")


def test_implementing_cross_entropy():
    page = "implementing-cross-entropy"
    plateau = -math.log(1e-9)
    says(
        page,
        "and the loss is $-\\ln 0.5$",
        f"Both are {-math.log(0.5):.3f}",
        f"$-\\ln 0.5 = {-math.log(0.5):.3f}$",
    )
    says(
        page, f"cost {plateau:.3f} nats", f"flat at {plateau:.1f}", f"scores {plateau:.3f}, and the"
    )
    says(
        page, f"$-\\ln 10^{{-9}} = 9 \\ln 10 = {plateau:.3f}$ nats", f"mean is ${plateau:.3f} / N$"
    )
    enough = math.ceil(plateau / 0.01)
    says(page, "below 0.01 nats", f"below 0.01 from $N = {enough}$ on")
    assert plateau / enough < 0.01 < plateau / (enough - 1)
    spacing = float(np.spacing(np.float32(1), dtype=np.float32)) / 2
    says(page, f"about $1 - {spacing:.0e}".replace("e-08", "\\cdot 10^{-8}$"))


def test_bce_versus_mse():
    page = "bce-versus-mse"
    p = 0.01
    says(page, f"it is {-math.log(p):.1f} nats at $\\\\hat p = {p}$")
    says(page, f"towards {-math.log(p):.1f} as the probability goes to {p};")
    says(page, f"At $\\hat p = {p}$ the squared error's slope is ${-2 * (1 - p):.2f}$")
    squared, cross = -2 * (1 - p) ** 2 * p, p - 1
    says(page, f"At $\\hat p = {p}$ the squared error's slope in the logit is ${squared:.4f}$, and")
    says(
        page,
        f"cross-entropy's is ${cross:.2f}$, fifty times",
        f"slopes, ${cross:.2f}$ and ${squared:.4f}$",
    )
    says(page, f"${squared:.4f}$ at $\\hat p = {p}$, against ${cross:.2f}$ for")
    assert round(cross / squared, -1) == 50
    grid = np.linspace(0, 1, 10_001)[1:-1]
    ratio = (1 - grid) / (2 * (1 - grid) ** 2 * grid)
    says(page, "2 at $\\hat p = 1/2$ and without bound towards 0")
    assert ratio.min() == pytest.approx(2)
    assert ratio[0] > 1000
    says(page, f"top {8 / 27:.3f} at logit {math.log(1 / 2):.2f}")
    sure = expit(-8)
    says(page, f"The squared error's is {2 * (1 - sure) ** 2 * sure:.4f}")
    says(page, "$\\hat p$ from 0.01 to 0.99, with")


def test_logits():
    page = "logits"
    says(page, f"$e^{{1000}}$ has {int(1000 / math.log(10)) + 1} digits")
    says(page, f"wrong by a factor of {1000 / -math.log(1e-9):.0f}")
    says(page, f"$1/(1 + e^{{-1}}) = {1 / (1 + math.exp(-1)):.2f}$")
    says(page, "it is 0.693, and vanishes on both sides", "ends near 16.6", "a plateau at 15.9")
    assert round(24 * math.log(2), 1) == 16.6
    assert round(-math.log(1 - float(np.float32(1) - np.float32(1e-7))), 1) == 15.9
    says(page, f"about $1 - {2**-24:.0e}".replace("e-08", "\\cdot10^{-8}$"))
    limits = [f"{math.log(np.finfo(kind).max):.2f}" for kind in (np.float64, np.float32)]
    says(page, f"$z = {limits[0]}$ in float64, {limits[1]} in float32, 11.09 in float16")
    says(page, f"Just above an exponent of {limits[0]}")
    assert round(math.log(65504), 2) == 11.09
    tiny = f"{math.exp(-40):.1e}".replace("e-18", "\\cdot10^{-18}$")
    says(
        page, f"about $e^{{-40}} = {tiny}", f"But $1 - {tiny} rounds to 1", f"should be ${tiny} and"
    )
    says(page, f"where it is $-{tiny} and not 0", "prints as `-0.0`")
    says(page, "8 \\ln 2 = 5.545$", f"At $z = 5$ the sum is ${1 + math.exp(-5):.4f}$", "99.75 %")
    assert round(8 * math.log(2), 3) == 5.545
    assert round(1 / (1 + math.exp(-6)), 4) == 0.9975
    says(page, f"The loss is {math.log(math.e + 9) - 1:.3f} where it should be 0")


def test_label_1_has_the_second_place():
    says("logits", "give them the logits $(0, z)$", "gives label 1, in the second place")
    z = np.linspace(-5, 5, 11)
    assert np.allclose(softmax(np.column_stack([0 * z, z]))[:, 1], expit(z), rtol=1e-14)


def test_where_the_sigmoid_of_float32_ends():
    """At the exact places: one step of float32 further, the result is another."""
    one = np.float32(24 * math.log(2))
    zero = -np.log(np.finfo(np.float32).max)
    last = np.float32(-150 * math.log(2))  # half of the smallest number, 2^-149
    says("logits", f"lost below ${zero:.2f}$ and from {one:.2f} on", f"below ${last:.2f}$.)")

    def formula(z):
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(-np.float32(z)))

    assert formula(one + 1e-3) == 1 > formula(one - 1e-3)
    assert formula(zero - 1e-3) == 0 < formula(zero + 1e-3)
    assert sigmoid(np.float32(last - 1e-3)) == 0 < sigmoid(np.float32(last + 1e-3))


def test_gradients():
    page = "gradients"
    share = np.linspace(0, 1, 100_001)
    length = 4 * np.sqrt(2) * share**2 * (1 - share)
    top = share[length.argmax()]
    says(page, f"its top {length.max():.2f} near a lead of {math.log(top / (1 - top)):.1f}")
    says(page, "more than a hundred times shorter", f"plateau of {math.sqrt(2):.2f}")
    lengths = [4 * p**2 * (1 - p) for p in expit([5, 10])]
    assert lengths[0] > 100 * lengths[1]
    says(page, f"left of {-math.log(2):.2f}, positive right of it")
    w = np.linspace(0, 4, 4001)
    few, many = expit(w / 2), expit(8 * w)
    loss = 4 * (1 - few) ** 2 + few**2 + 2 * many**2
    ridge, valley = w[loss[w < 2].argmax()], w[w > 1][loss[w > 1].argmin()]
    says(page, f"to a ridge near {ridge:.1f}, and sinks slowly into a second, shallower")
    says(page, f"shallower valley at {valley:.1f}")


def test_no_gradient_is_longer_than_claimed():
    says("gradients", "at most $\\sqrt2$ long", "its length within $\\sqrt2$")
    rng = np.random.default_rng(1)
    p, q = rng.dirichlet(np.full(4, 0.1), size=(2, 10_000))
    lengths = np.linalg.norm(p - q, axis=1)
    assert 1.41 < lengths.max() <= math.sqrt(2)


@pytest.mark.parametrize("lead", [2.0, 12.0, 25.0, 100.0])
@pytest.mark.parametrize("label", [0, 1, 2])
def test_the_relative_error_refuses_a_wrong_gradient_everywhere(lead, label):
    """An absolute tolerance does not, where a model is nearly right."""
    says("gradients", "ask for a relative error that the method can meet, such as $10^{-7}$")
    z, target, step = np.array([lead, 0, 0]), np.eye(3)[label], 1e-5
    right = softmax_cross_entropy_grad(target, z)
    slopes = [
        softmax_cross_entropy(target, z + nudge) - softmax_cross_entropy(target, z - nudge)
        for nudge in step * np.eye(3)
    ]
    for factor in (1, 2, 1.001):
        longer = max(np.linalg.norm(right) * factor, np.linalg.norm(slopes) / (2 * step))
        error = np.linalg.norm(factor * right - np.array(slopes) / (2 * step)) / longer
        assert (error < 1e-7) == (factor == 1)


PULLS = {  # of a margin: a logit, negative where it is wrong
    "cross-entropy": lambda margin: expit(-margin),
    "squared error": lambda margin: 2 * expit(-margin) ** 2 * expit(margin),
}


@cache
def threes_and_eights():
    """Return the digits of the race in twenty splits: rows with a constant, threes times -1."""
    pixels, labels = load_digits(return_X_y=True)
    splits = []
    for seed in range(20):
        images, _, names, _ = train_test_split(
            pixels / 16, labels, test_size=1 / 3, random_state=seed, stratify=labels
        )
        rows = np.column_stack([images, np.ones(len(images))])[np.isin(names, [3, 8])]
        splits.append(rows * np.where(names[np.isin(names, [3, 8])] == 8, 1, -1)[:, None])
    return np.stack(splits)


def push(pull, x, w):
    return np.swapaxes(x, 1, 2) @ PULLS[pull](x @ w) / x.shape[1]


def trained_wrongly(steps):
    x, w = threes_and_eights(), np.zeros((20, 65, 1))
    for _ in range(steps):
        w = w + push("cross-entropy", -x, w)
    return w


def steps_until_right(pull, w, sizes=1.0, limit=1000):
    """Return the first step with 95 % for each of the splits, and the shares on the way."""
    x, counts, shares = threes_and_eights(), np.full(w.shape[::2], np.inf), []
    for count in range(limit + 1):
        shares.append(np.mean(x @ w > 0, axis=1))
        counts[(shares[-1] >= 0.95) & np.isinf(counts)] = count
        if np.isfinite(counts).all():
            break
        w = w + sizes * push(pull, x, w)
    return counts, np.array(shares)


def test_the_race():
    page, wrong = "training", trained_wrongly(30)
    cross, shares = steps_until_right("cross-entropy", wrong)
    squared, _ = steps_until_right("squared error", wrong)
    says(
        page, f"{cross[15, 0]:.0f} steps and the squared error of the sigmoid {squared[15, 0]:.0f}"
    )
    says(page, f"climbs to 0.95 between step {cross.min():.0f} and step {cross.max():.0f}")
    says(page, f"reaches 0.95 between step {squared.min():.0f} and step {squared.max():.0f}, in")
    says(page, f"in the thick line at {squared[15, 0]:.0f}")
    says(
        page, f"start between {shares[0].min():.3f} and {shares[0].max():.3f}, and none reaches 0.1"
    )
    assert shares[:3].max() < 0.1
    assert round(squared[15, 0] / cross[15, 0], -1) == 50
    x, w = threes_and_eights(), wrong
    for _ in range(200):
        w = w + push("squared error", x, w)
    says(page, "it calls every image an 8", "Squared error stops at 0.49 by step 15")
    assert np.all((x @ w > 0) == (x[:, :, 64:] > 0))
    assert np.round((x @ w > 0).mean(), 2) == 0.49


def test_the_race_with_other_step_sizes():
    page, sizes = "training", np.array([4, 4 * math.sqrt(2), 8])
    starts = np.repeat(trained_wrongly(30), 3, axis=2)
    squared = np.median(steps_until_right("squared error", starts, sizes, 300)[0], axis=0)
    cross = np.median(steps_until_right("cross-entropy", starts, sizes)[0], axis=0)
    says(page, f"to {squared[1]:.0f} at {sizes[1]:.2f}, rises to {squared[2]:.0f} at 8")
    says(page, f"near {sizes[1]:.2f}. There it needs {squared[1]:.0f} steps in the median, eight")
    says(page, "whose best size is 4, it would have been fourteen times")
    assert squared[1] < squared[0] < squared[2]
    assert np.round(squared[:2] / cross[:2]).tolist() == [14, 8]
    lucky = steps_until_right("squared error", starts[..., :1], 32.0, 10)[0].min()
    says(page, f"one of them in {lucky:.0f} steps")


def test_the_more_wrong_the_longer():
    few, many = trained_wrongly(10), trained_wrongly(40)
    cross = [np.median(steps_until_right("cross-entropy", w)[0]) for w in (few, many)]
    squared = [np.median(steps_until_right("squared error", w, 1, 2000)[0]) for w in (few, many)]
    claim = "about {:.0f} and {:.0f} steps for cross-entropy, about {:.0f} and {:.0f} for the"
    says("training", claim.format(cross[0], cross[1] + 0.1, squared[0], round(squared[1], -1)))


def test_the_two_gradients_part():
    page, x, w = "training", threes_and_eights()[15:16], trained_wrongly(30)[15:16]
    cosines, ratios = [], []
    for _ in range(700):
        cross, squared = (push(pull, x, w) for pull in PULLS)
        lengths = np.linalg.norm(cross), np.linalg.norm(squared)
        cosines.append(np.sum(cross * squared) / np.prod(lengths))
        ratios.append(lengths[1] / lengths[0])
        w = w + squared
    apart = np.flatnonzero(np.array(cosines) < 0)
    says(page, "From the third step on", f"gradient is negative until step {apart[-1]}")
    assert np.array_equal(apart, np.arange(3, apart[-1] + 1))
    says(page, "for hundreds of steps with less than a thousandth of the length")
    assert max(ratios[apart[-1] : 400]) < 1e-3


def test_outputs_below_0_pull_the_line_off():
    pixels, labels = load_digits(return_X_y=True)
    rows = np.column_stack([pixels / 16, np.ones(len(pixels))])
    train, test, names, test_names = train_test_split(
        rows, labels, test_size=1 / 3, random_state=15, stratify=labels
    )
    solve = np.linalg.solve(train.T @ train + np.eye(65), train.T)
    targets = aims = np.eye(10)[names]
    for _ in range(30):
        w = solve @ aims
        aims = np.where(targets == 0, np.minimum(train @ w, 0), 1)  # as good as 0
    share = np.mean((test @ w).argmax(axis=1) == test_names)
    says("training", f"If it forgave them, {share:.0%} would be right".replace("%", " %"))


def test_training():
    says("training", "All of them cost more than 2 nats, so the model gave less than 0.14")
    assert math.exp(-2) < 0.14


def test_variations():
    best = np.log(0.95 / 0.05)
    says("variations", f"its lowest point {entropy([0.95, 0.05]):.3f} at logit {best:.2f}")
    assert round((1 - 0.9) ** 2, 12) == 0.01
    says("variations", "an example whose label has 90 % costs one hundredth")
    assert round(-np.log(0.6), 1) == 0.5
    assert -((1 - 0.6) ** 5) * np.log(0.6) < 0.01
    says("variations", "On the right, above 0.6, the curve", "while cross-entropy is still 0.5")
    assert round(1000 * np.log(0.99) / np.log(0.1)) == 4
    says("variations", "the easy ones outweigh the hard one four to one")
    labelled, other = smooth_labels(np.eye(10)[3], 0.1)[[3, 0]]
    says("variations", f"gets $1 - 0.1 + 0.1/10 = {labelled:.2f}$", f"$0.1/10 = {other:.2f}$")
    assert round(labelled / other) == 91
    odds = 9 * 0.1 / 0.9
    assert odds / (1 + odds) == pytest.approx(0.5)
    says("variations", "reaching 0.5 at a truth of 0.1", "truth of $1/(1 + w)$, here 0.1")
    says("variations", "Smoothing 0.2 is a straight line from 0.1 to 0.9")
    says("variations", f"makes every eight among them cost {-math.log(1e-9):.1f} nats")
    says("variations", "would never say less than 5 % or more than 95 %")
    assert smooth_labels([0, 1], 0.1) == pytest.approx([0.05, 0.95])


def test_small_batches_weaken_weights():
    """One batch after another, and the mean of their means."""
    says(
        "variations",
        "With one example to a batch the weights do nothing, with small batches they do less",
    )
    rng = np.random.default_rng(15)
    losses, weights = (
        rng.exponential(size=24_000),
        rng.choice([1.0, 9.0], p=[0.9, 0.1], size=24_000),
    )
    losses += weights  # the rare class is harder
    means = []
    for size in (1, 2, 5, 20, 100, 24_000):
        batches = losses.reshape(-1, size), weights.reshape(-1, size)
        means.append(np.average(batches[0], axis=1, weights=batches[1]).mean())
    assert means[0] == pytest.approx(losses.mean())
    assert means == sorted(means)
    assert means[0] < means[1] - 0.1 < means[-1] - 0.2


def test_calibration():
    honest, exaggerated = 0.8 * 0.2 + 0.2 * 0.8, 0.2
    says("calibration", f"= {honest:.2f}$. Exaggerated: ", f"+ 0.2 \\cdot 1 = {exaggerated}$")
    assert 1.5 < honest / exaggerated < 2
    says("calibration", "Honesty costs more than half as much again")
    says("calibration", "a falling straight line from 0.7 at 0 to 0.3 at 1")
    excesses = kl_divergence([[0.5, 0.5], [0.1, 0.9]], [[0.41, 0.59], [0.01, 0.99]])
    assert 8.5 < excesses[1] / excesses[0] < 9
    says("calibration", "The log score charges almost nine times as much")
    assert 1.5e9 < np.exp(21.357) < 2.5e9
    says(
        "calibration",
        "up to 21 nats, where the truth had a probability of about one in two billion",
    )
    p = 0.3
    for gap in (1e-3, -1e-3):  # the log score's excess for a small error
        exact = kl_divergence([p, 1 - p], [p + gap, 1 - p - gap])
        assert exact == pytest.approx(gap**2 / (2 * p * (1 - p)), rel=1e-2)
    says("calibration", "three times what the rule for small errors says")
    assert round(excesses[1] / (0.09**2 / (2 * 0.1 * 0.9))) == 3
    says(
        "calibration", "A perfectly calibrated model does not score 0**, unless it is always right"
    )
    assert expected_calibration_error([1, 1, 1], [1.0, 1.0, 1.0]) == 0


def test_language_models():
    frequencies = np.array([10, 100]) / 110
    says("language-models", '"a" with probability $10/110$', '"a" has probability one half')
    each_token = softmax(np.log(frequencies)) - np.eye(2)[[0] * 10 + [1] * 100]
    assert np.allclose(each_token.mean(axis=0), 0)
    each_sequence = np.array([0.5, 0.5]) - np.eye(2)
    assert np.allclose(each_sequence.mean(axis=0), 0)
    says("language-models", "Of the six letters five are predicted")
    says(
        "language-models", "let all 70 settings predict", f"$\\log_2 70 = {math.log2(70):.1f}$ bits"
    )
    bits = np.random.default_rng(15).uniform(20, 60, size=70)
    mixed = -math.log2(np.mean(2.0**-bits))
    assert bits.min() < mixed <= bits.min() + math.log2(70)


def test_streams_of_compressors_tell_their_end():
    """And containers do not count: what is left of an empty text is a few bytes."""
    says("language-models", "a stream has to tell where the text ends. Those of the compressors do")
    text, strongest = b"banana " * 9, [{"id": lzma.FILTER_LZMA1}]
    packer = zlib.compressobj(wbits=-15)
    readers = {
        zlib.decompressobj(wbits=-15): packer.compress(text) + packer.flush(),
        bz2.BZ2Decompressor(): bz2.compress(text),
        lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=strongest): lzma.compress(
            text, lzma.FORMAT_RAW, filters=strongest
        ),
    }
    for reader, stream in readers.items():
        assert reader.decompress(stream + b"more") == text
        assert reader.unused_data == b"more"


def test_at_scale():
    says("at-scale", "gets stuck at $2^{24}$, because the next number is $2^{24} + 2$")
    assert np.nextafter(np.float32(2**24), np.float32(np.inf)) == 2**24 + 2
    above_chance = np.log((np.e**4 - 1) / 4) - 2
    says("at-scale", f"That is {above_chance:.1f} nats above chance")
    block = 2000 * 1000 * 4
    says("at-scale", f"`n_blocks = 100_000` for {100_000 * block / 1e9:.0f} GB of logits")
    may, left = 0.8 * 400, 0.8 * 400 - 150
    says("at-scale", f"80 % of 400 MB is {may:.0f} MB, of which {left:.0f} MB are left")
    says("at-scale", "takes 4000 bytes, twice, so 8000 bytes", "from 10 thousand to 320 thousand")
    assert block > PARALLEL_ELEMENTS
    says("at-scale", "a block of more than a million numbers in two threads")
    assert round(PARALLEL_ELEMENTS, -5) == 1_000_000


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

    two, right = math.log(math.e + 1) - 1, -math.log(expit(1))
    assert two == pytest.approx(right)
    says(
        "questions", f"for two classes {two:.3f}", f"leaves two values, {right:.3f} for the label 1"
    )
    says("questions", f"and {-math.log(1 - expit(0)):.3f} for the label 0")


def test_each_question_stands_on_its_own():
    """Its cells use no name but those of the first cell and their own."""
    says("questions", "each answer stands on its own, and needs no cells but its own and the first")
    text = (BOOK / "questions.md").read_text()
    first, *sections = re.split(r"^## ", text, flags=re.MULTILINE)

    def names(text):
        cells = re.findall(r"^```\{code-cell\}.*?\n(?:---.*?^---\n)?(.*?)^```$", text, re.M | re.S)
        table = symtable.symtable("\n".join(cells), "cells", "exec")
        inner = [child for child in table.get_children() if child.get_type() != "class"]
        used = {s.get_name() for t in [table, *inner] for s in t.get_symbols() if s.is_global()}
        bound = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
        used |= {s.get_name() for s in table.get_symbols() if s.is_referenced()}
        return used, bound

    given = names(first)[1] | set(dir(builtins))
    assert len(sections) > 10
    for section in sections:
        used, bound = names(section)
        assert used - bound - given == set(), section.splitlines()[0]


@pytest.mark.parametrize("seed", [0, 1])
def test_the_loss_rises_while_the_accuracy_rises(seed):
    says("questions", "Other splits and other starts show the same")
    pixels, digits = load_digits(return_X_y=True)
    x, test, y, names = train_test_split(
        pixels, digits, train_size=60, random_state=seed, stratify=digits
    )
    spread = x.std(axis=0) + 1
    x, test = (x - x.mean(axis=0)) / spread, (test - x.mean(axis=0)) / spread
    rng = np.random.default_rng(seed)
    first = rng.normal(scale=np.sqrt(2 / 64), size=(64, 32))
    second = rng.normal(scale=np.sqrt(1 / 32), size=(32, 10))
    losses, shares = [], []
    for step in range(2001):
        hidden = np.maximum(x @ first, 0)
        slope = softmax_cross_entropy_grad(np.eye(10)[y], hidden @ second) / len(y)
        if step in (150, 2000):
            z = np.maximum(test @ first, 0) @ second
            losses.append(softmax_cross_entropy(np.eye(10)[names], z))
            shares.append(np.mean(z.argmax(axis=1) == names))
        back = (slope @ second.T) * (hidden > 0)
        first, second = first - 0.3 * x.T @ back, second - 0.3 * hidden.T @ slope
    assert losses[1] > losses[0]
    assert shares[1] > shares[0]


SINGLE_STAYS_SINGLE = ("activations", "classification", "gradients", "information", "regression")


def test_api_says_which_functions_keep_single_precision():
    says(
        "api",
        "A result has the precision of the most precise argument",
        "half precision gives single",
    )
    says("api", "are in double precision, whatever")
    logits = np.array([[2, -1, 0], [0, 1, 3], [1, 2, 0.5]], np.float32)
    p, labels = softmax(logits), np.array([0, 2, 0])
    given = {"labels": labels, "targets": p, "predictions": p, "smoothing": 0.1}
    given |= {"p": p, "q": p, "probs": p, "logits": logits, "mean_loss": np.float32(1)}
    for module in (*SINGLE_STAYS_SINGLE, "calibration"):
        module = importlib.import_module(f"crossentropy.{module}")
        for name in module.__all__:
            function = getattr(module, name)
            if name == "ReliabilityCurve":
                continue
            parameters = inspect.signature(function).parameters.values()
            needed = {x.name: given[x.name] for x in parameters if x.default is x.empty}
            if "binary" in name or name == "squared_error_of_sigmoid_grad":
                needed = {key: value[..., 0] for key, value in needed.items()}
                needed["labels"] = labels > 0
            result = function(**needed)
            result = result[0] if isinstance(result, tuple) else result
            expected = np.float64 if module.__name__.endswith("calibration") else np.float32
            assert np.asarray(result).dtype == expected, name


@pytest.mark.parametrize(
    ("truth", "prediction", "expected"),
    [
        (np.float64, np.float32, np.float64),
        (np.float32, np.float64, np.float64),
        (np.float32, np.float16, np.float32),
        (np.float16, np.float16, np.float32),
        (list, np.float32, np.float32),
        (list, list, np.float64),
        (int, int, np.float64),
    ],
)
def test_api_says_which_precision_wins(truth, prediction, expected):
    one_hot, logits = [[0, 1], [1, 0]], [[0, 2], [3, 1]]
    given = [
        x if kind is list else np.array(x, kind)
        for x, kind in ((one_hot, truth), (logits, prediction))
    ]
    assert softmax_cross_entropy(*given).dtype == expected
    assert softmax_cross_entropy_grad(*given).dtype == expected


def test_api_says_that_options_are_given_by_name():
    says("api", "Options are given by name")
    for name in crossentropy.__all__:
        function = getattr(crossentropy, name)
        if inspect.isfunction(function):
            for parameter in inspect.signature(function).parameters.values():
                option = parameter.default is not parameter.empty
                assert option == (parameter.kind is parameter.KEYWORD_ONLY) or (
                    parameter.kind is parameter.VAR_KEYWORD
                ), name


def test_api_says_that_the_truth_comes_first():
    says("api", "The truth comes first and the prediction second")
    pairs = 0
    for name in crossentropy.__all__:
        names = list(inspect.signature(getattr(crossentropy, name)).parameters)
        truth = [names.index(x) for x in ("labels", "targets", "p") if x in names]
        prediction = [names.index(x) for x in ("logits", "probs", "predictions", "q") if x in names]
        if truth and prediction:
            assert (truth, prediction) == ([0], [1]), name
            pairs += 1
    assert pairs > 18


def test_each_work_in_the_bibliography_has_an_address():
    says("bibliography", "Each has a DOI or the address of a page")
    works = (BOOK / "references.bib").read_text().split("\n@")
    assert len(works) > 25
    for work in works:
        assert re.search(r"^  (doi|url) +=", work, re.MULTILINE), work


def text_of(page: str) -> str:
    """Return what a page says in prose and captions, without its cells and its code."""
    text = (BOOK / f"{page}.md").read_text()
    for cell in re.findall(r"^```\{code-cell\}.*?^```$", text, re.MULTILINE | re.DOTALL):
        text = text.replace(
            cell, " ".join(re.findall(r'caption: "(.*?)"\n  image', cell, re.DOTALL))
        )
    return re.sub(r"(?<!`)`[^`\n]+`(?!`)", "", text)


def symbols(text: str) -> set[str]:
    """Return the letters in the formulas of a text; a hat or a tilde belongs to its letter."""
    formulas = re.findall(r"```\{math\}\n(.*?)```", text, re.DOTALL)
    formulas += re.findall(
        r"\$([^$]+)\$", re.sub(r"```\{math\}.*?```|\$(?=\$)", "", text, flags=re.DOTALL)
    )
    found = set()
    for formula in formulas:
        tex = re.sub(r":label:.*|\\(text|operatorname|begin|end)\{[^}]*\}", " ", formula)
        tex = re.sub(r"\\math(rm|sf)\s*(\{[^}]*\}|\w)|\\(mathbb)", " ", tex)
        tex = re.sub(r"\\(hat|tilde) (\w)", r"\\\1\2", tex)
        found |= set(
            re.findall(r"\\(?:hat|tilde)\w|\\[a-zA-Z]+|[a-zA-Z]", tex.replace("\\\\", "\\"))
        )
    return {name for name in found if len(name) == 1 or name in GREEK}


GREEK = {r"\alpha", r"\gamma", r"\delta", r"\varepsilon", r"\lambda", r"\sigma", r"\ell"}
GREEK |= {rf"\{accent}{letter}" for accent in ("hat", "tilde") for letter in "fpqxyz"}
EVERYWHERE, SOMEWHERE = "Distributions, labels, predictions", "Letters with one chapter"


def test_each_symbol_stands_in_the_notation():
    """In the general tables, or beside the name of the chapter that uses it."""
    general, _, special = (BOOK / "notation.md").read_text().partition(SOMEWHERE)
    rows, _, conventions = special.partition("## Conventions")
    anywhere = symbols(general) | symbols(conventions)
    missing = {}
    for path in BOOK.glob("*.md"):
        label = re.match(r"(?:---.*?---\s+)?\((ch-[\w-]+)\)=", path.read_text(), re.DOTALL)[1]
        own = [row.split("|")[1] for row in rows.splitlines() if f"`{label}`" in row]
        unknown = symbols(text_of(path.stem)) - anywhere - symbols(" ".join(own))
        if unknown and path.stem not in ("notation", "glossary"):
            missing[path.stem] = sorted(unknown)
    assert missing == {}


def test_each_row_of_the_notation_links_a_term_or_a_chapter():
    for line in (BOOK / "notation.md").read_text().splitlines():
        if line.startswith("| $"):
            assert re.search(r"\{(term|ref)\}`", line), line


def entries_of_the_glossary() -> dict[str, str]:
    """Return what the glossary says for each term."""
    body = (BOOK / "glossary.md").read_text().partition(":sorted:\n")[2].partition("\n```")[0]
    entries = {}
    for block in body.strip().split("\n\n"):
        lines = block.splitlines()
        names = [line for line in lines if not line.startswith(" ")]
        entries |= dict.fromkeys(names, " ".join(line.strip() for line in lines[len(names) :]))
    return entries


def test_each_entry_of_the_glossary_has_few_sentences_and_a_chapter():
    entries = entries_of_the_glossary()
    assert len(entries) > 90
    for name, text in entries.items():
        assert "{ref}`ch-" in text, name
        assert 1 <= len(re.findall(r"[.:](?=\s|$)", text)) <= 4, name


def test_glossary():
    largest = np.log(np.finfo(np.float32).max)
    says("glossary", f"from about {largest:.1f} on", f"$\\ln 2 \\approx {np.log(2):.3f}$ nats")
    says("glossary", f"$1/\\ln 2 \\approx {1 / np.log(2):.3f}$ bits")
    assert np.finfo(np.float32).eps == 2.0**-23
    says("glossary", "The class with the largest probability stays the same, but the probabilities")
    logits = np.random.default_rng(15).normal(scale=5, size=(100, 4))
    sharp, soft = softmax(logits), softmax(logits / 2)
    assert (sharp.argmax(axis=1) == soft.argmax(axis=1)).all()
    assert (sharp > 0.9).sum() > (soft > 0.9).sum()
