"""`vidtag predict`: who is in a picture."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vidtag.cli.parameters import BACKEND, JSON, MODEL, with_options
from vidtag.errors import InputError

if TYPE_CHECKING:
    from vidtag.evaluation.predict import Prediction
    from vidtag.predictors.predictor import Predictor

_MOST = 3


@click.command()
@click.argument("pictures", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="PICTURE...")
@click.option("--all", "everyone", is_flag=True, help="The whole cast, not only the likeliest.")
@click.option("--where", is_flag=True, help="Also where each is, as shares of width and height.")
@with_options(MODEL, BACKEND, JSON)
def predict(pictures: tuple[Path, ...], everyone: bool, where: bool, model: str, backend: str, as_json: bool) -> None:
    """Say who is in PICTUREs: names and percentages, a star for those above their threshold.

    Example: vidtag predict picture.jpg --model models/my-show
    """
    from vidtag.cli.tables import print_json
    from vidtag.evaluation.predict import predict_pictures
    from vidtag.predictors.base import load_predictor
    from vidtag.predictors.compiled import preprocessing_of
    from vidtag.predictors.locating import load_locator
    from vidtag.records.bundles import find_bundle

    bundle = find_bundle(model)
    predictor = load_predictor(bundle, backend, batch_size=1)
    locate = load_locator(bundle, backend, batch_size=1) if where else None
    refused: list[InputError] = []
    predictions = predict_pictures(pictures, predictor, preprocessing_of(bundle), refused.append, locate)
    if as_json:
        print_json({"model": bundle.name, "pictures": [_entry(prediction, predictor) for prediction in predictions]})
    else:
        for prediction in predictions:
            _print(prediction, predictor, everyone)
    if len(pictures) == 1 and refused:
        raise refused[0]
    if refused:
        reasons = "; ".join(map(str, refused))
        raise InputError(f"{len(refused)} of {len(pictures)} pictures cannot be used: {reasons}")


def _print(prediction: "Prediction", predictor: "Predictor", everyone: bool) -> None:
    """Print the likeliest three and all above their thresholds, or everyone, best first."""
    names, thresholds = predictor.cast.names, predictor.thresholds
    lit = prediction.scores > thresholds
    order = prediction.scores.argsort(kind="stable")[::-1].tolist()
    shown = order if everyone else [column for place, column in enumerate(order) if place < _MOST or lit[column]]
    width = max(len(names[column]) for column in shown)
    click.echo(f"{prediction.path}: {', '.join(names[column] for column in order if lit[column]) or 'nobody'}")
    for column in shown:
        star = "*" if lit[column] else " "
        place = (
            "" if prediction.places is None else "  at {:3.0%} across, {:3.0%} down".format(*prediction.places[column])
        )
        click.echo(f"  {star} {names[column].ljust(width)}  {prediction.scores[column]:6.1%}{place}")


def _entry(prediction: "Prediction", predictor: "Predictor") -> dict[str, Any]:
    columns = zip(predictor.cast.ids, prediction.scores.tolist(), predictor.thresholds.tolist(), strict=True)
    scores = {identity: round(score, 6) for identity, score, _ in columns}
    lit = (prediction.scores > predictor.thresholds).tolist()
    present = [identity for identity, shown in zip(predictor.cast.ids, lit, strict=True) if shown]
    entry: dict[str, Any] = {"path": str(prediction.path), "present": present, "scores": scores}
    if prediction.places is not None:
        rows = zip(predictor.cast.ids, prediction.places.tolist(), strict=True)
        entry["where"] = {identity: [round(x, 4), round(y, 4)] for identity, (x, y) in rows}
    return entry
