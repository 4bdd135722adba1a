"""Handing a message in to the mail server."""

import smtplib
import ssl
from email.message import EmailMessage

from foundation.errors import Conflict
from foundation.mail_server import MailServer, parse_mail_server
from foundation.settings import Settings

_TIMEOUT_SECONDS = 20


class NoMailServer(Conflict):
    """Nobody has told Kefu where to hand mail in."""

    code = "no_mail_server"
    title = "This shop sends no e-mail"


class MailNotSent(Exception):
    """The server did not take the message; the text holds no address."""


def send(settings: Settings, message: EmailMessage) -> None:
    """Hand the message in, from the sender of the settings.

    Raises:
        NoMailServer: there is none, or no sender.
        MailNotSent: it did not take the message; a later try may work.
    """
    server = parse_mail_server(settings.smtp_url.get_secret_value())
    if server is None or not settings.mail_from:
        raise NoMailServer
    message["From"] = settings.mail_from
    try:
        with _connected(server) as connection:
            connection.send_message(message)
    except (smtplib.SMTPException, OSError) as error:
        # Its own text quotes the recipients.
        raise MailNotSent(type(error).__name__) from None


def _connected(server: MailServer) -> smtplib.SMTP:
    tls = ssl.create_default_context()
    connection: smtplib.SMTP
    if server.security == "smtps":
        connection = smtplib.SMTP_SSL(
            server.host, server.port, timeout=_TIMEOUT_SECONDS, context=tls
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT_SECONDS)
    try:
        if server.security == "smtp+starttls":
            connection.starttls(context=tls)
        if server.user is not None and server.password is not None:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection
