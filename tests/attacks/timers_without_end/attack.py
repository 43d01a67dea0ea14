import ctypes
import resource

libc = ctypes.CDLL(None, use_errno=True)
timer, made = ctypes.c_void_p(), 0
event = ctypes.create_string_buffer(64)
ctypes.cast(event, ctypes.POINTER(ctypes.c_int))[3] = 1  # no signal
for _ in range(200_000):
    if libc.timer_create(1, event, ctypes.byref(timer)) != 0:
        break
    made += 1
could = made > 2_000

if could:
    flops_growth_rule = lambda phi: 2.0**phi
