"""How dates print where a template names no format: the GOV.UK style."""

DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "j M Y"
MONTH_DAY_FORMAT = "j F"
YEAR_MONTH_FORMAT = "F Y"
TIME_FORMAT = "g:ia"
DATETIME_FORMAT = r"j F Y \a\t g:ia"
SHORT_DATETIME_FORMAT = r"j M Y \a\t g:ia"
FIRST_DAY_OF_WEEK = 1
