"""Pure rules of what draws on every part: no ORM."""
