"""Staff accounts and sessions."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from crm_store.asking import AsSystem
from crm_store.database import Database
from crm_store.models import Role, User, UserSession
from crm_store.users.service import UserService
from foundation.clock import utc_now
from foundation.errors import Conflict, Invalid, NotAllowed, NotAuthenticated, NotFound
from foundation.ids import new_id

EMAIL = "ada@example.org"
PASSWORD = "correct horse"
OPERATOR = AsSystem("a test")


@pytest.fixture
def users() -> Callable[[Session], UserService]:
    # The real algorithm with the smallest cost: the tests are about who gets in.
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return lambda session: UserService(session, hasher=hasher)


Users = Callable[[Session], UserService]


def add(users: Users, session: Session) -> User:
    return users(session).add(
        email=EMAIL, name="Ada", password=PASSWORD, role=Role.AGENT, asker=OPERATOR
    )


def test_the_right_password_gets_in(database: Database, users: Users) -> None:
    with database.transaction() as session:
        made = add(users, session)
        assert PASSWORD not in made.password_hash
        assert users(session).authenticate(" ADA@Example.org ", PASSWORD).id == made.id
        assert users(session).get(made.id).email == EMAIL


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (EMAIL, "wrong password"),
        (EMAIL, ""),
        (EMAIL, PASSWORD + "\ud800!"),
        ("nobody@example.org", PASSWORD),
        ("no address", PASSWORD),
        ("nul\x00@example.org", PASSWORD),
    ],
)
def test_anything_else_does_not(
    database: Database, users: Users, email: str, password: str
) -> None:
    with database.transaction() as session:
        add(users, session)
        with pytest.raises(NotAuthenticated) as refused:
            users(session).authenticate(email, password)
    assert refused.value.detail == "e-mail or password is wrong"


def test_an_unknown_address_costs_a_hash_too(database: Database) -> None:
    class Counting(PasswordHasher):
        hashed = 0

        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            self.hashed += 1
            return super().hash(password, salt=salt)

    hasher = Counting(time_cost=1, memory_cost=8, parallelism=1)
    with database.transaction() as session, pytest.raises(NotAuthenticated):
        UserService(session, hasher=hasher).authenticate("nobody@example.org", PASSWORD)
    assert hasher.hashed == 1


def test_a_disabled_user_is_out_at_once(database: Database, users: Users) -> None:
    with database.transaction() as session:
        token = users(session).start_session(add(users, session), hours=1).session_token
        users(session).disable(EMAIL, asker=OPERATOR)
        with pytest.raises(NotAuthenticated):
            users(session).by_session(token)
        with pytest.raises(NotAuthenticated):
            users(session).authenticate(EMAIL, PASSWORD)


def test_a_new_password_ends_every_session(database: Database, users: Users) -> None:
    with database.transaction() as session:
        token = users(session).start_session(add(users, session), hours=1).session_token
        users(session).set_password(EMAIL, "another password", asker=OPERATOR)
        with pytest.raises(NotAuthenticated):
            users(session).by_session(token)
        assert users(session).authenticate(EMAIL, "another password")


def test_hashes_of_an_old_cost_are_renewed_at_login(database: Database, users: Users) -> None:
    with database.transaction() as session:
        old = add(users, session).password_hash
        dearer = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)
        renewed = UserService(session, hasher=dearer).authenticate(EMAIL, PASSWORD).password_hash
    assert renewed != old
    assert not dearer.check_needs_rehash(renewed)


def test_a_session_knows_its_user_and_csrf_token(database: Database, users: Users) -> None:
    with database.transaction() as session:
        made = add(users, session)
        tokens = users(session).start_session(made, hours=1)
        user, user_session = users(session).by_session(tokens.session_token)
        assert user.id == made.id
        users(session).check_csrf(user_session, tokens.csrf_token)
        with pytest.raises(NotAllowed):
            users(session).check_csrf(user_session, tokens.session_token)
        kept = session.scalars(select(UserSession)).one()
        assert tokens.session_token not in (kept.token_digest, kept.csrf_digest)
        users(session).end_session(tokens.session_token)
        with pytest.raises(NotAuthenticated):
            users(session).by_session(tokens.session_token)


def test_a_session_expires(database: Database, users: Users) -> None:
    with database.transaction() as session:
        token = users(session).start_session(add(users, session), hours=1).session_token
        session.execute(update(UserSession).values(expires_at=utc_now() - timedelta(seconds=1)))
        with pytest.raises(NotAuthenticated):
            users(session).by_session(token)


@pytest.mark.parametrize(
    "wrong",
    [{"email": "nonsense"}, {"name": " "}, {"password": "short"}, {"password": "x" * 201}],
)
def test_unacceptable_values_name_the_field(
    sqlite_database: Database, users: Users, wrong: dict[str, str]
) -> None:
    values = {"email": EMAIL, "name": "Ada", "password": PASSWORD} | wrong
    with sqlite_database.transaction() as session, pytest.raises(Invalid) as refused:
        users(session).add(**values, role=Role.ADMIN, asker=OPERATOR)
    assert refused.value.detail.startswith(next(iter(wrong)))


def test_an_address_is_taken_once(database: Database, users: Users) -> None:
    with database.transaction() as session:
        add(users, session)
        with pytest.raises(Conflict):
            add(users, session)
        assert [user.email for user in users(session).list(asker=OPERATOR)] == [EMAIL]


def test_nobody_is_not_found(database: Database, users: Users) -> None:
    with database.transaction() as session:
        with pytest.raises(NotFound):
            users(session).disable(EMAIL, asker=OPERATOR)
        with pytest.raises(NotFound):
            users(session).get(new_id())
