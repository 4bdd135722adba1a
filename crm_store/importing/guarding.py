"""Texts that a spreadsheet would take for formulas, and back.

A cell that begins with one of these is run by Excel, LibreOffice and Google Sheets when a file is
opened (OWASP, "CSV Injection"). An apostrophe before it makes it a text; our own import takes it
off again, so that what is exported and imported is what it was.
"""

import re

from crm_store.importing.cleaning.rules import rule

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_GUARDED = re.compile(r"'+(?=[=+\-@\t\r\n＝＋－＠])")
_NUMBER = re.compile(r"-\d+(?:[.,]\d+)*").fullmatch


def guard(text: str) -> str:
    """The text as a cell that no spreadsheet runs; a plain negative number stays one."""
    if text.startswith(_STARTS) and not _NUMBER(text):
        return f"'{text}"
    # A text that has the apostrophe already gets another, so that taking one off restores it.
    return f"'{text}" if _GUARDED.match(text) else text


@rule("formula_guard")
def unguard(text: str) -> str:
    """Take off the apostrophe that keeps spreadsheets from running a text."""
    return text[1:] if _GUARDED.match(text) else text
