"""What the benchmarks share: peers, processes, load, figures."""
