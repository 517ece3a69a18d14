"""Pupils and teachers of the elementary school."""

from portraits.easel import INK, MIDDLE, Easel, symmetric
from portraits.parts import (
    BROWN_HAIR,
    MUZZLE,
    WHITE,
    YELLOW,
    brows,
    collar,
    ears,
    eyes,
    glasses,
    lapels,
    nose,
    shoulders,
    smile,
    tie,
)


def milhouse(easel: Easel) -> None:
    """Blue hair and brows, thick red glasses."""
    blue, red = (66, 98, 214), (222, 44, 48)
    shoulders(easel, (196, 130, 214), top=222, half_width=72)
    ears(easel, 144, 66)
    easel.blob(symmetric([(MIDDLE + 40, 44), (MIDDLE + 66, 96), (MIDDLE + 66, 160), (MIDDLE + 44, 214)]), YELLOW)
    easel.blob(
        [
            (58, 116),
            (52, 66),
            (80, 26),
            (128, 12),
            (180, 26),
            (204, 66),
            (198, 116),
            (182, 84),
            (150, 92),
            (118, 70),
            (84, 82),
            (70, 84),
        ],
        blue,
    )
    eyes(easel, 128, 27, 32, 6)
    glasses(easel, red, 128, 30, 32, 9)
    brows(easel, blue, 92, 10, 0, 32)
    nose(easel, 160, 14, 10)
    smile(easel, 188, 26, -6, 5)


def nelson(easel: Easel) -> None:
    """A shock of brown hair, a scowl, two big teeth, a vest."""
    shoulders(easel, (240, 128, 110), top=216, half_width=98)
    for side in (-1, 1):
        easel.polygon(
            [
                (MIDDLE + side * 38, 214),
                (MIDDLE + side * 84, 226),
                (MIDDLE + side * 98, 272),
                (MIDDLE + side * 22, 272),
            ],
            (70, 150, 160),
        )
    ears(easel, 138, 68)
    easel.blob(
        symmetric([(MIDDLE + 40, 44), (MIDDLE + 62, 90), (MIDDLE + 70, 150), (MIDDLE + 66, 196), (MIDDLE + 36, 222)]),
        YELLOW,
    )
    easel.polygon(
        [
            (56, 124),
            (46, 84),
            (58, 48),
            (84, 22),
            (104, 28),
            (128, 12),
            (150, 26),
            (180, 22),
            (200, 52),
            (208, 88),
            (200, 124),
            (186, 80),
            (166, 94),
            (150, 72),
            (128, 92),
            (108, 70),
            (90, 92),
            (72, 78),
        ],
        BROWN_HAIR,
    )
    easel.ellipse(MIDDLE, 182, 56, 34, MUZZLE)
    eyes(easel, 116, 25, 26, 5.5, YELLOW, 0.36)
    brows(easel, BROWN_HAIR, 94, 9, 7, 26)
    nose(easel, 146, 18, 13)
    smile(easel, 184, 42, -8, 5)
    for x in (-11, 11):
        easel.polygon(
            [(MIDDLE + x - 10, 178), (MIDDLE + x + 10, 178), (MIDDLE + x + 9, 196), (MIDDLE + x - 9, 196)],
            WHITE,
            INK,
            3.5,
        )


def skinner(easel: Easel) -> None:
    """Flat grey hair with a parting, a blue suit, a purple shirt."""
    grey = (126, 116, 110)
    shoulders(easel, (62, 104, 168))
    lapels(easel, (196, 140, 196))
    tie(easel, (226, 100, 120))
    ears(easel, 134, 60)
    easel.blob(
        symmetric([(MIDDLE + 34, 44), (MIDDLE + 56, 80), (MIDDLE + 58, 150), (MIDDLE + 44, 202), (MIDDLE + 18, 218)]),
        YELLOW,
    )
    easel.polygon(
        [
            (66, 122),
            (60, 70),
            (72, 40),
            (96, 20),
            (150, 16),
            (184, 36),
            (196, 70),
            (190, 122),
            (180, 84),
            (160, 66),
            (112, 58),
            (92, 72),
            (76, 86),
        ],
        grey,
    )
    easel.line([(96, 22), (104, 42), (96, 66)], INK, 4)
    eyes(easel, 112, 24, 25, 5.5, YELLOW, 0.3)
    brows(easel, grey, 84, 9, -3, 26)
    nose(easel, 142, 15, 17)
    smile(easel, 186, 28, -5, 5)
    easel.line([(84, 160), (92, 176)], INK, 3.5)
    easel.line([(172, 160), (164, 176)], INK, 3.5)


def edna(easel: Easel) -> None:
    """Wide brown waves, blue lids, red lips, a green jacket."""
    hair = (168, 100, 62)
    easel.blob(
        [
            (128, 34),
            (166, 10),
            (208, 30),
            (226, 78),
            (222, 130),
            (196, 156),
            (60, 156),
            (34, 130),
            (30, 78),
            (48, 30),
            (90, 10),
        ],
        hair,
    )
    shoulders(easel, (66, 176, 96), half_width=78)
    collar(easel, (240, 224, 150))
    easel.blob(
        symmetric([(MIDDLE + 30, 66), (MIDDLE + 56, 92), (MIDDLE + 58, 150), (MIDDLE + 40, 206), (MIDDLE + 12, 220)]),
        YELLOW,
    )
    easel.blob(
        [(70, 104), (66, 66), (96, 44), (128, 52), (160, 44), (190, 66), (186, 104), (166, 84), (128, 70), (90, 84)],
        hair,
    )
    eyes(easel, 118, 25, 26, 5.5, (110, 160, 220), 0.5)
    easel.line([(76, 104), (64, 96)], INK, 4.5)
    easel.line([(180, 104), (192, 96)], INK, 4.5)
    nose(easel, 148, 12, 12)
    easel.blob([(100, 184), (118, 176), (128, 180), (138, 176), (156, 184), (128, 198)], (214, 44, 60))
    for side in (-1, 1):
        easel.ellipse(MIDDLE + side * 62, 166, 8, 8, WHITE, width=3.5)
