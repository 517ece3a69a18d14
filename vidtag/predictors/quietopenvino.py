"""OpenVINO without what it brings beside running networks.

Importing it imports its converter of models, too, and that reports every import to a server of its makers
(`openvino_telemetry`), and takes longer than all the rest. vidtag converts nothing and tells nobody anything.
"""

import sys
import threading
from importlib import import_module
from typing import Any

_CONVERTER = "openvino.tools.ovc"
_ONE_AT_A_TIME = threading.Lock()


def quiet_openvino() -> Any:
    """Import `openvino`; what the program has imported already is taken as it is.

    `openvino.convert_model` is still there for whoever calls it: the converter is imported then. A thread that imports
    OpenVINO itself at the very same time may find it without.
    """
    with _ONE_AT_A_TIME:
        if "openvino" in sys.modules:
            return import_module("openvino")  # waits, where another thread has only begun to import it
        sys.modules[_CONVERTER] = None  # type: ignore[assignment]  # Python's way to say that there is no such module
        try:
            openvino = import_module("openvino")
        finally:
            del sys.modules[_CONVERTER]
        openvino.convert_model = _convert_model  # type: ignore[attr-defined]
        return openvino


def _convert_model(*arguments: Any, **options: Any) -> Any:
    return import_module(_CONVERTER).convert_model(*arguments, **options)
