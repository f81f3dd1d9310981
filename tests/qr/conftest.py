"""Somebody at the desk, for the rooms of the labels."""

from tests.accounts.conftest import signed_in

__all__ = ["signed_in"]
