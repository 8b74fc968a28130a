"""Pure rules of actions: what the colours mean, and whether the words of an update conform with them."""
