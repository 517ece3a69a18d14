"""OpenVINO without what it brings beside running networks.

Importing it imports its converter of models, too, and that reports every import to a server of its makers
(`openvino_telemetry`), and takes longer than all the rest. vidtag converts nothing and tells nobody anything.
"""

import sys
from importlib import import_module
from typing import Any

_CONVERTER = "openvino.tools.ovc"


def quiet_openvino() -> Any:
    """Import `openvino`; what the program has imported already is taken as it is.

    `openvino.convert_model` is still there for whoever calls it: the converter is imported then.
    """
    if "openvino" not in sys.modules:
        sys.modules[_CONVERTER] = None  # type: ignore[assignment]  # Python's way to say that there is no such module
    try:
        openvino = import_module("openvino")
    finally:
        if sys.modules.get(_CONVERTER, sys) is None:
            del sys.modules[_CONVERTER]
    if not hasattr(openvino, "convert_model"):
        openvino.convert_model = _convert_model  # type: ignore[attr-defined]
    return openvino


def _convert_model(*arguments: Any, **options: Any) -> Any:
    return import_module(_CONVERTER).convert_model(*arguments, **options)
