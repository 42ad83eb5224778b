"""The day of somebody who sells: the log sheet, the list of today, its rings."""
