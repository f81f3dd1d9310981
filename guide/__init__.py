"""The web guide of the Heydar Aliyev Center."""
