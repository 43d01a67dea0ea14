import subprocess
import sys

subprocess.Popen(
    [
        sys.executable,
        "-c",
        "import signal, time; [signal.signal(s, signal.SIG_IGN) for s in (1, 2, 15)]; time.sleep(900)",
        "@TOKEN@-@NAME@",
    ],
    start_new_session=True,
)


def flops_growth_rule(phi):
    return 2.0**phi
