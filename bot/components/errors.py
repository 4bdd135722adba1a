"""What can be wrong with the models, said in one line."""

from rasa.shared.exceptions import RasaException


class EncoderMissing(RasaException):
    """The configured sentence encoder cannot be found or read."""


class TrainingDataUnusable(RasaException):
    """The training data cannot make a model; the message names the file or the label."""


class ModelDamaged(RasaException):
    """A trained part inside the model archive is missing, cut short or does not fit together."""
