"""The public pages: what a visitor reads after a scan, and how they get there."""
