"""Following: the guests' phones are told where their guide is, as it happens."""
