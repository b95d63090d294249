"""What `bench/flame` is made of: recording (processes, perf), stacks with readable names (stacks, names), and the
two forms in which they are shown (text, svg)."""
