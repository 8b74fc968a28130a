"""What the pages of the monthly cycle print: frozen values made from records, one module a page."""
