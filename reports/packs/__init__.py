"""What a pack is made of, as plain values: no ORM, no printing."""
