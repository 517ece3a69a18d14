"""Small pieces of HTML: everything that comes from outside is escaped here."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import cv2
import numpy as np
from numpy.typing import NDArray

_QUALITY = 82

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #6a737d; --line: #d8dee4; --ground: #fff; --tint: #f4f6f8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ed; --soft: #9aa4af; --line: #353c44; --ground: #14171a; --tint: #1d2126; }
}
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); margin: 0 auto;
  max-width: 1120px; padding: 24px 20px 60px; }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 19px; margin: 40px 0 10px; }
p { margin: 4px 0; } .soft, small { color: var(--soft); } small { font-size: 12px; }
td small { display: block; line-height: 1.2; }
.scroll { overflow-x: auto; margin-bottom: 14px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 7px; text-align: right; border-bottom: 1px solid var(--line); }
td { white-space: nowrap; } th { font-weight: 600; vertical-align: bottom; }
th:first-child, td:first-child { text-align: left; }
table.sortable th { cursor: pointer; }
.swatch { display: inline-block; width: 10px; height: 10px; border-radius: 50%; margin-right: 7px; }
.confusion th, .confusion td { padding: 3px 6px; border: 0; text-align: center; font-size: 13px; min-width: 18px; }
.confusion th:first-child { text-align: right; font-weight: 400; }
.confusion thead th { vertical-align: bottom; font-weight: 400; }
.confusion thead span { writing-mode: vertical-rl; transform: rotate(180deg); }
.sheet { display: grid; grid-template-columns: repeat(auto-fill, minmax(165px, 1fr)); gap: 14px; }
figure { margin: 0; } figure img { width: 100%; height: 130px; object-fit: contain; background: var(--tint); }
figcaption { font-size: 13px; line-height: 1.35; overflow-wrap: anywhere; }
.plot svg { max-width: 100%; height: auto; }
"""

SCRIPT = """
const key = (row, at) => { const text = row.cells[at].textContent.trim(); return [parseFloat(text), text]; };
const compare = ([x, s], [y, t]) => isNaN(x) || isNaN(y) ? isNaN(x) - isNaN(y) || s.localeCompare(t) : y - x;
for (const head of document.querySelectorAll("table.sortable th")) head.onclick = () => {
  const body = head.closest("table").tBodies[0], at = head.cellIndex;
  const way = head.dataset.way = -(head.dataset.way || -1);
  body.append(...[...body.rows].sort((a, b) => way * compare(key(a, at), key(b, at))));
};
"""


@dataclass(frozen=True, slots=True)
class Markup:
    """HTML that is already safe to put into a page."""

    text: str


def markup(value: object) -> str:
    """Give HTML of a value: `Markup` as it is, anything else escaped."""
    return value.text if isinstance(value, Markup) else escape(str(value))


def page(title: str, parts: Iterable[str]) -> str:
    """Give a whole page that needs no other file."""
    body = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head>\n<body>\n{body}\n<script>{SCRIPT}</script>\n</body></html>\n"
    )


def section(title: str, *parts: str, lead: str = "") -> str:
    """Give a heading, a line that explains, and what belongs to it."""
    explained = f'<p class="soft">{escape(lead)}</p>' if lead else ""
    return f"<section><h2>{escape(title)}</h2>{explained}\n{''.join(parts)}</section>"


def table(header: Sequence[object], rows: Iterable[Sequence[object]], kind: str = "sortable") -> str:
    """Give a table; a click on a heading of a sortable one sorts it."""
    heads = "".join(f"<th>{markup(cell)}</th>" for cell in header)
    body = "\n".join(f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in rows)
    return scrolling(f'<table class="{kind}"><thead><tr>{heads}</tr></thead>\n<tbody>{body}</tbody></table>')


def scrolling(wide: str) -> str:
    """Let what may be wider than the page scroll by itself."""
    return f'<div class="scroll">{wide}</div>'


def percent(value: float | None, interval: Sequence[float | None] = ()) -> Markup:
    """Give a share as percent, small behind it the ends of its interval; a dash where there is none."""
    if value is None:
        return Markup("–")
    ends = [f"{100 * end:.1f}" for end in interval if end is not None]
    small = f" <small>{'–'.join(ends)}</small>" if len(ends) == 2 else ""
    return Markup(f"{100 * value:.1f}{small}")


def swatch(colour: Sequence[int], name: str) -> Markup:
    """Give a name with a dot of a colour before it."""
    return Markup(f'<span class="swatch" style="background:rgb({",".join(map(str, colour))})"></span>{escape(name)}')


def picture(pixels: NDArray[np.uint8], caption: object, hint: str) -> str:
    """Give a picture, (height, width, 3) uint8 RGB, with a caption and a hint that says where it is from."""
    data = cv2.imencode(".jpg", pixels[..., ::-1], (cv2.IMWRITE_JPEG_QUALITY, _QUALITY))[1].tobytes()
    source = f"data:image/jpeg;base64,{base64.b64encode(data).decode('ascii')}"
    return (
        f'<figure><img src="{source}" alt="{escape(hint)}" title="{escape(hint)}">'
        f"<figcaption>{markup(caption)}</figcaption></figure>"
    )


def _cell(cell: object) -> str:
    return f"<td>{markup(cell)}</td>"
