"""Four of an old sea story: two sailors, a giant with two heads, a giant bird."""

from portraits.easel import INK, MIDDLE, Colour, Easel, arc, symmetric
from portraits.parts import WHITE, brows, eyes, nose, shoulders

SKIN = (240, 190, 150)


def popeye(easel: Easel) -> None:
    """A white cap, one eye shut, a large chin, a pipe."""
    shoulders(easel, (40, 44, 60), SKIN)
    easel.polygon(symmetric([(MIDDLE + 30, 208), (MIDDLE + 60, 232), (MIDDLE + 20, 240)]), (190, 50, 50))
    easel.twins([(182, 118), (200, 112), (204, 136), (184, 142)], SKIN)
    easel.blob(symmetric([(MIDDLE + 40, 70), (MIDDLE + 52, 120), (MIDDLE + 62, 176), (MIDDLE + 36, 214)]), SKIN)
    easel.blob(symmetric([(MIDDLE + 30, 18), (MIDDLE + 66, 34), (MIDDLE + 62, 62), (MIDDLE + 20, 66)]), WHITE)
    easel.polygon(symmetric([(MIDDLE + 62, 60), (MIDDLE + 66, 82), (MIDDLE + 10, 88)]), (44, 60, 110))
    easel.ellipse(104, 116, 17, 20, WHITE)
    easel.ellipse(108, 118, 5.5, 6.5, INK, None)
    easel.line([(136, 118), (152, 124), (170, 116)], INK, 6)
    easel.line([(134, 100), (154, 106), (172, 98)], INK, 7)
    nose(easel, 144, 17, 14, SKIN)
    easel.line([(96, 172), (124, 184), (158, 172)], INK, 5)
    easel.line([(150, 178), (196, 192)], (120, 80, 40), 9)
    easel.polygon([(190, 170), (214, 174), (208, 206), (188, 202)], (150, 96, 46))


def sindbad(easel: Easel) -> None:
    """A red cap, a full brown beard, blue sleeves."""
    beard, cap = (92, 52, 34), (196, 40, 48)
    shoulders(easel, (70, 98, 160), SKIN, half_width=112)
    easel.polygon(symmetric([(MIDDLE + 40, 206), (MIDDLE + 64, 240), (MIDDLE + 20, 272)]), WHITE)
    easel.twins([(184, 108), (204, 104), (204, 130), (184, 136)], SKIN)
    easel.blob(symmetric([(MIDDLE + 44, 60), (MIDDLE + 60, 110), (MIDDLE + 56, 170), (MIDDLE + 28, 200)]), SKIN)
    easel.blob(
        symmetric([(MIDDLE + 20, 152), (MIDDLE + 62, 122), (MIDDLE + 74, 180), (MIDDLE + 44, 236), (MIDDLE + 8, 246)]),
        beard,
    )
    easel.polygon(arc(MIDDLE, 84, 68, 62, 180, 360), cap)
    easel.ellipse(MIDDLE, 84, 72, 12, (150, 28, 36))
    eyes(easel, 118, 15, 22, 5.5)
    brows(easel, beard, 98, 9, 4)
    nose(easel, 144, 20, 16, SKIN)
    easel.line([(100, 166), (128, 158), (156, 166)], beard, 14)
    easel.ellipse(MIDDLE, 184, 26, 13, WHITE)


def boola(easel: Easel) -> None:
    """Two bald heads on one green shirt."""
    skin = (224, 162, 108)
    easel.blob(symmetric([(MIDDLE + 50, 176), (MIDDLE + 108, 200), (MIDDLE + 124, 272)]), (104, 132, 60))
    for x in (78, 178):
        _giant_head(easel, x, skin)


def _giant_head(easel: Easel, x: float, skin: Colour) -> None:
    """One head: small eyes close together, a wide jaw with stubble, one tooth."""
    for side in (-1, 1):
        easel.ellipse(x + side * 48, 112, 10, 15, skin)
    easel.blob([(x, 34), (x + 36, 60), (x + 46, 130), (x + 34, 182), (x - 34, 182), (x - 46, 130), (x - 36, 60)], skin)
    easel.blob([(x - 44, 140), (x, 130), (x + 44, 140), (x + 34, 182), (x - 34, 182)], (190, 134, 92), None)
    eyes(easel, 98, 13, 15, 4.5, skin, 0.35, x)
    easel.ellipse(x, 124, 15, 12, (214, 130, 92))
    easel.line([(x - 24, 154), (x, 160), (x + 24, 154)], INK, 5)
    easel.polygon([(x - 12, 157), (x - 2, 159), (x - 6, 170)], WHITE, INK, 3)
    easel.line([(x - 10, 40), (x - 4, 22), (x + 6, 26)], INK, 4)


def roc(easel: Easel) -> None:
    """A dark bird, red about the head, a hooked yellow beak."""
    dark, red, beak = (58, 44, 72), (196, 54, 58), (244, 196, 76)
    easel.twins([(150, 190), (236, 120), (250, 200), (214, 272), (150, 272)], dark)
    easel.blob(symmetric([(MIDDLE + 24, 150), (MIDDLE + 58, 200), (MIDDLE + 62, 272)]), dark)
    easel.blob(symmetric([(MIDDLE + 30, 28), (MIDDLE + 60, 70), (MIDDLE + 54, 130), (MIDDLE + 30, 170)]), red)
    for x in (104, 128, 152):
        easel.line([(x, 40), (x + (x - 128) / 3, 16)], red, 12)
    easel.blob([(96, 128), (128, 112), (160, 128), (156, 170), (136, 216), (122, 226), (112, 190)], beak)
    easel.line([(100, 146), (128, 158), (156, 146)], INK, 5)
    eyes(easel, 92, 21, 24, 6, red, 0.3)
    brows(easel, dark, 68, 8, 9)
