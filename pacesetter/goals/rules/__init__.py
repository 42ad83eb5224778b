"""The ifs of goals over plain values: spreading, prorating, calculating back to a day, checking. One noun per file.

Values are integers in the metric's own unit: minor units for money, counts for counts, days for days, and for ratios
basis points of 1 (2,500 = 25 %). Rates and weights are exact `Fraction`s; nothing here makes a float.
"""
