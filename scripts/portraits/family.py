"""The family of Evergreen Terrace."""

from portraits.easel import INK, MIDDLE, Easel, arc, star, symmetric
from portraits.parts import BLUE_HAIR, MUZZLE, WHITE, YELLOW, collar, ears, eyes, glasses, nose, shoulders, smile


def homer(easel: Easel) -> None:
    """Bald, two hairs, a zigzag over the ears, a wide unshaven muzzle."""
    shoulders(easel, WHITE, top=224)
    collar(easel, WHITE, 224)
    for shift in (0, 16):
        easel.line([(92 + shift, 50), (98 + shift, 16), (130 + shift, 7), (148 + shift, 40)], INK, 6.5)
    ears(easel, 152, 66)
    head = [(20, 26), (56, 58), (66, 120), (62, 184), (38, 230)]
    easel.blob(symmetric([(MIDDLE + x, y) for x, y in head]), YELLOW)
    easel.ellipse(MIDDLE, 190, 64, 42, MUZZLE)
    eyes(easel, 104, 27, 25, 6)
    for side in (-1, 1):
        easel.zigzag([(MIDDLE + side * x, y) for x, y in [(64, 96), (55, 118), (66, 122), (54, 146)]])
    nose(easel, 142, 19, 15)
    smile(easel, 192, 46, 15, 5)


def marge(easel: Easel) -> None:
    """A tower of blue hair, a red necklace, a green dress."""
    tower = [(14, 4), (40, 10), (56, 34), (62, 70), (66, 104), (70, 140), (46, 180)]
    easel.blob(symmetric([(MIDDLE + x, y) for x, y in tower]), BLUE_HAIR)
    shoulders(easel, (150, 200, 70), top=230, half_width=78)
    for x in (-36, -18, 0, 18, 36):
        easel.ellipse(MIDDLE + x, 234 - abs(x) * 0.25, 11, 11, (222, 40, 40), width=3.5)
    head = [(16, 90), (50, 104), (54, 150), (42, 200), (16, 218)]
    easel.blob(symmetric([(MIDDLE + x, y) for x, y in head]), YELLOW)
    for side in (-1, 1):
        for offset in (-13, 0, 13):
            easel.line([(MIDDLE + side * 28 + offset, 106), (MIDDLE + side * 30 + offset * 1.6, 88)], INK, 5)
    eyes(easel, 132, 28, 27, 6)
    nose(easel, 164, 13, 10)
    easel.blob([(98, 190), (128, 185), (158, 190), (128, 204)], (214, 60, 60), width=3.5)


def bart(easel: Easel) -> None:
    """Nine spikes, as straight as a crown, and a red-orange shirt."""
    shoulders(easel, (236, 92, 40), top=222, half_width=76)
    ears(easel, 148, 60)
    spikes = [
        (68, 52),
        (74, 14),
        (88, 44),
        (99, 10),
        (112, 42),
        (124, 8),
        (137, 42),
        (150, 8),
        (161, 44),
        (176, 10),
        (182, 48),
    ]
    easel.polygon([*spikes, (188, 60), (188, 150), (178, 196), (150, 218), (106, 218), (78, 196), (68, 150)], YELLOW)
    eyes(easel, 112, 31, 29, 6)
    nose(easel, 146, 15, 12)
    smile(easel, 178, 42, 14, 5)
    easel.line([(88, 170), (84, 178), (90, 182)], INK, 4)
    easel.line([(168, 170), (172, 178), (166, 182)], INK, 4)


def lisa(easel: Easel) -> None:
    """A star of hair, pearls, a red dress."""
    shoulders(easel, (226, 50, 40), top=224, half_width=66)
    easel.polygon(star(MIDDLE, 116, 78, 118, [-90, -50, -10, 30, 62, 118, 150, 190, 230]), YELLOW)
    easel.blob(symmetric([(MIDDLE + 30, 70), (MIDDLE + 62, 110), (MIDDLE + 60, 160), (MIDDLE + 34, 206)]), YELLOW, None)
    for x in (-34, -17, 0, 17, 34):
        easel.ellipse(MIDDLE + x, 226 - abs(x) * 0.3, 10, 10, WHITE, width=3.5)
    for side in (-1, 1):
        for offset in (-12, 0, 12):
            easel.line([(MIDDLE + side * 30 + offset, 84), (MIDDLE + side * 32 + offset * 1.6, 66)], INK, 4)
    eyes(easel, 112, 32, 30, 6)
    nose(easel, 148, 13, 10)
    smile(easel, 174, 34, 14, 5)


def maggie(easel: Easel) -> None:
    """A small star of hair, a blue bow, a red dummy."""
    shoulders(easel, (120, 196, 240), top=226, half_width=74)
    easel.polygon(star(MIDDLE, 136, 82, 112, [-62, -26, 6, 36, 66, 114, 144, 174, 206, 242]), YELLOW)
    easel.blob(symmetric([(MIDDLE + 40, 90), (MIDDLE + 68, 140), (MIDDLE + 56, 196), (MIDDLE + 20, 222)]), YELLOW, None)
    for side in (-1, 1):
        easel.blob(
            [(MIDDLE, 42), (MIDDLE + side * 34, 14), (MIDDLE + side * 48, 40), (MIDDLE + side * 34, 66)], (70, 140, 240)
        )
    easel.ellipse(MIDDLE, 42, 13, 13, (70, 140, 240))
    eyes(easel, 128, 31, 30, 6)
    nose(easel, 158, 11, 9)
    easel.ellipse(MIDDLE, 192, 30, 22, (232, 48, 48))
    easel.ring(MIDDLE, 192, 13, 11, INK, 4.5)


def grampa(easel: Easel) -> None:
    """Bald, a white beard all along the jaw, thin glasses, a pink shirt."""
    white = (232, 232, 226)
    shoulders(easel, (240, 160, 150))
    collar(easel, (250, 196, 186))
    ears(easel, 132, 62)
    easel.blob(
        symmetric([(MIDDLE + 18, 16), (MIDDLE + 50, 44), (MIDDLE + 58, 110), (MIDDLE + 58, 160), (MIDDLE + 38, 218)]),
        YELLOW,
    )
    easel.polygon(
        [
            (68, 120),
            (84, 150),
            (128, 158),
            (172, 150),
            (188, 120),
            (190, 176),
            (176, 190),
            (172, 208),
            (152, 212),
            (142, 228),
            (128, 216),
            (114, 228),
            (104, 212),
            (84, 208),
            (80, 190),
            (66, 176),
        ],
        white,
    )
    easel.line([(100, 62), (128, 56), (156, 62)], INK, 3.5)
    easel.line([(104, 74), (128, 69), (152, 74)], INK, 3.5)
    eyes(easel, 112, 24, 27)
    glasses(easel, (110, 110, 120), 112, 27, 28, 5)
    nose(easel, 146, 17, 13)
    easel.blob([(98, 178), (128, 172), (158, 178), (128, 194)], YELLOW)
    easel.polygon(arc(MIDDLE, 180, 22, 7, 0, 180), (120, 40, 40), INK, 3)
