"""The mail server's address as a setting."""

import pytest

from foundation.mail_server import MailServer, parse_mail_server


def test_addresses_are_taken_apart() -> None:
    assert parse_mail_server(" ") is None
    assert parse_mail_server("smtp://127.0.0.1:1025") == MailServer("smtp", "127.0.0.1", 1025)
    found = parse_mail_server("smtps://ann%40shop:p%3Ass@mail.example")
    assert found == MailServer("smtps", "mail.example", 465, "ann@shop", "p:ss")
    assert "p:ss" not in repr(found)


@pytest.mark.parametrize(
    "wrong",
    [
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://mail.example:99999",
        "smtp://mail.example/inbox",
        "smtps://user@mail.example",
        "smtp://user:secret@mail.example",
    ],
)
def test_a_wrong_one_is_refused_without_its_password(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as refused:
        parse_mail_server(wrong)
    assert "secret" not in str(refused.value)
