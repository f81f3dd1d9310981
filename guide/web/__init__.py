"""The shared desk: pages, readers, headers, refusals, and what is served as files."""
