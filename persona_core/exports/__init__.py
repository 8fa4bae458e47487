"""Documents and files that leave the room: the same input always gives the same bytes."""
