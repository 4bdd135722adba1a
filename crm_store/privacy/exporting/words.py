"""The words of the readable page, in the customer's language."""

from dataclasses import dataclass

from crm_store.privacy.exporting.chinese import COLUMNS as CHINESE_COLUMNS
from crm_store.privacy.exporting.chinese import LISTS as CHINESE_LISTS
from crm_store.privacy.exporting.chinese import WORDS as CHINESE_WORDS

_ENGLISH = {
    "title": "Your data",
    "intro": "This is everything that we keep about you, as of {made_at}. The same is in data.json"
    " for programs; schema.json describes it. Files that you sent are in the folder attachments.",
    "contents": "Contents",
    "empty": "Nothing is kept under these headings",
    "colon": ": ",
    "comma": ", ",
    "yes": "yes",
    "no": "no",
    "customer": "You",
    "bot": "Assistant",
    "agent": "Our team",
    "system": "System",
    "times": "All times are in UTC.",
}
_ENGLISH_LISTS = {
    "customer": "Your profile",
    "identities": "How our channels know you",
    "consents": "What you allowed and refused",
    "conversations": "Conversations",
    "attachments": "Files that you sent",
    "visitor_details": "What you and the shop's page told the chat about you",
    "ratings": "Your ratings",
    "orders": "Orders",
    "order_lines": "What you ordered",
    "payments": "Payments",
    "shipments": "Parcels",
    "returns": "Returns",
    "tickets": "Requests that we worked on",
    "ticket_comments": "What was said about them",
    "interactions": "What happened when",
    "leads": "Before you were a customer",
    "opportunities": "Offers that we worked on",
    "account_contacts": "Companies that you speak for",
    "campaign_members": "Campaigns that you were part of",
    "campaign_touches": "When a campaign reached you",
    "outreach_messages": "Messages that the shop wrote to you first",
    "interests": "What you said you like",
    "segment": "The group that we see you in",
    "recommendations": "What we would recommend to you",
    "recommendation_feedback": "What you made of recommendations",
    "predictions": "What we expect",
    "decisions": "What we decided to offer you",
}
_ENGLISH_COLUMNS = {"id": "Number", "external_id": "Customer number", "locale": "Language"}


@dataclass(frozen=True)
class Words:
    """Texts of one language; what has no translation is shown by its English name."""

    language: str
    words: dict[str, str]
    lists: dict[str, str]
    columns: dict[str, str]

    def __getitem__(self, key: str) -> str:
        return self.words[key]

    def list_title(self, name: str) -> str:
        """What a list is called."""
        return self.lists.get(name) or _ENGLISH_LISTS.get(name) or _readable(name)

    def column(self, name: str) -> str:
        """What a column is called."""
        return self.columns.get(name) or _readable(name)


_LANGUAGES = {
    "en": Words("en", _ENGLISH, _ENGLISH_LISTS, _ENGLISH_COLUMNS),
    "zh": Words("zh-Hans", CHINESE_WORDS, CHINESE_LISTS, CHINESE_COLUMNS),
}


def words_for(locale: str) -> Words:
    """The words for somebody who reads this locale; English where there is no translation."""
    return _LANGUAGES.get(locale.replace("_", "-").split("-")[0].lower(), _LANGUAGES["en"])


def _readable(name: str) -> str:
    text = name.removesuffix("_minor").replace("_id", " number").replace("_at", " at")
    return text.replace("_", " ").strip().capitalize()
