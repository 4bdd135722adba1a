"""Calls of the action server share their connections; each gets its own answer."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from rasa.utils.endpoints import EndpointConfig

from bot.action_calls import KeptConnections


class Server:
    """An action server that counts its callers' connections, and echoes what it is asked."""

    def __init__(self) -> None:
        self.connections: set[tuple[str, int]] = set()
        self.tokens: list[str] = []
        self.url = ""

    async def _answer(self, request: web.Request) -> web.Response:
        assert request.transport is not None
        self.connections.add(request.transport.get_extra_info("peername")[:2])
        self.tokens.append(request.headers.get("X-Kefu-Token", ""))
        asked = await request.json()
        await asyncio.sleep(asked.get("wait", 0))
        return web.json_response(asked)

    async def run(self, use: Callable[[], Awaitable[None]]) -> None:
        app = web.Application()
        app.router.add_post("/webhook", self._answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        assert site._server is not None
        port = site._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/webhook"
        try:
            await use()
        finally:
            await runner.cleanup()


def served(use: Callable[[Server], Awaitable[None]]) -> Server:
    server = Server()
    asyncio.run(server.run(lambda: use(server)))
    return server


def endpoint(server: Server, **more: Any) -> KeptConnections:
    headers = {"X-Kefu-Token": "secret"}
    return KeptConnections(EndpointConfig(url=server.url, headers=headers, **more))


def test_calls_one_after_the_other_use_one_connection() -> None:
    async def use(server: Server) -> None:
        kept = endpoint(server)
        for number in range(5):
            assert await kept.request("post", json={"number": number}) == {"number": number}
        await kept.close()

    server = served(use)
    assert len(server.connections) == 1
    assert server.tokens == ["secret"] * 5, "the headers of endpoints.yml go with each call"


def test_calls_at_once_do_not_wait_for_each_other_and_are_not_mixed_up() -> None:
    async def use(server: Server) -> None:
        kept = endpoint(server)
        calls = [kept.request("post", json={"number": n, "wait": 0.2}) for n in range(4)]
        answers = await asyncio.wait_for(asyncio.gather(*calls), 3)
        assert [answer["number"] for answer in answers] == list(range(4))
        await kept.close()

    assert len(served(use).connections) == 4


def test_a_connection_that_the_server_has_closed_is_replaced() -> None:
    async def use(server: Server) -> None:
        kept = endpoint(server)
        await kept.request("post", json={})
        assert kept._connector is not None
        for pool in kept._connector._conns.values():
            for protocol, *_ in pool:
                protocol.transport.abort()
        await asyncio.sleep(0)
        assert await kept.request("post", json={"again": True}) == {"again": True}
        await kept.close()

    assert len(served(use).connections) == 2


def test_a_login_of_the_endpoint_gets_a_client_of_its_own() -> None:
    async def use(server: Server) -> None:
        kept = endpoint(server, basic_auth={"username": "kefu", "password": "secret"})
        assert await kept.request("post", json={"a": 1}) == {"a": 1}
        assert kept._connector is None
        await kept.close()

    served(use)


def test_closing_ends_what_was_kept() -> None:
    async def use(server: Server) -> None:
        kept = endpoint(server)
        await kept.request("post", json={})
        connector = kept._connector
        assert connector is not None
        assert not connector.closed
        await kept.close()
        assert connector.closed

    served(use)
