"""Delegations: who comes, what they see and who leads them, in one record and on paper."""
