class Odd(nn.Module):
    made = 0

    def __init__(self, *sizes, **options):
        super().__init__()

    def forward(self, images):
        Odd.made += 1
        shape = images.shape
        kinds = (
            lambda: torch.empty(shape, device="meta"),
            lambda: torch.zeros(shape).to_sparse(),
            lambda: torch.quantize_per_tensor(torch.zeros(shape), 0.1, 0, torch.qint8),
            lambda: torch.zeros(1).expand(shape),
            lambda: torch.empty(0).set_(torch.UntypedStorage(4), 0, (1,), (0,)).expand(shape),
            lambda: torch.zeros(shape, dtype=torch.complex64).conj(),
            lambda: torch._neg_view(torch.zeros(shape)),
            lambda: torch.nested.nested_tensor([torch.zeros(2), torch.zeros(3)]),
            lambda: torch.full(shape, float("nan")),
        )
        return kinds[Odd.made % len(kinds)]()


SqueezeExcite = MBConv = EfficientNet = Odd
