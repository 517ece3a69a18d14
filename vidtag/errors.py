"""The error tree: every failure that vidtag foresees is a `VidtagError` with its own exit code.

A message says what was found, what was expected and what to do next, in one line.
"""


class VidtagError(Exception):
    """Anything that vidtag foresees going wrong; `exit_code` is what the command line ends with."""

    exit_code = 1


class UsageError(VidtagError):
    """The caller asked for something that makes no sense: options, names or paths."""

    exit_code = 2


class OptionError(UsageError):
    """An option or setting has a value outside its range, or an unknown name."""


class ShapeError(UsageError):
    """An array does not have the shape, type or range that a function states."""


class InputError(VidtagError):
    """A file cannot be read as what it should be, or is refused."""

    exit_code = 3


class BundleError(InputError):
    """A model bundle is missing, incomplete, or not the one its digest promises."""


class LimitError(InputError):
    """A file asks for more than vidtag is willing to spend on it: pixels, streams, characters."""

    exit_code = 4


class ExhaustedError(LimitError):
    """The memory of a GPU is full."""


class DamagedError(VidtagError):
    """A video ends early or breaks in the middle; the message says what could be read."""

    exit_code = 5


class OutputError(VidtagError):
    """An output cannot be written: folder, permission, disk, or the encoder failed."""

    exit_code = 6


class LockedError(VidtagError):
    """Another run is at work on the same output."""

    exit_code = 7


class BatchError(VidtagError):
    """Some episodes of a batch failed, and all others are done; the message names them."""

    exit_code = 8


class SetupError(VidtagError):
    """Something that vidtag needs on this machine is missing, such as ffmpeg or a backend."""

    exit_code = 1


class EndedError(SetupError):
    """A process that vidtag needs was ended from outside; nothing is known to be wrong with the files."""
