"""The curator's office: writing, translating, reviewing, publishing, and what is missing."""
