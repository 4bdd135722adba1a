"""What can go wrong while looking for duplicates."""

from foundation.errors import Conflict, NotFound, Unavailable


class PairNotFound(NotFound):
    """There is no such pair of customers."""

    code = "pair_not_found"
    title = "No such pair of customers"


class PairDecided(Conflict):
    """Somebody has decided on the pair already."""

    code = "pair_decided"
    title = "That pair is decided already"


class NoSpark(Unavailable):
    """The Spark engine was asked for where it is not installed."""

    code = "no_spark"
    title = "Spark is not installed: pip install 'kefu[spark]' and Java 17"


class TooMuchForMemory(Unavailable):
    """The records do not fit into the memory that linkage may take."""

    code = "too_much_for_memory"
    title = "Too many customers for this machine's memory: link with --engine spark"
