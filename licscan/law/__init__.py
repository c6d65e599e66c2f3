"""What licenses ask and forbid: one license, one expression or one work in one setting -> a decision with its clauses.

Pure: reads its tables in `data/` and nothing of a scan. `licscan/judge/` asks it about the components of a scan.
"""
