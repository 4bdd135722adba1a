"""The model's graph runs without a scheduler and gives what it gave."""

import pytest
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner

from bot.graph_runner import StraightRunner, straight


class Joined(GraphComponent):
    """Joins what it is given, and counts how often."""

    ran = 0

    @classmethod
    def create(cls, config, model_storage, resource, execution_context):
        return cls()

    def join(self, left, right="-"):
        Joined.ran += 1
        return left + right


def node(**needs):
    return SchemaNode(needs, Joined, "create", "join", {}, eager=True)


@pytest.fixture
def runners():
    Joined.ran = 0
    schema = GraphSchema(
        {
            "last": node(left="middle", right="first"),
            "first": node(left="__said__"),
            "middle": node(left="first", right="__said__"),
            "aside": node(left="__never__"),
        }
    )
    theirs = DaskGraphRunner(schema, None, ExecutionContext(schema))
    return theirs, StraightRunner(theirs)


@pytest.mark.parametrize("targets", [["last"], ["first", "middle"], ["first"]])
def test_the_outputs_are_the_same(runners, targets):
    theirs, ours = runners
    inputs = {"__said__": "hello"}
    assert ours.run(inputs, targets) == theirs.run(inputs, targets)


def test_a_node_runs_once_and_only_if_it_is_needed(runners):
    _, ours = runners
    assert ours.run({"__said__": "a"}, ["last"]) == {"last": "a-aa-"}
    assert Joined.ran == 3


def test_a_missing_input_is_an_error(runners):
    _, ours = runners
    with pytest.raises(GraphRunError):
        ours.run({}, ["last"])


def test_another_runner_stays_as_it_is():
    other = object()
    assert straight(other) is other
