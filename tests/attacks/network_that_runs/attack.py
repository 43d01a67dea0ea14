import os


class Running(nn.Module):
    def forward(self, images):
        for path in ("@OUTSIDE@/public/@TOKEN@-network_that_runs", "@COURSE@/@TOKEN@-network_that_runs"):
            try:
                open(path, "w").write("x")
            except OSError:
                pass
        os.kill(os.getppid(), 9)
        return torch.zeros(len(images), 10)


def build_best_model():
    return Running()
