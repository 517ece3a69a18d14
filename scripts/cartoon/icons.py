"""The cast on disk: cast.toml and one portrait each."""

from pathlib import Path

import cv2
import numpy as np

from .canvas import Canvas, mixed
from .characters import CAST, Member
from .pose import Pose

SIDE = 256
_DETAIL = 4
_TURN = np.linspace(0, 2 * np.pi, 180)


def portrait(member: Member) -> np.ndarray:
    """Draw head and shoulders on a disc of the accent's pale shade: (256, 256, 4) uint8 RGBA, clear outside."""
    canvas, half = Canvas(_DETAIL), member.head_at[2]
    ring = np.stack([128 + 121 * np.cos(_TURN), 128 + 121 * np.sin(_TURN)], axis=1)
    canvas.fill(ring, mixed(member.colour, (255, 250, 240), 0.66), member.colour, 9)
    with canvas.at(128, 132, 108 / half), canvas.at(-member.head_at[0], -member.head_at[1]):
        member.draw(canvas, Pose(look=0.2, mouth=0.5 if member.id != "barnaby_crumb" else 0))
    canvas.line(ring, member.colour, 9)
    disc = np.zeros(canvas.image.shape[:2], np.uint8)
    cv2.circle(disc, (128 * _DETAIL, 128 * _DETAIL), 125 * _DETAIL, 255, -1)
    picture = np.dstack([canvas.image, disc])[: SIDE * _DETAIL, : SIDE * _DETAIL]
    return cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA)


def write_cast(folder: Path) -> None:
    """Write cast.toml and the portraits into a folder, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = []
    for member in CAST:
        write_picture(folder / f"{member.id}.png", portrait(member))
        colour = ", ".join(map(str, member.colour))
        lines = (f'id = "{member.id}"', f'name = "{member.name}"', f"colour = [{colour}]", f'icon = "{member.id}.png"')
        tables.append("\n".join(("[[character]]", *lines)) + "\n")
    (folder / "cast.toml").write_text("\n".join(tables), encoding="utf-8")


def write_picture(path: Path, image: np.ndarray) -> None:
    """Write RGB or RGBA uint8 as PNG, or as JPEG of quality 90, by the path's ending.

    Raises:
        OSError: the file cannot be written.
    """
    code = cv2.COLOR_RGBA2BGRA if image.shape[2] == 4 else cv2.COLOR_RGB2BGR
    options = [cv2.IMWRITE_JPEG_QUALITY, 90] if path.suffix == ".jpg" else []
    done, data = cv2.imencode(path.suffix, cv2.cvtColor(image, code), options)
    if not done:
        raise OSError(f"cannot encode {path}")
    path.write_bytes(data.tobytes())
