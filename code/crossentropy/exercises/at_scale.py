"""The exercises of `book/at-scale.md`."""

from __future__ import annotations

from typing import Any

import numpy as np

from crossentropy.exercises._draws import numbers
from crossentropy.exercises._graders import Function, Number, case

A14 = Number(
    (0.8 * 400e6 - 150e6) // 8000,
    hint="How many bytes are left for the block, and how many does a row take?",
    mistakes={
        "There is a copy of the block beside it.": (0.8 * 400e6 - 150e6) // 4000,
        "The worker needs memory before it has a block.": 0.8 * 400e6 // 8000,
        "There is a copy of the block, and the worker needs memory before it has one.": (
            0.8 * 400e6 // 4000
        ),
        "Stay within the 80 %.": (400e6 - 150e6) // 8000,
        "Stay within the 80 %, and mind the copy.": (400e6 - 150e6) // 4000,
        "The 80 % are of the limit, what it uses at rest included.": 0.8 * (400e6 - 150e6) // 8000,
        "A number in float32 takes 4 bytes, and there is a copy.": (0.8 * 400e6 - 150e6) // 2000,
        "A number in float32 takes 4 bytes, not 8.": (0.8 * 400e6 - 150e6) // 16000,
        "A row has 1000 numbers of 4 bytes each, and there is a copy.": (
            (0.8 * 400e6 - 150e6) // 8,
            (0.8 * 400e6 - 150e6) // 4,
            (0.8 * 400e6 - 150e6) // 1000,
        ),
        "1 MB is a million bytes here.": (0.8 * 400 - 150) * 2**20 / 8000 // 1,
        "Those are the bytes. How many rows is that?": 170_000_000,
        "Those are the megabytes. How many rows is that?": 170,
    },
)


def merge_means(first: Any, second: Any) -> tuple[float, float]:
    weight = first[1] + second[1]
    total = first[0] * first[1] + second[0] * second[1]
    return (total / weight if weight else 0.0), weight


def merged_over(weight: Any) -> Any:
    """Return the merging that divides by another number."""
    return lambda a, b: ((a[0] * a[1] + b[0] * b[1]) / weight(a[1], b[1]), a[1] + b[1])


def draw_means(rng: np.random.Generator) -> tuple[Any, Any]:
    weights = rng.choice([0.0, 0.25, 1.0, 3.0, 100.0], size=2)
    means = np.where(weights > 0, numbers(rng, 2), 0.0)
    first, second = np.column_stack([means, weights])
    return first, second


B18 = Function(
    merge_means,
    [
        case([2.0, 300.0], [5.0, 100.0]),
        case([1.0, 10.0], [3.0, 10.0]),
        case([2.0, 0.25], [5.0, 0.5], hint="A weight may be any number above 0, below 1, too."),
        case([2.0, 1e-200], [5.0, 3e-200], hint="Divide by the weight, however small it is."),
        case([1.5, 8.0], [0.0, 0.0], hint="The second shard is empty here."),
        case([0.0, 0.0], [1.5, 8.0], hint="The first shard is empty here."),
        case([0.0, 0.0], [0.0, 0.0], hint="Both shards are empty here: mean 0, weight 0."),
    ],
    hint={
        "the mean": "Get the two sums back first, add them up, and divide once.",
        "the weight": "The weight of both is the sum of their weights.",
    },
    mistakes={
        "That is the mean of the means. Weigh them.": lambda a, b: (
            (a[0] + b[0]) / 2,
            a[1] + b[1],
        ),
        "Return the mean, not the sum.": merged_over(lambda v, w: 1),
        "Have the weights changed places? Each belongs to its own mean.": lambda a, b: merge_means(
            (a[0], b[1]), (b[0], a[1])
        ),
        "Divide by both weights together.": (
            merged_over(lambda v, w: v),
            merged_over(lambda v, w: w),
            merged_over(lambda v, w: 2),
            merged_over(lambda v, w: (v + w) / 2),
        ),
        "A weight may be below 1: divide by it, unless it is 0.": (
            merged_over(lambda v, w: max(v + w, 1)),
            merged_over(lambda v, w: (v + w) + (v + w == 0) if v + w >= 1 or v + w == 0 else 1),
        ),
        "Whoever adds to the weight changes the mean. Ask whether it is 0.": tuple(
            merged_over(lambda v, w, e=e: v + w + e) for e in (1e-6, 1e-8, 1e-9, 1e-12)
        ),
        "Both may be empty: then there is nothing to divide by.": merged_over(lambda v, w: v + w),
        "Return the mean first, and the weight second.": lambda a, b: merge_means(a, b)[::-1],
    },
    draw=draw_means,
    atol=0,
)


def merge_spread(first: Any, second: Any) -> tuple[float, float, float]:
    (n1, m1, s1), (n2, m2, s2) = first, second
    n = n1 + n2
    return n, (n1 * m1 + n2 * m2) / n, s1 + s2 + n1 * n2 / n * (m1 - m2) ** 2


def spread_with(sum_of_squares: Any) -> Any:
    """Return the merging with another sum of squared deviations."""
    return lambda a, b: (*merge_spread(a, b)[:2], sum_of_squares(a, b, merge_spread(a, b)))


def draw_spreads(rng: np.random.Generator) -> tuple[Any, Any]:
    counts = rng.integers(1, 9, size=2).astype(float)
    means = numbers(rng, 2) + rng.choice([0, 0, 1e4])
    squares = np.where(counts > 1, numbers(rng, 2, low=0, high=4), 0.0)
    first, second = np.column_stack([counts, means, squares])
    return first, second


LARGE = "The means are large beside the spread: subtract them before you square."

C12 = Function(
    merge_spread,
    [
        case([2.0, 1.0, 0.5], [2.0, 1.0, 1.5]),
        case([5.0, 1.04, 4.0], [7.0, 0.94, 6.0]),
        case([1.0, 3.0, 0.0], [2.0, -1.0, 8.0]),
        case([1.0, 1e6, 0.0], [3.0, 1e6 + 1, 2.0], hint=LARGE),
        case([2.0, 1e6 + 0.1, 0.02], [5.0, 1e6 + 0.3, 0.04], hint=LARGE),
        case([2.0, 1e7 + 0.1, 0.02], [5.0, 1e7 + 0.4, 0.03], hint=LARGE),
    ],
    hint={
        "the number": "The shards have so many losses together.",
        "the mean": "The common mean weighs each shard by its number.",
        "the sum of squares": "Add up the deviations from the common mean, one shard at a time.",
    },
    mistakes={
        "The means differ, so each shard is shifted from the common mean.": spread_with(
            lambda a, b, both: a[2] + b[2]
        ),
        "The common mean weighs each shard by its number.": lambda a, b: (
            a[0] + b[0],
            (a[1] + b[1]) / 2,
            merge_spread(a, b)[2],
        ),
        "Each squared shift counts once for each example of the shard.": spread_with(
            lambda a, b, both: a[2] + b[2] + sum((x[1] - both[1]) ** 2 for x in (a, b))
        ),
        "The shift is to be squared.": spread_with(
            lambda a, b, both: a[2] + b[2] + a[0] * b[0] / both[0] * abs(a[1] - b[1])
        ),
        "Each shard is shifted from the common mean, not from the other shard's.": spread_with(
            lambda a, b, both: a[2] + b[2] + both[0] * (a[1] - b[1]) ** 2
        ),
        "Both shards are shifted, not one of them.": (
            spread_with(lambda a, b, both: a[2] + b[2] + a[0] * (a[1] - both[1]) ** 2),
            spread_with(lambda a, b, both: a[2] + b[2] + b[0] * (b[1] - both[1]) ** 2),
        ),
        "The sums of squares of the shards themselves count, too.": spread_with(
            lambda a, b, both: both[2] - a[2] - b[2]
        ),
        "Keep sums of squares, do not divide them.": (
            spread_with(lambda a, b, both: both[2] / both[0]),
            spread_with(lambda a, b, both: both[2] / (both[0] - 1)),
        ),
        "Keep the sum of squares, not its root.": spread_with(lambda a, b, both: np.sqrt(both[2])),
        LARGE: (
            spread_with(
                lambda a, b, both: (
                    sum(x[2] + x[0] * x[1] ** 2 for x in (a, b)) - both[0] * both[1] ** 2
                )
            ),
            spread_with(
                lambda a, b, both: (
                    both[0]
                    * (sum(x[2] + x[0] * x[1] ** 2 for x in (a, b)) / both[0] - both[1] ** 2)
                )
            ),
        ),
    },
    draw=draw_spreads,
)
