"""`kefu chat`: talk to the assistant from the terminal, as a customer on the shop's page would."""

from typing import Annotated, Any

import typer

from crm_store.seeding import demo_customers
from crm_store.sites.service import SiteService
from foundation.errors import NotFound
from foundation.settings import load_settings
from kefu.chat.client import ChatClient, Message
from kefu.cli.context import JsonFlag, open_store, out, print_json

_ANSWER_SECONDS = 30.0


def chat(
    say: Annotated[
        list[str] | None, typer.Option(help="Say this and end; repeat for more.")
    ] = None,
    site: Annotated[str, typer.Option(help="Site key.")] = "demo-shop",
    demo_customer: Annotated[
        int | None, typer.Option(min=1, help="Log in as this one of the demo shop's customers.")
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Chat as a customer. A number picks a button; an empty line reads news; Ctrl-D ends."""
    settings = load_settings()
    identity = _identity(site, demo_customer) if demo_customer else None
    client = ChatClient(f"http://{settings.host}:{settings.port}", site_key=site, identity=identity)
    try:
        if say:
            answers = [_exchange(client, text, []) for text in say]
            if json:
                print_json({"conversation_id": client.conversation_id, "turns": answers})
            else:
                _print_script(say, answers)
        else:
            _converse(client)
    finally:
        client.close()


def _identity(site_key: str, number: int) -> str:
    """Sign as the demo shop's page does for a customer who is logged in there."""
    with open_store() as database, database.reading() as session:
        customers = demo_customers(session)
        if number > len(customers):
            raise NotFound(f"the demo shop has {len(customers)} demo customers")
        customer = customers[number - 1].customer
        sites = SiteService(session)
        return sites.sign_identity(
            sites.by_key(site_key),
            subject=customer.external_id or str(customer.id),
            email=customer.email,
            name=customer.name,
        )


def _exchange(client: ChatClient, text: str, buttons: list[dict[str, Any]]) -> list[Message]:
    chosen = buttons[int(text) - 1] if text.isdigit() and 0 < int(text) <= len(buttons) else None
    said, payload = (chosen["title"], chosen["payload"]) if chosen else (text, None)
    sent = client.send(said, payload=payload)
    return list(client.answers(sent, seconds=_ANSWER_SECONDS))


def _converse(client: ChatClient) -> None:
    out.print("You are a customer of the shop. Ctrl-D ends the chat.\n", style="dim")
    buttons: list[dict[str, Any]] = []
    while True:
        try:
            text = input("you › ").strip()
        except (EOFError, KeyboardInterrupt):
            out.print()
            return
        if text:
            with out.status("…"):
                answers = _exchange(client, text, buttons)
        else:
            answers = [m for m in client.new_messages() if m["author"] != "customer"]
        for message in answers:
            buttons = _print_message(message)


def _print_script(said: list[str], answers: list[list[Message]]) -> None:
    for text, messages in zip(said, answers, strict=True):
        out.print(f"you › {text}", style="bold", markup=False)
        for message in messages:
            _print_message(message)


def _print_message(message: Message) -> list[dict[str, Any]]:
    """Print a message with its cards and links; returns its buttons, numbered as printed."""
    who = message["name"] or message["author"]
    out.print(f"{who} › {message['text']}", markup=False)
    payload = message.get("payload") or {}
    for card in payload.get("cards") or []:
        status = (card.get("status") or {}).get("label")
        out.print(f"    ┃ {card['title']}" + (f" · {status}" if status else ""), markup=False)
        if card.get("subtitle"):
            out.print(f"    ┃ {card['subtitle']}", markup=False)
        for fact in card.get("facts") or []:
            out.print(f"    ┃ {fact['label']}: {fact['value']}", markup=False, style="dim")
    for link in payload.get("links") or []:
        out.print(f"    → {link['title']} ({link['url']})", markup=False, style="dim")
    buttons: list[dict[str, Any]] = payload.get("buttons") or []
    for number, button in enumerate(buttons, start=1):
        out.print(f"    [{number}] {button['title']}", markup=False)
    return buttons
