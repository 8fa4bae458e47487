"""The mistakes that a user can fix, one class each; every message says what happened, why, and what to do next."""


class PersonaError(Exception):
    """Base of every error whose message may be shown to a user as it stands."""


class UnreadableFile(PersonaError):
    """The file is empty, damaged or of a kind that is not read."""


class NotATable(PersonaError):
    """The file opens but holds no table of customers: no rows, one row, or one column only."""


class TooFewCustomers(PersonaError):
    """There are fewer customers than the number of segments asked for needs."""


class NothingToSegmentOn(PersonaError):
    """No column with the role "segment on" varies."""


class NothingToAsk(PersonaError):
    """No question can tell the segments apart: there is one segment only, or no column that may be asked about."""


class UnknownKey(PersonaError):
    """The column that should name each customer is missing or repeats."""


class WrongArgument(PersonaError):
    """A command or a function was called with a value outside what it accepts."""


class ModelNotRead(PersonaError):
    """A file given as a model is none, is damaged, or does not fit the customers."""


class StaleWrite(PersonaError):
    """Somebody else saved the same item since it was opened; nothing was overwritten."""


class ProjectNotFound(PersonaError):
    """The project in the address is not on this machine."""


class StorageFailed(PersonaError):
    """The disk refused a save: full, read-only or locked."""


class JobFailed(PersonaError):
    """A long computation stopped before it had a result."""
