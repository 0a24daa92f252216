"""Who does it to whom, as a matrix: darker is more, and every cell says its bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dateline.analysis.dyads import EVENTS, Dyads, notes_of
from dateline.analysis.notes import in_figures
from dateline.plotting.frame import BLUE, GREY, INK, Band, PlotError, Words, framed, legend, styled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST = 12
"""Actors and recipients of one picture."""


def words_of(dyads: Dyads, *, title: str = "", asked: str = "", source: str = "") -> Words:
    """What stands around the plot; what it has no room for is said."""
    what = "Events" if dyads.of == EVENTS else dyads.of.capitalize()
    notes = notes_of(dyads)
    actors, recipients = _axes_of(dyads)
    out = sum(d.actor not in actors or d.recipient not in recipients for d in dyads.dyads)
    notes += [f"{out:,} pairs of fewer events are not shown."] if out else []
    by = {"side": "country and sector", "country": "country", "sector": "sector", "name": "name"}[dyads.level]
    return Words(title or f"{what} from whom to whom, by {by}", asked, source, tuple(notes))


def _axes_of(dyads: Dyads) -> tuple[list[str], list[str]]:
    """The actors and the recipients with most, that with most first."""
    sums: tuple[dict[str, float], dict[str, float]] = ({}, {})
    for dyad in dyads.dyads:
        size = dyad.events if dyads.of == EVENTS else (dyad.low or 0.0) + dyad.events / 1e6
        for side, name in zip(sums, (dyad.actor, dyad.recipient), strict=True):
            side[name] = side.get(name, 0.0) + size
    actors, recipients = (sorted(side, key=lambda name: (-side[name], name))[:MOST] for side in sums)
    return actors, recipients


def plot_dyads(dyads: Dyads, words: Words | None = None) -> Figure:
    """The matrix of the actors (rows) and recipients (columns) with most; cells of which all rests on one text each are hatched.

    Raises PlotError where no event names anybody, and MissingPlotError without matplotlib.
    """
    words = words or words_of(dyads)
    actors, recipients = _axes_of(dyads)
    cells = [d for d in dyads.dyads if d.actor in actors and d.recipient in recipients]
    if not cells:
        raise PlotError("none of these events names anybody: there is nothing to draw")
    with styled():
        from matplotlib.patches import Patch, Rectangle

        longest = max(len(name) for name in recipients)
        figure, (axes,) = framed(
            words, Band((0.3 * len(actors),)), left=max(1.0, 0.072 * max(map(len, actors)) + 0.2), bottom=0.2 + 0.05 * longest
        )
        most = max([d.low or 0.0 for d in cells] + [1.0])
        used = set()
        for d in cells:
            x, y = recipients.index(d.recipient), len(actors) - 1 - actors.index(d.actor)
            shade = ((d.low or 0.0) / most) ** 0.5
            is_single = d.single >= d.events
            is_told = d.low is not None
            used.add("none" if not is_told else "one" if is_single else "several")
            face = (*_mixed(shade), 1.0) if is_told else "white"
            axes.add_patch(
                Rectangle(
                    (x - 0.5, y - 0.5), 1, 1, facecolor=face, edgecolor="white" if is_told and not is_single else GREY,
                    linewidth=0.8, hatch="////" if is_told and is_single else None, alpha=1.0,
                )
            )  # fmt: skip
            said = in_figures(d.low, d.high) if is_told else f"? ({d.events:,})"
            dark = shade > 0.6
            box = {"boxstyle": "round,pad=0.15", "facecolor": face, "edgecolor": "none"} if is_single and is_told else None
            axes.text(x, y, said, ha="center", va="center", fontsize=6.8, color="white" if dark else INK, bbox=box)
        axes.set_xlim(-0.5, len(recipients) - 0.5)
        axes.set_ylim(-0.5, len(actors) - 0.5)
        axes.set_xticks(range(len(recipients)))
        axes.set_xticklabels(recipients, rotation=35, ha="right", fontsize=7)
        axes.set_yticks(range(len(actors)))
        axes.set_yticklabels(list(reversed(actors)), fontsize=7)
        axes.set_ylabel("who", fontsize=7.5)
        axes.set_xlabel("to whom", fontsize=7.5)
        axes.grid(visible=False)
        signs = {
            "several": Patch(facecolor=BLUE, label="some from two texts or more (darker: more)"),
            "one": Patch(facecolor=_mixed(0.3), edgecolor=GREY, hatch="////", label="each from one text"),
            "none": Patch(facecolor="white", edgecolor=GREY, label="? no figure told (events)"),
        }
        legend(figure, [sign for name, sign in signs.items() if name in used], words)
    return figure


def _mixed(share: float) -> tuple[float, float, float]:
    """From nearly white to the blue of the house, in between by share."""
    low, high = (0.92, 0.95, 0.98), (0.0, 0.35, 0.58)
    red, green, blue = (a + (b - a) * share for a, b in zip(low, high, strict=True))
    return red, green, blue
