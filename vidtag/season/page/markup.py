"""Pieces of the page: text, cells and tables. Whatever comes from outside is escaped here.

A cell holds what people read, and beside it in `data-v` what programs read: scripts sort by it and write it into CSV.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape

from vidtag.evaluation.markup import Markup, markup
from vidtag.times import format_clock

_TALL = 40  # rows; a longer table scrolls by itself
_JOINER = "\u200d"  # holds emoji together; it is not printable by itself


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        title: its heading.
        field: its name in the CSV; empty for a picture that is left out there.
        numeric: whether it is sorted by number, and set to the right.
        look: class names for its cells.
    """

    title: str | Markup
    field: str = ""
    numeric: bool = True
    look: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: what is shown, the value behind it as CSV says it, and class names."""

    shown: str | Markup
    value: str = ""
    look: str = ""


def plain(text: str) -> str:
    r"""Give a name as one readable line: control signs and marks of direction are spelled out.

    >>> print(plain("two\nlines"))
    two\nlines
    """
    return "".join(
        letter if letter.isprintable() or letter == _JOINER else letter.encode("unicode_escape").decode("ascii")
        for letter in text
    )


def attribute(text: str) -> str:
    """Escape the value of an attribute so that the browser gives back every letter, line ends too."""
    return escape(text).replace("\r", "&#13;").replace("\n", "&#10;").replace("\t", "&#9;").replace("\0", "\ufffd")


def text_cell(text: str, look: str = "") -> Cell:
    """Give a cell of text, as it is in the CSV and as a readable line on the page."""
    return Cell(plain(text), text, look)


def time_cell(seconds: Fraction | None, look: str = "") -> Cell:
    """Give a cell of a time: `h:mm:ss` and the seconds; a dash where there is none."""
    if seconds is None:
        return Cell("–", "", look)
    value = f"{float(seconds):.3f}"
    return Cell(time_text(seconds), value, look)


def time_text(seconds: Fraction) -> Markup:
    """Give a time as `h:mm:ss` with the seconds small behind it."""
    return Markup(f"{format_clock(seconds)} <small>{float(seconds):,.2f}\u00a0s</small>")


def share_cell(share: Fraction | None, look: str = "") -> Cell:
    """Give a cell of a share as percent; in the CSV it is a share of 1."""
    return Cell("–", "", look) if share is None else Cell(percent(share), f"{float(share):.4f}", look)


def count_cell(count: int, look: str = "") -> Cell:
    """Give a cell of a whole number."""
    return Cell(f"{count:,}", str(count), look)


def percent(share: Fraction) -> str:
    """Write a share of 1 as percent."""
    return f"{float(100 * share):.1f}\u00a0%"


def counted(count: int, one: str, many: str = "") -> str:
    """Say how many there are of something.

    >>> counted(1, "episode"), counted(2, "episode")
    ('1 episode', '2 episodes')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def table(
    identity: str, caption: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, look: str = ""
) -> str:
    """Give a table that scripts make sortable, in a frame that scrolls sideways; its first column names the row.

    Args:
        identity: its id, and the name of its CSV without suffix.
        caption: what it is, for readers that do not see the heading above it.
        columns: their headings.
        rows: a cell for each column.
        look: class names.
    """
    heads = "".join(_head(column) for column in columns)
    drawn = [f"<tr>{''.join(_cells(columns, row))}</tr>" for row in rows]
    tall = " tall" if len(drawn) > _TALL and not look else ""
    body = "\n".join(drawn)
    return (
        f'<div class="scroll{tall}" tabindex="0" role="region" aria-label="{attribute(caption)}">'
        f'<table id="{identity}" class="{look}" data-file="{identity}.csv">'
        f'<caption class="unseen">{escape(caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>{body}</tbody></table></div>"
    )


def section(identity: str, title: str, *parts: str, lead: str | Markup = "", tools: str = "") -> str:
    """Give a section with its heading, a line that explains, and room for tools; scripts add theirs to it."""
    explained = f'<p class="lead">{markup(lead)}</p>' if lead else ""
    return (
        f'<section id="{identity}" aria-labelledby="{identity}-title"><div class="top"><div>'
        f'<h2 id="{identity}-title">{escape(title)}</h2>{explained}</div><div class="tools">{tools}</div></div>\n'
        f"{''.join(parts)}\n</section>"
    )


def _head(column: Column) -> str:
    kind = "number" if column.numeric else "text"
    field = f' data-field="{column.field}"' if column.field else ""
    return f'<th scope="col" class="{kind} {column.look}" data-kind="{kind}"{field}>{markup(column.title)}</th>'


def _cells(columns: Sequence[Column], row: Sequence[Cell]) -> Iterable[str]:
    for number, (column, cell) in enumerate(zip(columns, row, strict=True)):
        looks = " ".join(filter(None, ("number" if column.numeric else "text", column.look, cell.look)))
        tag, scope = ("th", ' scope="row"') if number == 0 else ("td", "")
        yield f'<{tag}{scope} class="{looks}" data-v="{attribute(cell.value)}">{markup(cell.shown)}</{tag}>'
