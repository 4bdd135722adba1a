"""Why nothing is exported."""

from foundation.errors import Invalid, TooLarge


class UnknownExport(Invalid):
    """There is no export of that name, no such column to filter by, or no such format."""

    title = "That cannot be exported"


class TooManyRows(TooLarge):
    """A workbook has room for 1,048,576 rows."""

    title = "That is more than a workbook can hold"
