"""What keeps the guide whole: content in and out, backup, restore, the schema at the start."""
