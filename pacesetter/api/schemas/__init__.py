"""What programs send and get, room by room."""
