"""Names, colours and icons for a season's cast: score files hold ids only, the models that made them know more."""

from dataclasses import replace

from vidtag.cast import Cast, Character
from vidtag.errors import BundleError
from vidtag.records.bundles import installed_folders, load_bundle
from vidtag.season.palette import colours_of
from vidtag.season.season import Season


def cast_with_looks(season: Season) -> Cast:
    """Give the cast of a season with names and icons of the installed models that made its scores.

    Where a model is not here, names are those of the scores; colours that are alike are replaced by spread ones.
    """
    known: dict[str, Character] = {}
    for model in dict.fromkeys(episode.scores.provenance.model for episode in season.episodes):
        for character in _cast_of(model):
            known.setdefault(character.id, character)
    characters = [_looking_like(character, known.get(character.id)) for character in season.cast]
    colours = colours_of(Cast(tuple(characters)))
    return Cast(tuple(replace(who, colour=colour) for who, colour in zip(characters, colours, strict=True)))


def _cast_of(model: str) -> tuple[Character, ...]:
    """Give the cast of an installed model; the name comes out of a file, so it is never taken for a path."""
    folder = installed_folders().get(model)
    try:
        return () if folder is None else load_bundle(folder).cast.characters
    except BundleError:
        return ()


def _looking_like(character: Character, known: Character | None) -> Character:
    """Take over the looks of a known one; who has an icon, as fresh scores do, keeps what they have."""
    return known if known is not None and character.icon is None else character
