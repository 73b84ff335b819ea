"""What is true about training, in plain Python: values in, a value or a Refusal out."""
