"""What pages ask for: one file per room."""
