"""Files from customers."""

from uuid import uuid4

import pytest

from tests.gateway.support.running import Gateway, Visitor

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def upload(visitor: Visitor, name: str, content: bytes, kind: str = "image/png"):
    return visitor.post("/attachments", files={"file": (name, content, kind)})


def test_a_file_goes_to_the_agent(gateway: Gateway) -> None:
    visitor = gateway.visitor()
    stored = upload(visitor, "broken zip.png", PNG)
    assert stored.status_code == 201
    file = stored.json()
    assert file["filename"] == "broken zip.png"
    message = visitor.say(attachment_id=file["id"]).json()["message"]
    assert message["text"] == "I sent a file: broken zip.png"
    assert message["payload"] == {"attachment": file}
    path = f"/conversations/{visitor.conversation_id}/attachments/{file['id']}"
    with gateway.staff(gateway.access.agent) as staff:
        got = staff.get(path)
    assert got.content == PNG
    assert got.headers["content-disposition"].startswith("attachment")
    assert got.headers["x-content-type-options"] == "nosniff"
    assert gateway.client.get(f"/api/v1{path}").status_code == 401
    own = gateway.client.get(f"/api/v1/widget/attachments/{file['id']}", headers=visitor.headers)
    assert own.content == PNG
    folder = gateway.app.state.parts.settings.var / "attachments"
    assert [path.stat().st_mode & 0o777 for path in folder.iterdir()] == [0o600]


def test_another_visitor_cannot_use_or_read_it(gateway: Gateway) -> None:
    owner, other = gateway.visitor(), gateway.visitor()
    file = upload(owner, "a.png", PNG).json()
    assert other.say("mine", attachment_id=file["id"]).status_code == 404
    got = gateway.client.get(f"/api/v1/widget/attachments/{file['id']}", headers=other.headers)
    assert got.status_code == 404
    assert owner.say("x", attachment_id=str(uuid4())).status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.png", b"<!doctype html><script>alert(1)</script>"),
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("run.exe", b"MZ\x90\x00\x03"),
        ("empty.png", b""),
        ("noise.bin", bytes(range(256))),
    ],
)
def test_other_kinds_are_refused(sqlite_gateway: Gateway, name: str, content: bytes) -> None:
    answer = upload(sqlite_gateway.visitor(), name, content)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("file:")


def test_the_name_is_made_harmless(sqlite_gateway: Gateway) -> None:
    visitor = sqlite_gateway.visitor()
    file = upload(visitor, "../../etc/passwd.html", PNG).json()
    assert file["filename"] == "passwd.png"
    assert file["content_type"] == "image/png"


def test_too_large_is_refused_with_the_limit(sqlite_gateway: Gateway) -> None:
    answer = upload(sqlite_gateway.visitor(), "big.png", PNG + b"\x00" * 5_100_000)
    assert answer.status_code == 413
    assert "5," in answer.json()["detail"]


def test_new_sessions_give_no_more_room(sqlite_gateway: Gateway) -> None:
    limit = sqlite_gateway.app.state.parts.settings.uploads_per_hour
    codes = []
    for _ in range(limit // 6 + 1):  # fewer each than a session may send at once
        visitor = sqlite_gateway.visitor()
        codes += [upload(visitor, "a.png", PNG).status_code for _ in range(6)]
    assert codes[:limit] == [201] * limit
    assert set(codes[limit:]) == {429}
