"""Draw the logo (light and dark) and the favicon into book/_static.

The mark is the book's figure: cross-entropy -ln p above the dashed squared error (1 - p)^2.
Letters are drawn as outlines, so that they look the same everywhere.
"""

from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np

STATIC = Path(__file__).parent.parent / "book" / "_static"
THEMES = {
    "light": {"loss": "#8b0000", "squared": "#00008b", "ink": "#222222"},
    "dark": {"loss": "#ff8a80", "squared": "#9fb4ff", "ink": "#eeeeee"},
}
SAVE = {"transparent": True, "metadata": {"Date": None}}
mpl.rcParams["svg.hashsalt"] = "crossentropy"


def draw_mark(ax: plt.Axes, colours: dict[str, str]) -> None:
    """Draw the two loss curves for a label of 1, without axes."""
    p_hat = np.linspace(0.03, 1, 200)
    ax.plot(p_hat, -np.log(p_hat), color=colours["loss"], linewidth=6, solid_capstyle="round")
    ax.plot(
        p_hat, 1.6 * (1 - p_hat) ** 2, color=colours["squared"], linewidth=5, linestyle=(0, (2, 1))
    )
    ax.set(xlim=(-0.04, 1.06), ylim=(-0.25, 3.7))
    ax.axis("off")


def draw_logo(name: str, colours: dict[str, str]) -> None:
    """Write logo-NAME.svg: the mark, with the title beside it."""
    fig = plt.figure(figsize=(5.2, 1.5))
    draw_mark(fig.add_axes((0, 0, 0.28, 1)), colours)
    fig.text(0.32, 0.62, "Tutorial 15", color=colours["ink"], fontsize=20, va="center")
    fig.text(
        0.32, 0.3, "Cross-Entropy", color=colours["loss"], fontsize=30, va="center", weight="bold"
    )
    fig.savefig(STATIC / f"logo-{name}.svg", **SAVE)


def draw_favicon() -> None:
    """Write favicon.svg: the mark alone."""
    fig = plt.figure(figsize=(1.5, 1.5))
    draw_mark(fig.add_axes((0.04, 0.04, 0.92, 0.92)), THEMES["light"])
    fig.savefig(STATIC / "favicon.svg", **SAVE)


if __name__ == "__main__":
    for name, colours in THEMES.items():
        draw_logo(name, colours)
    draw_favicon()
    print(f"Drawn: {STATIC}/logo-light.svg, logo-dark.svg, favicon.svg")
