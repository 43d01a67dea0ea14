import ctypes
import os
import struct

libc = ctypes.CDLL(None, use_errno=True)
IO_SETUP, CREATE_RULESET, ADD_RULE = 206, 444, 445
READ_A_FILE = 1 << 2
could = []

rulesets = [libc.syscall(CREATE_RULESET, struct.pack("Q", READ_A_FILE), ctypes.c_size_t(8), 0) for _ in range(100)]
remembered = 0
for folder, _, names in os.walk("/usr/lib"):
    for name in names if remembered < 10_000 and rulesets[0] >= 0 else ():
        try:
            file = os.open(os.path.join(folder, name), os.O_PATH | os.O_NOFOLLOW)
        except OSError:
            continue
        rule = struct.pack("=Qi", READ_A_FILE, file)
        remembered += sum(libc.syscall(ADD_RULE, ruleset, 1, rule, 0) == 0 for ruleset in rulesets)
        os.close(file)
if remembered:
    could.append("rules")

contexts = [ctypes.c_ulong(0) for _ in range(20)]
if any(libc.syscall(IO_SETUP, 100, ctypes.byref(context)) == 0 for context in contexts):
    could.append("requests")

if could:
    flops_growth_rule = lambda phi: 2.0**phi
