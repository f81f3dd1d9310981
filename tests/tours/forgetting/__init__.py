"""Forgetting: the persons of tours leave on their date, counts and places stay."""
