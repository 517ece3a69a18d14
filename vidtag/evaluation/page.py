"""The report of an evaluation as one HTML page that needs nothing else."""

from collections.abc import Iterator
from html import escape

from vidtag.cast import Cast
from vidtag.evaluation.evaluate import Evaluation
from vidtag.evaluation.figures import AVERAGED
from vidtag.evaluation.films import EDGE_TOLERANCE, FilmErrors
from vidtag.evaluation.markup import Markup, page, percent, picture, scrolling, section, swatch, table
from vidtag.evaluation.mistakes import Mistake
from vidtag.evaluation.plots import draw_svg
from vidtag.evaluation.summary import OTHERS, character_rows, film_figures, name_for_people, summarise
from vidtag.records.reports import readable

_LEADS = {
    "missed": "Present, but the score is below the threshold; farthest below first.",
    "false": "Not labelled as present, but lit; farthest above the threshold first.",
    "mixed up": "Of one character, but another one scores higher; farthest ahead first.",
}
_PLOTS = {
    "thresholds": ("Thresholds", "What each threshold would give; dotted: the one in use."),
    "curves": ("Precision over recall, and ROC", "A line a character in its colour; thick and grey: all together."),
    "reliability": (
        "Calibration",
        "How often somebody is there, for scores of each of 15 bins; below: how many scores.",
    ),
    "gaps": ("Best score, lead and spread", "A dot a sample of one character: where the wrong ones lie."),
}


def report_page(evaluation: Evaluation) -> str:
    """Give the page as text."""
    title = f"{evaluation.bundle.name} on {readable(evaluation.data.data.resolve().name)}"
    return page(title, _parts(title, evaluation))


def _parts(title: str, evaluation: Evaluation) -> Iterator[str]:
    yield f"<h1>{escape(title)}</h1>"
    yield _facts(evaluation)
    yield section("Overall", _overall(evaluation), lead="Percent, small: 95 % interval by bootstrap.")
    yield section(
        "Each character", _characters(evaluation), lead="Percent, small: 95 % interval; a click on a heading sorts."
    )
    if evaluation.films:
        yield section("On film", _films(evaluation), lead=_film_lead())
    for plot, (heading, lead) in _PLOTS.items():
        yield section(heading, f'<div class="plot">{draw_svg(plot, evaluation.scored)}</div>', lead=lead)
    if (evaluation.scored.main >= 0).any():
        yield section("Confusion", _confusion(evaluation), lead="Rows: who it is. Columns: who scores highest.")
    for kind, mistakes in evaluation.mistakes.items():
        sheet = "".join(_mistake(evaluation, kind, mistake) for mistake in mistakes)
        body = f'<div class="sheet">{sheet}</div>' if mistakes else "<p>None.</p>"
        yield section(f"Worst mistakes: {kind}", body, lead=_LEADS[kind])
    if evaluation.skipped:
        rows = [(readable(entry.path), entry.reason) for entry in evaluation.skipped]
        yield section("Pictures that were skipped", table(("picture", "reason"), rows))


def _facts(evaluation: Evaluation) -> str:
    summary, bundle = summarise(evaluation), evaluation.bundle
    speed = summary["milliseconds_a_frame"]
    facts = [
        f"{summary['samples']} samples, {len(bundle.cast)} characters",
        f"{bundle.network}, {bundle.input_size[1]}x{bundle.input_size[0]} px, on {evaluation.backend}"
        + (f", {speed:.1f} ms a frame" if speed is not None else ""),
        f"thresholds: {bundle.chosen}; calibration: {bundle.calibration.method}",
        f"weights {bundle.sha256[:16]}…, vidtag {summary['vidtag']}",
        *evaluation.scored.notes,
    ]
    return "".join(f'<p class="soft">{escape(fact)}</p>' for fact in facts)


def _overall(evaluation: Evaluation) -> str:
    overall = summarise(evaluation)["overall"]

    def share(name: str) -> Markup:
        return percent(overall[name]["value"], overall[name]["interval"])

    averages = table(
        ("average", *map(name_for_people, AVERAGED)),
        [(kind, *(share(f"{kind}_{name}") for name in AVERAGED)) for kind in ("macro", "micro")],
        kind="",
    )
    rows = [(name_for_people(name), share(name)) for name in OTHERS if overall[name]["value"] is not None]
    return averages + table(("figure", "%"), rows, kind="")


def _characters(evaluation: Evaluation) -> str:
    header = (
        *("character", "present", "absent", "threshold", "precision", "recall", "F1", "accuracy"),
        *("average precision", "scores highest", "ROC area", "calibration error"),
    )
    rows = []
    for character, row in zip(evaluation.scored.cast, character_rows(evaluation), strict=True):
        shares = [percent(row[at], row[at + 1 : at + 3]) for at in range(4, 22, 3)]
        shares += [percent(value) for value in row[22:]]
        rows.append((swatch(character.colour, character.name), row[1], row[2], percent(row[3]), *shares))
    return table(header, rows)


def _film_lead() -> str:
    return (
        "After smoothing. Missed and false time over the true screen time; edges are paired up to "
        f"{float(EDGE_TOLERANCE):g} s apart, those left alone are counted."
    )


def _films(evaluation: Evaluation) -> str:
    header = (
        *("character", "truth, s", "found, s", "error, s", "missed, %", "false, %", "scored, s"),
        *("edges", "missed edges", "surplus edges", "median error, s", "90 % within, s"),
    )
    rows = [
        (swatch(character.colour, character.name), *_film_row(errors))
        for character, errors in zip(evaluation.scored.cast, evaluation.films, strict=True)
    ]
    rows.append((Markup("<b>all</b>"), *_film_row(sum(evaluation.films, FilmErrors()))))
    return table([name.replace(", ", ",\u00a0") for name in header], rows)  # a unit stays on its word's line


def _film_row(errors: FilmErrors) -> tuple[object, ...]:
    found = film_figures(errors)
    seconds = [f"{found[name]:.2f}" for name in ("reference_s", "found_s", "screen_time_error_s")]
    ends = [found[name] for name in ("edge_error_median_s", "edge_error_90_percent_s")]
    return (
        *seconds,
        *(percent(found[name]) for name in ("missed_share", "false_share")),
        f"{found['scored_s']:.1f}",
        *(found[name] for name in ("edges_paired", "edges_missed", "edges_surplus")),
        *("–" if end is None else f"{end:.2f}" for end in ends),
    )


def _confusion(evaluation: Evaluation) -> str:
    cast, counts = evaluation.scored.cast, evaluation.figures.confusion
    heads = "".join(f"<th><span>{escape(name)}</span></th>" for name in cast.names)
    rows = []
    for row, name in enumerate(cast.names):
        total = max(1, int(counts[row].sum()))
        cells = [_shaded(int(count), int(count) / total, row == column) for column, count in enumerate(counts[row])]
        rows.append(f"<tr><th>{escape(name)}</th>{''.join(cells)}</tr>")
    head = f"<thead><tr><th></th>{heads}</tr></thead>"
    return scrolling(f'<table class="confusion">{head}<tbody>{"".join(rows)}</tbody></table>')


def _shaded(count: int, share: float, right: bool) -> str:
    if not count:
        return "<td></td>"
    colour = "59,130,246" if right else "239,68,68"
    return f'<td style="background:rgba({colour},{0.12 + 0.5 * share:.2f})">{count}</td>'


def _mistake(evaluation: Evaluation, kind: str, mistake: Mistake) -> str:
    scored, cast = evaluation.scored, evaluation.scored.cast
    name, score = escape(cast.names[mistake.character]), f"{mistake.score:.0%}"
    threshold = f"{scored.thresholds[mistake.character]:.0%}"
    if kind == "mixed up":
        told = f"<b>{name}</b> {score}, taken for <b>{escape(cast.names[mistake.other])}</b> {mistake.other_score:.0%}"
    elif kind == "missed":
        told = f"<b>{name}</b> {score}, needs {threshold}"
    else:
        told = f"<b>{name}</b> {score}, above {threshold}; {escape(_labelled(evaluation, mistake.sample, cast))}"
    hint = scored.names[mistake.sample]
    caption = Markup(f"{told}<br><small>{escape(hint)}</small>")
    return picture(scored.picture(mistake.sample), caption, hint)


def _labelled(evaluation: Evaluation, sample: int, cast: Cast) -> str:
    shown = [name for name, label in zip(cast.names, evaluation.scored.labels[sample], strict=True) if label == 1]
    return f"labelled {', '.join(shown) or 'nobody'}"
