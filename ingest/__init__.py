"""From sources to a release."""
