"""A customer's own details, newsletter and data."""

from typing import ClassVar

from sqlalchemy.orm import Session

from actions.base import CustomerAction
from actions.context import Turn
from actions.reply import PERSON, Button, Card, Reply
from actions.tickets import ask_any_time
from crm_store.asking import AsCustomer, AsSystem
from crm_store.conversations.service import ConversationService
from crm_store.customers.service import CustomerService
from crm_store.models import TicketPriority
from crm_store.tickets.service import TicketService

FIELDS = {"name": "Name", "email": "E-mail", "phone": "Phone", "address": "Address"}
_BY_HOST = "host"


def is_signed_in(session: Session, turn: Turn) -> bool:
    """Whether the shop itself signed the visitor in.

    Who knows an order number and its e-mail may see orders and redirect one that has not left;
    taking over the account itself takes more than that.
    """
    conversation = ConversationService(session).get(
        turn.conversation_id, asker=AsSystem("actions: how was the visitor verified")
    )
    return conversation.verified_at is not None and conversation.verified_by == _BY_HOST


class AccountEditAction(CustomerAction):
    """The form has the field and its new value; the service checks the value."""

    name: ClassVar[str] = "action_account_edit"
    goal: ClassVar[str] = "account_edit"
    writes: ClassVar[bool] = True

    def reply_to(self, session: Session, turn: Turn, asker: AsCustomer, reply: Reply) -> None:
        field, value = turn.slot("account_field"), turn.slots.get("account_value")
        reply.set(account_field=None, account_value=None)
        if not is_signed_in(session, turn) or field not in FIELDS or not isinstance(value, dict):
            refuse_change(reply)
            return
        CustomerService(session).update_profile(asker, asker.customer_id, **value)
        # Said back, so that a misreading is noticed.
        reply.say(
            f"Done, your {FIELDS[field].lower()} is now {', '.join(map(str, value.values()))}.",
            buttons=[Button("Change something else", "account_edit")],
        )


class AccountDeleteAction(CustomerAction):
    """Asks first; the yes arrives in ``action_affirm``."""

    name: ClassVar[str] = "action_account_delete"
    goal: ClassVar[str] = "account_delete"

    def reply_to(self, session: Session, turn: Turn, asker: AsCustomer, reply: Reply) -> None:
        if not is_signed_in(session, turn):
            refuse_change(reply)
            return
        customer = CustomerService(session).get(asker.customer_id, asker=asker)
        if customer.deletion_requested_at is not None:
            reply.say("Your request to delete the account is already with us.", buttons=[PERSON])
            return
        reply.ask_yes_or_no(
            "Shall I have your account deleted? Your profile, chats and everything we derived from "
            "them go within 30 days; only invoices are kept, because the law asks for it.",
            yes="Yes, delete it",
            no="No, keep it",
            then={"do": "delete_account"},
            turn=turn,
        )
        reply.ends_form = True


def request_deletion(session: Session, asker: AsCustomer, reply: Reply) -> None:
    """Write the request down, as agreed to."""
    CustomerService(session).request_deletion(asker.customer_id, asker=asker)
    reply.say(
        "Your request is noted, and our team deletes the account within 30 days. Tell us before "
        "that if you change your mind."
    )


class NewsletterAction(CustomerAction):
    """On or off, as the intent says."""

    name: ClassVar[str] = "action_newsletter"
    goal: ClassVar[str] = "newsletter_subscribe"
    writes: ClassVar[bool] = True

    def reply_to(self, session: Session, turn: Turn, asker: AsCustomer, reply: Reply) -> None:
        wanted = turn.intent if turn.intent.startswith("newsletter_") else turn.slot("goal")
        subscribe = wanted != "newsletter_unsubscribe"
        CustomerService(session).set_newsletter(asker.customer_id, subscribe, asker=asker)
        if subscribe:
            reply.say("You are on the list for our newsletter. You can leave it at any time.")
        else:
            reply.say("Done, you won't get our newsletter any more.")


class DataExportAction(CustomerAction):
    """A copy of one's data does not go into a chat: a person checks and sends it."""

    name: ClassVar[str] = "action_data_export"
    goal: ClassVar[str] = "data_export"
    writes: ClassVar[bool] = True

    def reply_to(self, session: Session, turn: Turn, asker: AsCustomer, reply: Reply) -> None:
        ticket = TicketService(session).open(
            subject="Copy of personal data requested",
            body=turn.typed or "Asked for a copy of their data.",
            topic=self.goal,
            customer_id=asker.customer_id,
            conversation_id=turn.conversation_id,
            priority=TicketPriority.NORMAL,
            idempotency_key=turn.key(self.name),
        )
        reply.say(
            f"I have asked our team for a copy of everything we keep about you ({ticket.number}). "
            f"{ask_any_time(ticket)}",
            cards=[Card(kind="ticket", title=ticket.number, subtitle=ticket.subject)],
            buttons=[Button("Data and privacy", "data_privacy")],
        )


def refuse_change(reply: Reply) -> None:
    """An order number is not enough to change an account."""
    reply.say(
        "To keep your account safe I can change it only when you are logged in to the shop. Log in "
        "and open the chat there, or let a colleague help.",
        buttons=[PERSON],
    )
