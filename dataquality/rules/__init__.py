"""Pure checks and calculations on values; no ORM."""
