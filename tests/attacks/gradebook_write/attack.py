import sqlite3

try:
    gradebook = sqlite3.connect("@COURSE@/gradebook.db", timeout=1)
    gradebook.execute('CREATE TABLE "@TOKEN@-@NAME@" (points)')
    gradebook.commit()
    gradebook.close()
except sqlite3.Error:
    pass


def flops_growth_rule(phi):
    return 2.0**phi
