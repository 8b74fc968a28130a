"""What the rows of a spreadsheet mean to data quality."""
