"""What a visitor says on arriving: answers before the chat, their language, the page."""

from dataclasses import dataclass
from uuid import UUID

from crm_store.conversations.service import ConversationService
from crm_store.models import Site
from crm_store.sites.form_fields import Answers, read_answers
from crm_store.sites.settings import SiteSettings
from foundation.errors import InvalidFields
from gateway.widget.schemas import NewSession, PageView


@dataclass(frozen=True, slots=True)
class Arrival:
    """Checked against the site's settings."""

    answers: Answers
    locale: str
    page: PageView | None

    def note(self, service: ConversationService, conversation_id: UUID) -> None:
        """Keep it with the conversation; it proves nothing, and nobody is found by it."""
        service.note_answers(conversation_id, self.answers)
        service.set_locale(conversation_id, self.locale)
        if self.page is not None:
            service.note_page(conversation_id, path=self.page.path, title=self.page.title)


def read_arrival(site: Site, body: NewSession, *, known: bool) -> Arrival:
    """What was said, as it is kept.

    Args:
        site: whose questions were asked.
        body: what was sent.
        known: whether the host vouches for the visitor, who need answer nothing then.

    Raises:
        InvalidFields: answers that do not fit the questions, by ``pre_chat.<name>``.
    """
    settings = SiteSettings.read(site.settings)
    answers: Answers = {}
    if settings.pre_chat is not None and (body.pre_chat is not None or not known):
        asked = settings.pre_chat.fields
        answers = read_answers(asked, body.pre_chat or {}, within="pre_chat.")
    elif body.pre_chat:
        raise InvalidFields({"pre_chat": "this site asks nothing before a chat"})
    return Arrival(answers, settings.offered(body.locale), body.page)
