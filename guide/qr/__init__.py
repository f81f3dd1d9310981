"""Printed codes: how they are made, where they lead, how they are drawn, how scans count."""
