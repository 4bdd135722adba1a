"""What staff may ask of the assistant's understanding."""

from pydantic import BaseModel


class ToExplain(BaseModel):
    """Any text, as a customer could write it."""

    text: str
