"""The authored articles: sixty, readable, and of one mind with the code about the shop's terms."""

import re

import pytest

from crm_store.orders import terms
from crm_store.seeding.library import ArticleDraft, load_articles
from foundation.money import format_money

ARTICLES = {article.slug: article for article in load_articles()}
TEXT = {slug: f"{article.summary}\n{article.body}" for slug, article in ARTICLES.items()}


def euros(minor: int) -> str:
    return format_money(minor, "EUR")


@pytest.mark.parametrize("article", ARTICLES.values(), ids=lambda article: article.slug)
def test_each_article_fits_its_place(article: ArticleDraft) -> None:
    assert re.fullmatch(r"[a-z0-9-]{3,120}", article.slug)
    assert len(article.title) <= 80
    assert 2 <= len(re.findall(r"[.!?](?:\s|$)", article.summary)) <= 4
    assert len(article.summary) <= 500
    assert 100 <= len(article.body.split()) <= 260


@pytest.mark.parametrize("article", ARTICLES.values(), ids=lambda article: article.slug)
def test_links_lead_to_other_articles(article: ArticleDraft) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", article.body):
        assert target in ARTICLES
        assert target != article.slug


def test_sixty_articles_with_titles_of_their_own() -> None:
    assert len(ARTICLES) == 60
    assert len({article.title for article in ARTICLES.values()}) == 60


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("shipping-costs", euros(terms.STANDARD_FEE_MINOR)),
        ("shipping-costs", euros(terms.EXPRESS_FEE_MINOR)),
        ("shipping-costs", euros(terms.CUSTOMS_FEE_MINOR)),
        ("shipping-costs", f"from €{terms.FREE_FROM_MINOR // 100}"),
        ("delivery-times", "{}–{} working days within Germany".format(*terms.HOME_DAYS)),
        ("delivery-times", "{}–{} working days in the rest".format(*terms.EU_DAYS)),
        ("delivery-times", "take {}–{} working days because".format(*terms.CUSTOMS_DAYS)),
        ("delivery-times", f"by {terms.EXPRESS_UNTIL_HOUR}:00"),
        ("return-policy", f"{terms.RETURN_DAYS} days of delivery"),
        ("return-policy", f"deduct {euros(terms.RETURN_LABEL_MINOR)}"),
        ("refund-policy", f"within {terms.REFUND_WORKING_DAYS} working days"),
        ("warranty-terms", "5 years on tents"),
    ],
)
def test_articles_say_what_the_code_does(slug: str, said: str) -> None:
    assert said in TEXT[slug]


def test_no_article_names_another_period() -> None:
    everything = "\n".join(TEXT.values())
    back = r"(?:return|exchange)[^.\n]*within \**(\d+) days of delivery"
    days = set(re.findall(back, everything))
    assert days == {str(terms.RETURN_DAYS)}
    refunds = set(re.findall(r"[Rr]efund[^.\n]*within \**(\d+) working days", everything))
    assert refunds == {str(terms.REFUND_WORKING_DAYS)}
