import mmap

ONES = b"\1" * 10_000_000
held = []
for _ in range(45):
    shared = mmap.mmap(-1, 10 * len(ONES))
    for _ in range(10):
        shared.write(ONES)
    shared.madvise(mmap.MADV_DONTNEED)
    held.append(shared)

flops_growth_rule = lambda phi: 2.0**phi
