"""What people fill in about data quality."""
