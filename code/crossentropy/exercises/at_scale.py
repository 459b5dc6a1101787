"""The exercises of `book/at-scale.md`."""

from __future__ import annotations

from typing import Any

from crossentropy.exercises._graders import Function, Number, case

A14 = Number(
    (0.8 * 400e6 - 150e6) // 8000,
    hint="How many bytes are left for the block, and how many does a row take?",
    mistakes={
        "There is a copy of the block beside it.": (0.8 * 400e6 - 150e6) // 4000,
        "The worker needs memory before it has a block.": 0.8 * 400e6 // 8000,
        "Stay within the 80 %.": (400e6 - 150e6) // 8000,
        "The 80 % are of the limit, what it uses at rest included.": 0.8 * (400e6 - 150e6) // 8000,
        "A number in float32 takes 4 bytes, and there is a copy.": (0.8 * 400e6 - 150e6) // 2000,
        "Those are the bytes. How many rows is that?": 170_000_000,
    },
    tolerance=0,
)


def merge_means(first: Any, second: Any) -> tuple[float, float]:
    weight = first[1] + second[1]
    total = first[0] * first[1] + second[0] * second[1]
    return (total / weight if weight else 0.0), weight


B18 = Function(
    merge_means,
    [
        case([2.0, 300.0], [5.0, 100.0]),
        case([1.0, 10.0], [3.0, 10.0]),
        case([1.5, 8.0], [0.0, 0.0], hint="The second shard is empty here."),
        case([0.0, 0.0], [0.0, 0.0], hint="Both shards are empty here: mean 0, weight 0."),
    ],
    hint="Get the two sums back first. Return the mean and the weight.",
    mistakes={
        "That is the mean of the means. Weigh them.": lambda a, b: (
            (a[0] + b[0]) / 2,
            a[1] + b[1],
        ),
        "Return the mean, not the sum.": lambda a, b: (a[0] * a[1] + b[0] * b[1], a[1] + b[1]),
    },
)


def merge_spread(first: Any, second: Any) -> tuple[float, float, float]:
    (n1, m1, s1), (n2, m2, s2) = first, second
    n = n1 + n2
    return n, (n1 * m1 + n2 * m2) / n, s1 + s2 + n1 * n2 / n * (m1 - m2) ** 2


C12 = Function(
    merge_spread,
    [
        case([2.0, 1.0, 0.5], [2.0, 1.0, 1.5]),
        case([5.0, 1.04, 4.0], [7.0, 0.94, 6.0]),
        case([1.0, 1e6, 0.0], [3.0, 1e6 + 1, 2.0], hint="The means are large beside the spread."),
    ],
    hint="Add up the deviations from the common mean, one shard at a time.",
    mistakes={
        "The means differ, so each shard is shifted from the common mean.": lambda a, b: (
            *merge_spread(a, b)[:2],
            a[2] + b[2],
        ),
        "The common mean weighs each shard by its number.": lambda a, b: (
            a[0] + b[0],
            (a[1] + b[1]) / 2,
            merge_spread(a, b)[2],
        ),
        "Each squared shift counts once for each example of the shard.": lambda a, b: (
            *merge_spread(a, b)[:2],
            a[2] + b[2] + sum((x[1] - merge_spread(a, b)[1]) ** 2 for x in (a, b)),
        ),
        "Keep sums of squares, do not divide them.": lambda a, b: (
            *merge_spread(a, b)[:2],
            merge_spread(a, b)[2] / (a[0] + b[0]),
        ),
    },
)
