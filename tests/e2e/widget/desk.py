"""A gateway whose assistant is a test double, and pages that host its widget."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crm_store.conversations.service import ConversationService
from crm_store.database import Database
from crm_store.jobs import JobKinds, JobRunner
from crm_store.mailing.transcripts import TRANSCRIPT_KIND
from crm_store.models import Conversation, Visibility
from crm_store.sites.configuration import SiteConfiguration
from crm_store.sites.service import SiteService
from foundation.settings import Settings, load_settings
from gateway.app import create_app
from gateway.assistant import HttpAssistant
from tests.fixtures.mail import Mailbox
from tests.gateway.support.double import AssistantDouble, echo
from tests.gateway.support.running import OPERATOR, Gateway, StaffClient, seed_access
from tests.gateway.support.serving import served

SITE = "demo-shop"
# As strict as a shop may be: nothing inline, nothing from elsewhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'"
)
_PLAIN: dict[str, Any] = {
    "locales": {"default": "en", "offered": ["en", "zh-CN", "ar"]},
    "appearance": {"title": "Lantern & Pine"},
    "texts": {},
    "pre_chat": None,
    "offline_form": True,
    "greetings": [],
    "forms": [],
    "sound": True,
    "calendar": None,
    "identity_required": False,
}


@dataclass
class Desk:
    """The running gateway, and what a test does to it."""

    gateway: Gateway
    assistant: AssistantDouble
    settings: Settings
    mailbox: Mailbox
    pages: dict[str, Response] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.gateway.url

    def reset(self) -> None:
        """As every test finds it."""
        self.assistant.behave = echo
        self.assistant.status = 200
        self.assistant.delay = 0.0
        self.mailbox.taken.clear()
        self.set(**_PLAIN)

    def set(self, **changes: Any) -> None:
        """Change the site's settings."""
        with self.gateway.database.transaction() as session:
            SiteConfiguration(session).change(SITE, changes, asker=OPERATOR)

    @contextmanager
    def agent(self) -> Iterator[StaffClient]:
        with self.gateway.staff(self.gateway.access.agent) as staff:
            yield staff

    def act(self, verb: str, **body: Any) -> None:
        """An agent does this to the newest conversation: claim, release, resolve, messages."""
        if verb == "messages":
            body["client_id"] = uuid4().hex
        with self.agent() as staff:
            answer = staff.post(f"/conversations/{self.conversation().id}/{verb}", json=body)
        assert answer.is_success, answer.text

    def run_jobs(self) -> None:
        """What the worker does."""
        JobRunner(self.gateway.database, self.settings, JobKinds.of([TRANSCRIPT_KIND])).run_due()

    def identity(self, subject: str = "c-1", name: str = "Mona Marlow") -> str:
        """What a shop's server signs for somebody who is logged in there."""
        with self.gateway.database.reading() as session:
            sites = SiteService(session)
            return sites.sign_identity(
                sites.by_key(SITE), subject=subject, email=f"{subject}@example.org", name=name
            )

    def conversation(self) -> Conversation:
        """The newest one."""
        with self.gateway.database.reading() as session:
            newest = select(Conversation).order_by(Conversation.created_at.desc()).limit(1)
            return session.scalars(newest).one()

    def texts(self, conversation_id: UUID) -> list[str]:
        with self.gateway.database.reading() as session:
            said = ConversationService(session).messages(
                conversation_id, audience=Visibility.PUBLIC
            )
        return [message.text for message in said]


def host(
    desk: Desk,
    *,
    attributes: Mapping[str, str] | None = None,
    script: str = "",
    name: str = "page",
) -> str:
    """Serve a shop's page under a strict policy; returns its address.

    Args:
        desk: the gateway, which serves the page too: a browser lets no other one reach it.
        attributes: of the widget's tag, besides the site key.
        script: the page's own, which runs before the widget's.
        name: the end of its path.
    """
    given = {"data-site-key": SITE, **(attributes or {})}
    tag = " ".join(f'{key}="{value}"' for key, value in given.items())
    own = f'<script src="/host/{name}.js"></script>' if script else ""
    body = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A shop</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head><body>'
        f'<main><h1>A shop</h1><p><a href="#x">A link of the page</a></p></main>{own}'
        f'<script src="/widget/kefu-widget.js" {tag} defer></script></body></html>'
    )
    policy = {"Content-Security-Policy": POLICY}
    desk.pages[name] = Response(body, media_type="text/html", headers=policy)
    desk.pages[f"{name}.js"] = Response(script, media_type="text/javascript")
    return f"{desk.url}/host/{name}"


@contextmanager
def running_desk(database: Database, var: Path, mailbox: Mailbox) -> Iterator[Desk]:
    """The gateway on a port of its own, with one site and three members of staff."""
    settings = load_settings(
        env_file=None,
        var=var,
        internal_token="internal-token-of-the-tests",
        secret_keys="secret-key-of-the-tests-0123456789ab",
        # Many visitors come from one address here.
        sessions_per_minute=1_000,
        messages_per_minute=1_000,
        **mailbox.settings,
    )
    access = seed_access(database)
    with AssistantDouble() as assistant:
        app = create_app(
            settings,
            database=database,
            assistant=HttpAssistant(settings, base_url=assistant.url),
        )
        pages: dict[str, Response] = {}

        async def hosting(request: Request) -> Response:
            return pages[request.path_params["name"]]

        app.router.routes.insert(0, Route("/host/{name}", hosting))
        with served(app, database, access, seconds=20) as gateway:
            yield Desk(gateway, assistant, settings, mailbox, pages)
