"""What the handlers of signals raise in tests."""


class EndedError(BaseException):
    """Raised by a handler with the signal's number."""
