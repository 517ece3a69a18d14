"""The powerful and the famous: business, news, show."""

from portraits.easel import INK, MIDDLE, Easel, symmetric
from portraits.parts import WHITE, YELLOW, brows, collar, ears, eyes, lapels, nose, shoulders, smile, tie


def mr_burns(easel: Easel) -> None:
    """A bald, spotted skull, grey wisps, a nose like a beak, a dark green suit."""
    grey, skin = (170, 190, 206), (246, 222, 100)
    shoulders(easel, (34, 98, 96), skin, half_width=84)
    lapels(easel, WHITE)
    tie(easel, (190, 90, 160))
    easel.twins(
        [(MIDDLE + 44, 84), (MIDDLE + 70, 88), (MIDDLE + 84, 112), (MIDDLE + 74, 138), (MIDDLE + 48, 140)], grey
    )
    ears(easel, 146, 54, skin)
    easel.blob(
        symmetric(
            [
                (MIDDLE + 22, 12),
                (MIDDLE + 56, 40),
                (MIDDLE + 58, 90),
                (MIDDLE + 46, 140),
                (MIDDLE + 40, 190),
                (MIDDLE + 16, 214),
            ]
        ),
        skin,
    )
    for x, y, size in ((104, 40, 6), (122, 30, 4), (150, 44, 5)):
        easel.ellipse(x, y, size, size * 0.8, (204, 166, 70), None)
    eyes(easel, 106, 22, 22, 4.5, skin, 0.42)
    easel.line([(80, 82), (112, 92)], INK, 6)
    easel.line([(144, 92), (176, 82)], INK, 6)
    easel.blob([(118, 118), (138, 118), (146, 150), (158, 178), (132, 172), (116, 154)], skin)
    easel.line([(96, 186), (122, 196), (150, 194)], INK, 5)
    easel.line([(88, 132), (96, 142)], INK, 3.5)
    easel.line([(86, 168), (90, 182)], INK, 3.5)


def kent_brockman(easel: Easel) -> None:
    """Waves of white hair, a dark red jacket, a blue tie, a microphone."""
    hair = (238, 242, 248)
    shoulders(easel, (146, 34, 50))
    lapels(easel, WHITE)
    tie(easel, (66, 112, 210))
    ears(easel, 132, 60)
    easel.blob(
        symmetric([(MIDDLE + 34, 44), (MIDDLE + 56, 80), (MIDDLE + 58, 150), (MIDDLE + 50, 196), (MIDDLE + 24, 218)]),
        YELLOW,
    )
    easel.blob(
        [
            (64, 120),
            (54, 84),
            (62, 44),
            (92, 22),
            (128, 20),
            (166, 14),
            (194, 36),
            (204, 76),
            (192, 120),
            (182, 84),
            (160, 68),
            (124, 72),
            (92, 64),
            (76, 86),
        ],
        hair,
    )
    easel.line([(78, 50), (112, 40), (148, 46), (180, 36)], (170, 180, 196), 4)
    eyes(easel, 112, 23, 25, 5.5)
    brows(easel, (190, 198, 210), 84, 8, 0, 26)
    nose(easel, 142, 15, 14)
    easel.polygon([(98, 178), (158, 178), (148, 196), (108, 196)], WHITE)
    easel.polygon([(196, 216), (216, 220), (210, 272), (190, 272)], (70, 72, 82))
    easel.ellipse(208, 204, 19, 21, (120, 124, 136))


def krusty(easel: Easel) -> None:
    """White paint, a red nose, tufts of green hair, a bow tie."""
    green, pale = (36, 172, 150), (250, 240, 224)
    shoulders(easel, (176, 110, 200), pale)
    for side in (-1, 1):
        tuft = [
            (44, 120),
            (66, 66),
            (84, 34),
            (94, 70),
            (118, 62),
            (104, 92),
            (124, 108),
            (100, 124),
            (106, 150),
            (76, 146),
            (52, 150),
        ]
        easel.polygon([(MIDDLE + side * x, y) for x, y in tuft], green)
    easel.polygon([(112, 44), (106, 12), (124, 26), (134, 4), (142, 28), (158, 16), (148, 46)], green)
    easel.blob(
        symmetric([(MIDDLE + 24, 36), (MIDDLE + 54, 70), (MIDDLE + 58, 140), (MIDDLE + 52, 196), (MIDDLE + 22, 220)]),
        pale,
    )
    easel.ellipse(MIDDLE, 184, 54, 36, YELLOW)
    easel.line([(80, 70), (98, 58), (116, 68)], INK, 5)
    easel.line([(140, 68), (158, 58), (176, 70)], INK, 5)
    eyes(easel, 104, 27, 26, 6)
    easel.ellipse(MIDDLE, 144, 22, 20, (230, 44, 50))
    easel.polygon([(88, 180), (128, 190), (168, 180), (150, 206), (106, 206)], (150, 30, 40))
    easel.polygon([(96, 183), (128, 191), (160, 183), (156, 194), (100, 194)], WHITE, INK, 3)
    for side in (-1, 1):
        easel.polygon([(MIDDLE, 234), (MIDDLE + side * 36, 216), (MIDDLE + side * 36, 254)], (70, 130, 230))


def sideshow_bob(easel: Easel) -> None:
    """Red hair like a palm tree over a long face."""
    red = (200, 44, 52)
    shoulders(easel, (52, 124, 120), half_width=72)
    fronds = [
        (86, 120), (30, 136), (58, 104), (8, 92), (50, 76), (18, 38), (70, 48), (64, 4), (102, 34), (128, 2),
        (154, 34), (192, 4), (186, 48), (238, 38), (206, 76), (248, 92), (198, 104), (226, 136), (170, 120),
    ]  # fmt: skip
    easel.polygon(fronds, red)
    easel.blob(
        symmetric([(MIDDLE + 26, 84), (MIDDLE + 46, 104), (MIDDLE + 46, 170), (MIDDLE + 36, 212), (MIDDLE + 12, 232)]),
        YELLOW,
    )
    easel.polygon(
        [
            (78, 112),
            (90, 78),
            (128, 70),
            (166, 78),
            (178, 112),
            (154, 96),
            (140, 108),
            (128, 94),
            (116, 108),
            (102, 96),
        ],
        red,
    )
    eyes(easel, 130, 20, 20, 5, YELLOW, 0.42)
    easel.blob([(128, 140), (144, 162), (152, 180), (128, 188), (104, 180), (112, 162)], YELLOW)
    smile(easel, 204, 28, 8, 5)
    collar(easel, WHITE, 226)
