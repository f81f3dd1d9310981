"""What is on show: exhibitions, exhibits, texts, facts, and the folder they come from."""
