"""The engines by their names. Splink and what it runs on take a second to import."""

from crm_store.linkage.engine import Backend
from crm_store.linkage.local import LocalBackend
from crm_store.linkage.spark import SparkBackend


def open_backend(engine: str) -> Backend:
    """A place to link in; the caller closes it.

    Raises:
        NoSpark: Spark was asked for and is not installed.
    """
    return SparkBackend() if engine == "spark" else LocalBackend()
