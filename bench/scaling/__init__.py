"""What replicas make of work: `bench/replicas` is `python3 -m scaling.replicas`."""
