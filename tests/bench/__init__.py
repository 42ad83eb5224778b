"""`./pace bench`: how fast, as ratios to bare SQL on the same machine in the same run.

    ./pace bench                       import into a table of 1,000,000 deals, the team board, fifty reps logging
    ./pace bench --table 50000 --small 2000 --seconds 10       the same, quickly
    ./pace bench import | board | log  one of them
    PACE_DATABASE_URL=postgres://…     on PostgreSQL instead of SQLite

Seconds depend on the machine; the ratios do not (much). `slowest_visit_seconds` is how long a visit logged meanwhile
waited: on SQLite as long as the file is written. Nothing is kept: the home is a temporary one.
"""
