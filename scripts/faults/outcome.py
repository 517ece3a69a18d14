"""What came of one fault."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Outcome:
    """A point of a matrix, how the run ended there, and what is wrong with that (nothing, if all is well)."""

    point: str
    ended: str
    wrong: list[str] = field(default_factory=list)

    def expect(self, holds: bool, otherwise: str) -> None:
        """Note what is wrong unless something holds."""
        if not holds:
            self.wrong.append(otherwise)
