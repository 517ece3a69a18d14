"""A film of a season with all that is known before any work: its name, its options, its model, where its results go."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vidtag.batch.jobs import Away, Job
from vidtag.batch.keys import Keys, Model, keys_of
from vidtag.batch.options import BatchOptions
from vidtag.batch.results import Results
from vidtag.batch.targets import VIDEO, Targets
from vidtag.media.containers import container_of, default_suffix
from vidtag.media.encoders import choose_encoder
from vidtag.options import AnalysisOptions, RenderOptions
from vidtag.overlay.styles import find_style
from vidtag.predictors.backends import choose_backend
from vidtag.records.bundles import find_bundle
from vidtag.records.reports import readable
from vidtag.remote.addresses import Address, Place

Asked = Callable[[Place], tuple[AnalysisOptions, RenderOptions]]
"""Gives how a film is to be looked at and rendered: options, with the settings of its folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """A film that is to be done.

    Attributes:
        name: of the episode, unique in the season, as text.
        place: where it lies; an absolute path, or an address.
        targets: where its results go.
        folder: the address of the folder that they go into, None if they are files of this machine.
        analysis: how it is looked at.
        render: how the tagged film is made.
        model: that scores it.
    """

    name: str
    place: Place
    targets: Targets
    folder: Address | None
    analysis: AnalysisOptions
    render: RenderOptions
    model: Model

    def keys(self, fingerprint: str) -> Keys:
        """Say what each stage of the film depends on."""
        return keys_of(
            name=self.name,
            fingerprint=fingerprint,
            model=self.model,
            analysis=self.analysis,
            render=self.render,
            suffix=self.targets.suffix,
        )

    def job(self, fingerprint: str, size: int, stages: tuple[str, ...], *, network: bool) -> Job:
        """Make the job of some stages."""
        source = self.place if isinstance(self.place, Address) else None
        return Job(
            name=self.name,
            source=self.place if isinstance(self.place, Path) else Path(self.place.name),
            size=size,
            fingerprint=fingerprint,
            targets=self.targets,
            stages=stages,
            network=network,
            analysis=self.analysis,
            render=self.render,
            model=self.model.key,
            away=Away(source=source, folder=self.folder) if source or self.folder else None,
        )


class Films:
    """Puts together what is known of films; reads every model once, and tries every encoder once.

    Args:
        results: of the batch.
        asked: gives the options of a film.
        options: of the batch.
    """

    def __init__(self, results: Results, asked: Asked, options: BatchOptions) -> None:
        self._results, self._asked, self._options = results, asked, options
        self._models: dict[tuple[str, str], Model] = {}
        self._tried: set[tuple[RenderOptions, str]] = set()

    def film(self, stem: str, place: Place) -> Film:
        """Give a film.

        Args:
            stem: path of its results from the folder of the batch, without what tells them apart.
            place: of the film.

        Raises:
            VidtagError: what is asked for cannot be done with any film: no such model, backend, style or encoder.
        """
        analysis, render = self._asked(place)
        targets = Targets(self._results.folder / stem, self._options.suffix or default_suffix(Path(place.name)))
        if VIDEO in self._options.stages:
            self._try(render, targets)
        model = self._model(analysis)
        out = self._results.address
        return Film(
            name=readable(stem),
            place=place,
            targets=targets,
            folder=(out / stem).folder if out else None,
            analysis=analysis,
            render=render,
            model=model,
        )

    def _model(self, analysis: AnalysisOptions) -> Model:
        known = (analysis.model, choose_backend(analysis.backend))
        if known not in self._models:
            self._models[known] = Model.of(find_bundle(known[0]), known[1])
        return self._models[known]

    def _try(self, render: RenderOptions, targets: Targets) -> None:
        if (render, targets.suffix) not in self._tried:
            find_style(render.style)
            choose_encoder(render, container_of(targets.film))
            self._tried.add((render, targets.suffix))
