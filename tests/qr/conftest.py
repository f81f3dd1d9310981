"""The cast of the accounts, who also come to the labels."""

from tests.accounts.conftest import signed_in

__all__ = ["signed_in"]
