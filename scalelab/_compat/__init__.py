"""What makes imports work: beside a CPU build of torch, without its compiler, and by names of earlier releases."""
