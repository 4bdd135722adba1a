"""Why an evaluation could not be made."""


class EvaluationFailed(Exception):
    """Nothing can be measured; the message is one line for the person who asked."""
