"""The places of Lantern Lane by name."""

from collections.abc import Callable

from . import indoors, outdoors

SETS: dict[str, Callable[..., None]] = {
    "lane": outdoors.lane,
    "park": outdoors.park,
    "roofs": outdoors.roofs,
    "front": outdoors.front,
    "bakery": indoors.bakery,
    "tea_room": indoors.tea_room,
    "post_office": indoors.post_office,
}
INDOOR_SETS = ("bakery", "tea_room", "post_office")
