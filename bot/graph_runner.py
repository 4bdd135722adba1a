"""Running a loaded model's graph without a scheduler.

Rasa hands the graph to Dask for each message and each prediction, which cuts it down, sorts it and
builds a graph of its own, to run a few nodes one after the other: a tenth of a turn.
"""

from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner

from bot.rules import PreparedRules


class StraightRunner(DaskGraphRunner):
    """Runs the same nodes in an order that is worked out once for each set of targets."""

    def __init__(self, runner: DaskGraphRunner) -> None:
        """Takes over the nodes of a runner that is loaded."""
        self._graph_schema: GraphSchema = runner._graph_schema
        self._instantiated_nodes: dict[str, GraphNode] = runner._instantiated_nodes
        self._orders: dict[tuple[str, ...], list[tuple[GraphNode, tuple[str, ...]]]] = {}
        for node in self._instantiated_nodes.values():
            if type(node._component) is RulePolicy:
                node._component = PreparedRules(node._component)

    def run(
        self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        """The outputs of the targets.

        Raises:
            GraphRunError: an input is missing.
        """
        wanted = tuple(targets or self._graph_schema.target_names)
        order = self._orders.get(wanted)
        if order is None:
            order = self._orders[wanted] = self._order_for(wanted)
        found = {name: (name, value) for name, value in (inputs or {}).items()}
        try:
            for node, needed in order:
                name, output = node(*(found.get(need, need) for need in needed))
                found[name] = (name, output)
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return {name: found[name][1] for name in wanted}

    def _order_for(self, targets: tuple[str, ...]) -> list[tuple[GraphNode, tuple[str, ...]]]:
        """What the targets need, each node after the ones that it needs itself."""
        schema = self._graph_schema.minimal_graph_schema(list(targets))
        order: dict[str, tuple[GraphNode, tuple[str, ...]]] = {}

        def add(name: str) -> None:
            if name in order or name not in schema.nodes:
                return  # placed already, or an input of the run
            needed = tuple(schema.nodes[name].needs.values())
            for need in needed:
                add(need)
            order[name] = (self._instantiated_nodes[name], needed)

        for target in targets:
            add(target)
        return list(order.values())


def straight(runner: GraphRunner) -> GraphRunner:
    """The runner without Dask, where it is Dask's."""
    return StraightRunner(runner) if type(runner) is DaskGraphRunner else runner
