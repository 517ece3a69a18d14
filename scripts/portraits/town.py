"""The people of the town: shops, tavern, police, neighbours."""

from portraits.easel import INK, MIDDLE, Easel, symmetric
from portraits.parts import (
    YELLOW,
    brows,
    collar,
    ears,
    eyes,
    glasses,
    nose,
    shoulders,
    smile,
)


def apu(easel: Easel) -> None:
    """Brown skin, thick black hair, a green jacket."""
    skin, black = (150, 92, 54), (34, 30, 34)
    shoulders(easel, (40, 140, 70), skin)
    easel.polygon([(94, 210), (162, 210), (134, 272), (122, 272)], (226, 220, 150))
    easel.polygon(symmetric([(MIDDLE + 24, 170), (MIDDLE + 24, 220), (MIDDLE + 6, 244)]), skin)
    easel.blob(
        [(56, 130), (44, 80), (64, 34), (104, 12), (152, 12), (192, 34), (212, 80), (200, 130), (128, 150)], black
    )
    ears(easel, 136, 62, skin)
    easel.blob(
        symmetric([(MIDDLE + 34, 62), (MIDDLE + 56, 90), (MIDDLE + 56, 150), (MIDDLE + 38, 206), (MIDDLE + 12, 218)]),
        skin,
    )
    easel.blob([(66, 112), (64, 52), (128, 34), (192, 52), (190, 112), (174, 74), (128, 62), (82, 74)], black)
    eyes(easel, 114, 25, 25, 5.5, skin, 0.3)
    brows(easel, black, 86, 10, -3, 26)
    easel.blob([(128, 128), (146, 150), (140, 164), (116, 164), (110, 150)], skin)
    smile(easel, 184, 32, 12, 5)


def moe(easel: Easel) -> None:
    """Grey curls, a heavy brow, a flat nose, a bow tie."""
    grey, dull = (116, 122, 132), (232, 196, 92)
    shoulders(easel, (150, 184, 214), dull)
    for side in (-1, 1):
        easel.polygon([(MIDDLE, 230), (MIDDLE + side * 30, 214), (MIDDLE + side * 30, 248)], (50, 46, 60))
    ears(easel, 134, 66, dull)
    easel.blob(
        symmetric([(MIDDLE + 38, 56), (MIDDLE + 58, 90), (MIDDLE + 64, 150), (MIDDLE + 60, 196), (MIDDLE + 30, 222)]),
        dull,
    )
    for x, y in ((66, 92), (190, 92), (70, 62), (186, 62), (88, 38), (168, 38), (114, 28), (142, 28)):
        easel.ellipse(x, y, 21, 21, grey)
    easel.blob([(74, 92), (80, 50), (128, 34), (176, 50), (182, 92), (150, 76), (106, 76)], grey, None)
    easel.ellipse(MIDDLE, 186, 56, 34, (180, 160, 116))
    eyes(easel, 120, 23, 23, 5, dull, 0.4)
    easel.line([(74, 102), (104, 96), (128, 108), (152, 96), (182, 102)], INK, 15)
    easel.line([(74, 102), (104, 96), (128, 108), (152, 96), (182, 102)], grey, 8)
    easel.blob([(104, 150), (114, 136), (142, 136), (152, 150), (128, 160)], dull)
    easel.ellipse(120, 152, 3, 2.5, INK, None)
    easel.ellipse(136, 152, 3, 2.5, INK, None)
    smile(easel, 194, 36, -12, 5)


def ned(easel: Easel) -> None:
    """Brown hair, a broad moustache, glasses, a green jumper over a pink collar."""
    hair = (112, 66, 34)
    shoulders(easel, (46, 130, 66))
    collar(easel, (244, 176, 186))
    ears(easel, 132, 62)
    easel.blob(
        symmetric([(MIDDLE + 34, 44), (MIDDLE + 56, 80), (MIDDLE + 58, 150), (MIDDLE + 44, 206), (MIDDLE + 16, 220)]),
        YELLOW,
    )
    easel.blob(
        [
            (64, 126),
            (58, 70),
            (82, 28),
            (128, 14),
            (174, 28),
            (198, 70),
            (192, 126),
            (180, 84),
            (156, 64),
            (128, 60),
            (100, 64),
            (76, 84),
        ],
        hair,
    )
    eyes(easel, 108, 23, 27, 5.5)
    glasses(easel, (70, 70, 80), 108, 27, 28, 5)
    easel.blob(
        [
            (128, 160),
            (152, 152),
            (180, 166),
            (186, 190),
            (160, 182),
            (128, 178),
            (96, 182),
            (70, 190),
            (76, 166),
            (104, 152),
        ],
        hair,
    )
    nose(easel, 144, 16, 14)
    smile(easel, 198, 22, 7, 5)


def chief_wiggum(easel: Easel) -> None:
    """A police cap with a badge, a snout, blue hair, a blue uniform."""
    blue, dark = (66, 104, 176), (40, 64, 124)
    shoulders(easel, blue, half_width=108)
    collar(easel, (96, 136, 206))
    easel.ellipse(190, 248, 15, 15, (250, 206, 60))
    easel.twins([(MIDDLE + 50, 96), (MIDDLE + 76, 108), (MIDDLE + 74, 150), (MIDDLE + 52, 146)], (70, 90, 150))
    ears(easel, 150, 72)
    easel.blob(
        symmetric([(MIDDLE + 44, 80), (MIDDLE + 64, 104), (MIDDLE + 74, 160), (MIDDLE + 66, 206), (MIDDLE + 30, 230)]),
        YELLOW,
    )
    easel.blob([(40, 64), (62, 24), (128, 8), (194, 24), (216, 64), (186, 84), (128, 78), (70, 84)], blue)
    easel.polygon([(62, 72), (128, 62), (194, 72), (190, 94), (128, 84), (66, 94)], dark)
    easel.blob([(56, 92), (128, 80), (200, 92), (186, 108), (128, 96), (70, 108)], (30, 34, 50))
    easel.polygon([(128, 22), (146, 34), (142, 54), (128, 64), (114, 54), (110, 34)], (250, 206, 60))
    eyes(easel, 124, 22, 23, 5)
    easel.ellipse(MIDDLE, 158, 27, 19, YELLOW)
    for x in (-10, 10):
        easel.ellipse(MIDDLE + x, 158, 3.5, 5, INK, None)
    smile(easel, 194, 36, 8, 5)
    easel.line([(96, 218), (128, 226), (160, 218)], INK, 3.5)


def comic_book_guy(easel: Easel) -> None:
    """A very wide face, a pony-tail, a pointed beard."""
    hair = (120, 66, 40)
    easel.blob([(196, 110), (232, 126), (246, 168), (232, 206), (222, 164), (194, 150)], hair)
    shoulders(easel, (110, 178, 226), half_width=112)
    ears(easel, 142, 80)
    easel.blob(
        symmetric([(MIDDLE + 40, 40), (MIDDLE + 66, 80), (MIDDLE + 84, 150), (MIDDLE + 74, 206), (MIDDLE + 34, 232)]),
        YELLOW,
    )
    easel.blob(
        [
            (54, 130),
            (48, 86),
            (74, 36),
            (128, 16),
            (182, 36),
            (208, 86),
            (202, 130),
            (186, 86),
            (156, 60),
            (128, 78),
            (100, 60),
            (70, 86),
        ],
        hair,
    )
    easel.polygon([(82, 176), (98, 164), (128, 168), (158, 164), (174, 176), (168, 206), (128, 244), (88, 206)], hair)
    easel.blob([(98, 184), (128, 178), (158, 184), (148, 202), (108, 202)], YELLOW)
    smile(easel, 194, 22, -5, 4.5)
    eyes(easel, 114, 23, 24, 5, YELLOW, 0.5)
    nose(easel, 146, 18, 15)
    easel.line([(90, 84), (112, 88)], INK, 6)
    easel.line([(144, 88), (166, 84)], INK, 6)
