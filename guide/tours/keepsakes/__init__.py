"""What stays of a visit: pages of the guest book, and gifts."""
