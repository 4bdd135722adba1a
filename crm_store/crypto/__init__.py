"""Field encryption: AES-256-GCM under rotating keys, found through blind indexes.

A model declares an encrypted column with the types of ``crm_store.models.encrypted``::

    email: Mapped[str | None] = mapped_column(EncryptedText("leads.email", indexed=True))
    email_index: Mapped[str | None] = blind_index("email")
    street: Mapped[str | None] = mapped_column(EncryptedText("leads.street"))

and its migration writes ``sa.Text()`` for the first and the last, and for the index
``sa.Column("email_index", sa.String(32), blind_index_of("email"))`` with an index of its own.

As attributes they read and write as plain text, in Core inserts and ``BulkWriter`` too. The index
column is computed by the database from the stored form: nobody sets it, nobody can forget it.
A row is found by ``matches(session, Lead.email_index, "anna@example.com")``; customers have
``has_email`` and ``has_phone`` (``crm_store.customers.contacts``). To compare or sort the column
itself raises ``NotComparable``.

Full-text search must leave columns of ``by_choice=True`` alone while ``messages_are_encrypted``.
"""

from crm_store.crypto.errors import CannotDecrypt, NoDataKeys, NotComparable
from crm_store.crypto.keyring import Keyring
from crm_store.crypto.lookup import matches, messages_are_encrypted

__all__ = [
    "CannotDecrypt",
    "Keyring",
    "NoDataKeys",
    "NotComparable",
    "matches",
    "messages_are_encrypted",
]
