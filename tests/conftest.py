"""Fixtures for every package's tests."""

pytest_plugins = ["tests.fixtures.browser", "tests.fixtures.databases"]
