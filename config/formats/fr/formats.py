"""Dates in words, day first, 24 hours; months as French shortens them: "nov.", "déc.", and "mai" whole."""

DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "j N Y"
DATETIME_FORMAT = "j F Y, H:i"
SHORT_DATETIME_FORMAT = "j N Y, H:i"
TIME_FORMAT = "H:i"
FIRST_DAY_OF_WEEK = 1
