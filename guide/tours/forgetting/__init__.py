"""Forgetting: persons leave on their date, counts and places stay."""
