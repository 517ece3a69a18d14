"""Small charts as SVG that need no script: bars, stacked bars, strips and curves. Lengths are percent, so they fit."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from html import escape

from vidtag.cast import Cast
from vidtag.evaluation.markup import Markup
from vidtag.season.page.markup import attribute, percent, plain

HEAT_LEVELS = 10


def face(cast: Cast, place: int, *, name: bool = True) -> Markup:
    """Give a character's icon, or a dot in its colour where it has none, and its name."""
    look = "face" if cast.characters[place].icon else "dot"
    called = f"<span>{escape(plain(cast.names[place]))}</span>" if name else ""
    return Markup(f'<span class="who c{place}"><i class="{look}" aria-hidden="true"></i>{called}</span>')


def bar(place: int, share: Fraction) -> Markup:
    """Draw a bar of a character's colour over a share of the width, in [0, 1]."""
    return Markup(
        f'<svg class="bar c{place}" aria-hidden="true"><rect width="{_percent(share)}" height="100%" rx="4"/></svg>'
    )


def stack(parts: Iterable[tuple[int, Fraction, str]]) -> Markup:
    """Draw bars end to end: the place in the cast, the share of the width, and what to say of each."""
    drawn, at = [], Fraction(0)
    for place, share, said in parts:
        drawn.append(
            f'<rect class="c{place}" x="{_percent(at)}" width="{_percent(share)}" height="100%">'
            f"<title>{escape(said)}</title></rect>"
        )
        at += share
    return Markup(f'<svg class="stack" aria-hidden="true">{"".join(drawn)}</svg>')


def strip(place: int, shares: Sequence[Fraction | None], names: Sequence[str]) -> Markup:
    """Draw a box an episode, the stronger the larger the share; empty where the character does not appear."""
    width, most = Fraction(1, len(shares)), max((share for share in shares if share), default=Fraction(1))
    boxes = []
    for number, (share, name) in enumerate(zip(shares, names, strict=True)):
        strength = f' fill-opacity="{0.25 + 0.75 * float(share / most):.2f}"' if share else ' class="none"'
        said = f"{plain(name)}: {'not looked for' if share is None else percent(share)}"
        at = f'x="{_percent(number * width)}" width="{_percent(width * Fraction(84, 100))}"'
        boxes.append(f'<rect {at} height="100%" rx="2"{strength}><title>{escape(said)}</title></rect>')
    return Markup(f'<svg class="strip c{place}" aria-hidden="true">{"".join(boxes)}</svg>')


def curve(
    place: int,
    shares: Sequence[Fraction | None],
    smooth: Sequence[Fraction | None],
    names: Sequence[str],
    most: Fraction,
) -> str:
    """Draw shares as columns and their smooth course as a line, for a height of `most`; in a box of 100 by 100."""
    step = 100 / len(shares)
    columns = []
    for number, (share, name) in enumerate(zip(shares, names, strict=True)):
        height = 0.0 if share is None else float(100 * share / most)
        said = f"{plain(name)}: {'not looked for' if share is None else percent(share)}"
        columns.append(
            f'<rect x="{number * step + 0.1 * step:.2f}" y="{100 - height:.2f}" width="{0.8 * step:.2f}" '
            f'height="{height:.2f}"><title>{escape(said)}</title></rect>'
        )
    points = " ".join(
        f"{(number + 0.5) * step:.2f},{100 - float(100 * share / most):.2f}"
        for number, share in enumerate(smooth)
        if share is not None
    )
    peak = max((share for share in shares if share), default=most)
    said = f"Share of each episode, at most {percent(max((s for s in shares if s), default=Fraction(0)))}"
    return (
        '<svg class="curve" viewBox="0 0 100 100" preserveAspectRatio="none" role="img" '
        f'aria-label="{attribute(said)}">'
        f'<g data-own="{float(most / peak):.4f}">{"".join(columns)}'
        f'<polyline points="{points}" vector-effect="non-scaling-stroke"/></g></svg>'
    )


def heat(value: Fraction | int, most: Fraction | int) -> str:
    """Give the class of a value's shade: `h0` for nothing, up to `h10` for the most."""
    if not value:
        return "h0"
    return f"h{max(1, min(HEAT_LEVELS, -int(-HEAT_LEVELS * Fraction(value) // Fraction(most))))}"


def _percent(share: Fraction) -> str:
    return f"{float(100 * share):.3f}%".replace(".000%", "%")
