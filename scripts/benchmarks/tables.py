"""Figures as Markdown tables."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

Row = dict[str, Any]  # figures by name, as they are written

_FIGURE = re.compile(r"[-+]?[\d.]*")
_COLUMNS = {
    "wall s": ("median", "wall_s", "{:.2f}"),
    "CPU s": ("median", "cpu_s", "{:.2f}"),
    "first process s": ("median", "own_s", "{:.2f}"),
    "main thread s": ("median", "main_s", "{:.2f}"),
    "memory MB": ("median", "memory_mb", "{:.0f}"),
    "wall ratio": ("ratio", "wall_s", "{:.3f}"),
    "CPU ratio": ("ratio", "cpu_s", "{:.3f}"),
    "memory ratio": ("ratio", "memory_mb", "{:.2f}"),
}


def cost_table(rows: Sequence[Row]) -> Iterator[str]:
    """Give the lines of a table of costs, medians and ratios to the limit."""
    cells = [
        (row["film"], row["name"], *(_cell(row[part], key, form) for part, key, form in _COLUMNS.values()))
        for row in rows
    ]
    return table(("film", "what", *_COLUMNS), cells)


def start_up_table(rows: Sequence[Row]) -> Iterator[str]:
    """Give the lines of a table of start-up times."""
    cells = [
        (row["name"], f"{row['median']:.3f}", f"{min(row['runs']):.3f}", f"{max(row['runs']):.3f}") for row in rows
    ]
    return table(("start-up", "median s", "lowest s", "highest s"), cells)


def table(heads: Sequence[str], cells: Sequence[Sequence[str]]) -> Iterator[str]:
    """Give the lines of a Markdown table whose columns stand under each other; those of figures keep to the right."""
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    columns = zip(*cells, strict=True) if cells else [()] * len(heads)
    texts = [not all(_FIGURE.fullmatch(cell) for cell in column) for column in columns]

    def line(words: Sequence[str]) -> str:
        placed = (
            word.ljust(width) if text else word.rjust(width)
            for word, width, text in zip(words, widths, texts, strict=True)
        )
        return f"| {' | '.join(placed)} |"

    yield line(heads)
    rules = ("-" * (width + 2) if text else "-" * (width + 1) + ":" for width, text in zip(widths, texts, strict=True))
    yield f"|{'|'.join(rules)}|"
    yield from map(line, cells)


def _cell(values: dict[str, Any] | None, key: str, form: str) -> str:
    return "" if values is None or values[key] is None else form.format(values[key])
