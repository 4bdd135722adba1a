"""YAML as nodes that know their lines; the parser is the one that Rasa uses."""

from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_VERSION = (1, 2)


class Unreadable(Exception):
    """A file that is no YAML; says the line and the reason."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason


def load(path: Path) -> Node | None:
    """The root node of a file; None when there is nothing in it but comments.

    Raises:
        Unreadable: the file cannot be opened, or is not UTF-8 or not YAML.
    """
    parser = YAML(typ="safe")
    parser.version = _VERSION
    try:
        root = parser.compose(read_text(path))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise Unreadable(line, f"malformed YAML: {error.problem or error.context}") from error
    except YAMLError as error:
        reason = str(error).strip().splitlines()
        raise Unreadable(1, f"malformed YAML: {reason[0] if reason else 'unknown'}") from error
    if root is None or (isinstance(root, ScalarNode) and root.value in ("", "null", "~")):
        return None
    _refuse_repeated_keys(root)
    return root


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, with or without a byte order mark.

    Raises:
        Unreadable: it cannot be opened, or is not UTF-8.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Unreadable(1, f"cannot be read: {error.strerror}") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unreadable(line, "this line is not UTF-8") from error


def entries(node: Node | None) -> Iterator[tuple[str, Node, Node]]:
    """Key, key node and value node of a mapping; nothing for any other node."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if isinstance(key, ScalarNode):
                yield key.value, key, value


def items(node: Node | None) -> list[Node]:
    """The members of a sequence; nothing for any other node."""
    return list(node.value) if isinstance(node, SequenceNode) else []


def value_of(node: Node | None, key: str) -> Node | None:
    """What a mapping holds under a key; None when it is no mapping or has no such key."""
    return next((value for name, _, value in entries(node) if name == key), None)


def text_of(node: Node | None) -> str | None:
    """The text of a scalar; None for any other node."""
    return node.value if isinstance(node, ScalarNode) else None


def line_of(node: Node) -> int:
    """The line, from 1, on which a node begins."""
    return int(node.start_mark.line) + 1


def lines_of(node: ScalarNode) -> Iterator[tuple[int, str]]:
    """Line number and text of each line of a scalar.

    Exact for a literal block (`|`); the lines of other styles were folded by the parser, so they
    all carry the line on which the scalar begins.
    """
    begins = line_of(node)
    for index, text in enumerate(node.value.splitlines()):
        yield (begins + 1 + index if node.style == "|" else begins), text


def _refuse_repeated_keys(root: Node) -> None:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        seen: set[str] = set()
        for name, key, value in entries(node):
            if name in seen:
                raise Unreadable(line_of(key), f"malformed YAML: the key '{name}' is there twice")
            seen.add(name)
            waiting.append(value)
        waiting.extend(items(node))
