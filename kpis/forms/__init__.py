"""What people type into the monthly cycle."""
