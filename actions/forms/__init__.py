"""What people fill in about actions."""
