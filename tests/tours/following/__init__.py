"""Following: what guests' phones are told of where their guide is."""
