"""The id of the customer's request goes with the turn to the assistant."""

from tests.gateway.support.double import AssistantDouble
from tests.gateway.support.running import Gateway


def test_the_assistant_gets_the_id_that_the_customer_got(
    sqlite_gateway: Gateway, assistant: AssistantDouble
) -> None:
    visitor = sqlite_gateway.visitor()
    answer = visitor.say("hello")
    visitor.wait_for(1)
    (request,) = assistant.requests
    assert request["metadata"]["request_id"] == answer.headers["X-Request-ID"]
