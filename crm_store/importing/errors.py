"""Why a file is not imported. A bad row is not an error: it is in the report."""

from foundation.errors import Conflict, Invalid, NotFound, TooLarge, Unavailable


class UnknownTarget(Invalid):
    """Nothing of that name can be imported."""

    title = "There is nothing of that name to import"


class UnreadableFile(Invalid):
    """The file is not what it claims to be, or not a kind that is read; the detail says which."""

    title = "The file cannot be read"


class FileTooLarge(TooLarge):
    """Reading the file would take more than a stated limit."""

    title = "The file is too large"


class BadMapping(Invalid):
    """The mapping names something that is not there, or leaves something open."""

    title = "The mapping does not fit"


class ImportRunNotFound(NotFound):
    """No run has that identifier."""

    title = "There is no such import"


class ImportUnderWay(Conflict):
    """The same file is being imported by another process."""

    title = "This file is being imported already"


class CutShort(Unavailable):
    """The database went away. What is in the store stays there, and the run goes on from it."""

    title = "The import was cut short"

    def __init__(self, why: str = "the database does not answer") -> None:
        super().__init__(f"{why}; import the file again later, and it goes on where it stopped")


class NoSpaceLeft(CutShort):
    """The disk of the store, or that of the reject file, is full."""

    code = "storage_full"

    def __init__(self) -> None:
        super().__init__("there is no space left on the disk")
