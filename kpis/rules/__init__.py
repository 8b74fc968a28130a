"""The rules of KPIs, by subject: plain functions on plain values, with no database (framework C and E.1)."""
