"""The office's list of visits: what is looked for, what is found, and how many that are."""
