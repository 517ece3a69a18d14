import pytest

from vidtag.cast import MAX_CHARACTERS, Cast, Character
from vidtag.errors import OptionError


@pytest.mark.parametrize(
    "identity", ["homer", "Kent_Brockman", "c-3.po", "o'hara", "tom&jerry", "élan", "猫", "7", "x" * 64]
)
def test_ids_that_are_allowed(identity):
    assert Character(identity, "Somebody").id == identity


@pytest.mark.parametrize("identity", ["", "two words", "a/b", "..", ".hidden", "-x", "a\nb", "a,b", 'a"b', "x" * 65])
def test_ids_that_are_not_allowed(identity):
    with pytest.raises(OptionError, match="is not allowed"):
        Character(identity, "Somebody")


@pytest.mark.parametrize("name", ["", "a\nb", "\x1b[31m", "x" * 65])
def test_names_are_printable_and_short(name):
    with pytest.raises(OptionError, match="printable name"):
        Character("somebody", name)


@pytest.mark.parametrize("colour", [(0, 0), (0, 0, 256), (-1, 0, 0), (0.5, 0, 0), (True, 0, 0)])
def test_colours_are_three_bytes(colour):
    with pytest.raises(OptionError, match="colour"):
        Character("somebody", "Somebody", colour)


def test_columns_are_in_order():
    cast = Cast.of("ben", "anna")
    assert (len(cast), cast.ids, cast.names) == (2, ("ben", "anna"), ("Ben", "Anna"))
    assert [character.id for character in cast] == ["ben", "anna"]


@pytest.mark.parametrize("ids", [[], ["anna", "ben", "anna"], [f"c{n}" for n in range(MAX_CHARACTERS + 1)]])
def test_a_cast_names_everyone_once(ids):
    with pytest.raises(OptionError):
        Cast.of(*ids)
